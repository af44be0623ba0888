"""Notes that a program plays detached, as long as they were written: LilyPond's articulate.ly plays seven eighths of each.

How long a note is held is the player's; where all notes are shorter by the same share it says nothing of the music, but would let
voices be heard otherwise.
"""

import numpy as np

from judge.grid import Floats

SHORTEST = 0.8
"""Share of its written length that a note is played at least; of one that is shorter nobody could say how it was written."""
NEAR = 0.01
"""Quarter notes from a usual length at which a length is none."""
MORE = 0.5
"""Share of the notes that get a usual length by it, at least: those that were none before."""
ALIKE = 1 / 8
"""Share of the notes that are as long as each other, at least, and two of them: a player's are not."""
LENGTHS = (0.25, 1 / 3, 0.5, 2 / 3, 0.75, 1.0, 1.5, 2.0, 3.0, 4.0)
"""Written lengths of the notes of which a piece has most."""


def written(duration: Floats) -> Floats:
    """The lengths (quarter notes, at least one) as they were written, where a program shortened all by one share; else as they are."""
    _, length, counts = np.unique(np.round(duration, 3), return_inverse=True, return_counts=True)
    if counts.max() < max(2, ALIKE * len(duration)):
        return duration
    shares = float(np.mean(duration[length == np.argmax(counts)])) / np.array(LENGTHS)
    usual = {share: _usual(duration / share) for share in shares.tolist() if SHORTEST <= share < 1}
    found = max(usual, key=lambda share: usual[share], default=1.0)
    return duration / found if usual.get(found, 0.0) >= _usual(duration) + MORE else duration


def _usual(duration: Floats) -> float:
    """Share of the lengths that are usual: sixteenths and triplets, beyond a quarter eighths, beyond a half quarters."""
    steps = np.select([duration > 2 + NEAR, duration > 1 + NEAR], [1, 2], 4)
    away = [np.abs(duration * each - np.rint(duration * each)) / each for each in (steps, 3)]
    return float(np.mean((np.minimum(*away) <= NEAR) & (duration > NEAR)))
