"""A room of its own: asks a real Slack what no document settles, with a person who presses and looks, and says where the sandbox differs."""
