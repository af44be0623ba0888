"""Compositions in Slack: handing in, looking after, finding them."""
