"""Contests: their beginning, changes, phases, and the people who run them."""
