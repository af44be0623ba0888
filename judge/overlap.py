"""Which notes two pieces have in common, note by note: for the picture that organizers compare them by.

`judge.copycheck` finds that there is a copy, by fingerprints. Here both pieces are at hand: every pair of notes votes for one
transposition and one distance in time, at a few note values.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from judge.grid import Flags
from judge.midi import Performance

SCALES = (1.0, 2.0, 0.5, 1.5, 2 / 3, 3.0, 1 / 3, 4.0, 0.25, 4 / 3, 0.75)
"""By what the time of the first piece may have to be multiplied."""
STEP = 6
"""Votes are counted in sixths of a quarter note."""
NEAR = 0.2
"""Quarter notes that two onsets of one note may lie apart."""
_SEMITONES, _FAR = 256, 1 << 20


@dataclass(frozen=True, eq=False)
class Overlap:
    """How the first piece lies upon the second: `time there = scale * time here + shift`, in quarter notes.

    `semitones` is how much higher the second one stands. `here` and `there` say which notes of each have a partner in the other.
    """

    scale: float
    shift: float
    semitones: int
    here: Flags
    there: Flags


def overlap(here: Performance, there: Performance) -> Overlap:
    """The alignment that most notes vote for; at the same note values, where others are no better."""
    return max(
        (_at(here, there, scale) for scale in SCALES), key=lambda found: (int(found.here.sum()), -abs(found.scale - 1))
    )


def _at(here: Performance, there: Performance, scale: float) -> Overlap:
    semitones, wait = _apart(here, there, scale)
    ballots = (semitones + _SEMITONES) * 2 * _FAR + np.round(wait * STEP).astype(np.int64) + _FAR
    kinds, votes = np.unique(ballots, return_counts=True)
    # A sixth may be cut in two by rounding: neighbours vote together.
    together = votes + np.where(np.append(np.diff(kinds), 0) == 1, np.append(votes[1:], 0), 0)
    won = int(kinds[int(together.argmax())])
    interval, shift = won // (2 * _FAR) - _SEMITONES, (won % (2 * _FAR) - _FAR) / STEP
    near = (semitones == interval) & (np.abs(wait - shift - 0.5 / STEP) < NEAR)
    shift = float(np.median(wait[near])) if near.any() else shift
    return Overlap(scale, shift, interval, near.any(axis=1), near.any(axis=0))


def _apart(here: Performance, there: Performance, scale: float) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """For each pair of notes, [notes here, notes there]: semitones up, and quarter notes later."""
    semitones = there.pitch.astype(np.int64)[None, :] - here.pitch.astype(np.int64)[:, None]
    return semitones, there.onset[None, :] - scale * here.onset[:, None]
