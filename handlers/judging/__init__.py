"""The judges' way in Slack: invitations, forms, marks, lists."""
