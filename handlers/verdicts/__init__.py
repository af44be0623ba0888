"""The AI judge's verdicts in Slack."""
