"""Pickup or tail? What the notes say of a piece that is a little longer than it may be.

MIDI has no sign for a pickup. LilyPond, abc2midi, music21, verovio and most others begin it at tick 0 under the piece's own meter, so
that eight bars with a pickup of one beat look like eight bars and one beat of a ninth. Where the bar lines really stand is heard: a bar
begins with more and longer notes, with another harmony, louder; and the last note of a piece begins on a strong beat.
"""

from dataclasses import dataclass

import numpy as np

from judge.grid import Floats, Ints

TOLERANCE = 1 / 12
"""Quarter notes within which a note is on the bar line."""
STEP = 0.25
"""Pickups are looked for in multiples of this many quarter notes."""
EARLY = 0.75
"""Quarter notes that the last note may end before its bar does: short playing, or a bar shortened for the pickup."""
SURE = 0.5
"""What the notes must say more for a pickup than for a tail."""
ONSETS, LENGTH, HARMONY, LOUDNESS, LAST = 1.0, 10.0, 2.5, 1.0, 0.5
"""Weights, after a logistic fit to windows of 500 works with known bar lines (90 % right on as many others); the last two by hand."""


@dataclass(frozen=True)
class Heard:
    """Notes by onset: `onset` and `duration` in quarter notes, `pitch` and `velocity` as MIDI numbers."""

    onset: Floats
    duration: Floats
    pitch: Ints
    velocity: Ints

    @property
    def end(self) -> float:
        """Where the last note ends."""
        return float((self.onset + self.duration).max())


def pickup_length(notes: Heard, bar: float, most: int) -> float:
    """Quarter notes of the pickup before ``most`` bars of ``bar`` quarter notes; 0.0 where the piece begins with a whole bar and has a tail."""
    over = notes.end - most * bar
    lengths = np.arange(STEP, bar / 2 + TOLERANCE, STEP)
    possible = [float(length) for length in lengths if over - TOLERANCE <= length <= over + EARLY]
    weights = {length: _weight(notes, length, bar) for length in possible}
    best = max(weights, key=lambda length: (round(weights[length], 6), -length), default=0.0)
    return best if best and weights[best] > _weight(notes, 0.0, bar) + SURE else 0.0


def _weight(notes: Heard, first: float, bar: float) -> float:
    """How much like beginnings of bars the notes sound at ``first`` and each bar later."""
    lines = np.arange(first, notes.end - TOLERANCE, bar)
    usual = float(notes.velocity.mean())
    heard = [_accent(notes, float(line), bar, usual) for line in lines]
    last = float(notes.onset.max())
    ends_well = abs((last - first + TOLERANCE) % (bar / 2) - TOLERANCE) <= TOLERANCE
    return float(np.mean(heard)) + LAST * ends_well


def _accent(notes: Heard, line: float, bar: float, usual: float) -> float:
    at = np.abs(notes.onset - line) < TOLERANCE
    if not at.any():
        return HARMONY * _harmony_changes(notes, line)
    length = float(np.minimum(notes.duration[at], bar).mean()) / bar
    loud = (float(notes.velocity[at].mean()) - usual) / 20
    number = float(np.log1p(np.count_nonzero(at)))
    return ONSETS * number + LENGTH * length + LOUDNESS * loud + HARMONY * _harmony_changes(notes, line)


def _harmony_changes(notes: Heard, line: float) -> float:
    """0 (the same pitch classes in the beat before and the beat after) to 1 (none in common)."""
    before, after = _sounding(notes, line - 1, line), _sounding(notes, line, line + 1)
    product = float(np.sqrt((before @ before) * (after @ after)))
    return 1 - float(before @ after) / product if product else 0.0


def _sounding(notes: Heard, start: float, end: float) -> Floats:
    inside = np.minimum(notes.onset + notes.duration, end) - np.maximum(notes.onset, start)
    return np.bincount(notes.pitch % 12, np.clip(inside, 0, None), 12).astype(np.float64)
