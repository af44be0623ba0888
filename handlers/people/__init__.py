"""Home, help, announcements, newcomers in Slack."""
