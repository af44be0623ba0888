"""Edges: everything that knows Slack. Listeners translate a payload to one use case and its result to one view."""
