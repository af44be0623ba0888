"""Leaderboards, the end of a contest, and what authors are told."""
