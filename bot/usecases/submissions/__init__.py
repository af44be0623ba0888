"""Compositions: at the door, their versions, and what goes wrong with files."""
