"""Compositions for tests, written by code."""

from __future__ import annotations

from judge.writer import Score, write


def melody(seed: int = 0, bars: int = 4, title: str = "Test piece") -> bytes:
    """A melody over a bass, ``bars`` bars of 4/4, another one for each ``seed``."""
    names = ["C4", "D4", "E4", "F4", "G4", "A4", "B4", "C5"]
    walk = [(seed * 3 + index * (2 + seed % 3)) % len(names) for index in range(4 * bars)]
    upper = " ".join(f"{names[place]}:1" for place in walk)
    lower = " ".join(("C3:2", "G3:2", "F3:2", "G2:2")[(index + seed) % 4] for index in range(2 * bars))
    return write(Score(title, (4, 4), 100 + seed, (upper, lower)))
