"""The rules of a contest, pure: no clock, no database, no Slack."""
