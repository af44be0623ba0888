"""Contests, their settings and their staff in Slack."""
