"""HTTP that we serve: Slack's requests, and what can be seen of the bot from outside."""
