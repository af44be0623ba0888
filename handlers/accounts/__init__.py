"""Lab accounts in Slack: listeners, parsing, views and drawn letters."""
