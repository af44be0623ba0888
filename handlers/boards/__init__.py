"""Leaderboards, places and feedback in Slack."""
