"""Compositions: at the incoming, their versions, and what goes wrong with files."""
