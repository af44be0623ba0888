"""Trails, exports and erasures in Slack."""
