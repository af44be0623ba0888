"""Slack's dictionaries of one topic each, parsed at the door; what they share is in ``handlers.payloads``."""
