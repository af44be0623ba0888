"""Slack's Web API as the bot's ports: people, files, messages, and what goes wrong there."""
