"""Features of single lines: intervals, contour, scale degrees, recurring turns."""

from dataclasses import dataclass

import numpy as np

from judge.constants import UNITS
from judge.grid import Ints
from judge.laid import Features, Laid, before, share
from judge.voices import Texture

_BINS = np.array([0, 1, 2, 3, 4, 5, 6, 7, 8, 8, 9, 9, 10])
_LARGEST = 11


@dataclass(frozen=True, eq=False)
class Line:
    """The highest or the lowest line of each piece: its notes (indices into the texture's), in their order."""

    notes: Ints
    laid: Laid


def _classes(steps: Ints) -> Ints:
    size = np.abs(steps)
    bins: Ints = np.where(size > 12, _LARGEST, _BINS[np.minimum(size, 12)])
    return bins


def _turns(prefix: str, steps: Ints, laid: Laid) -> Features:
    """What follows what: steps that go on or turn back, leaps that are answered or not, repeated notes."""
    one, two, both = before(steps), steps, laid.third
    step_1, step_2 = (np.abs(one) <= 2) & (one != 0) & both, (np.abs(two) <= 2) & (two != 0) & both
    leap_1, leap_2 = (np.abs(one) > 2) & both, (np.abs(two) > 2) & both
    same = one * two > 0
    back = one * two < 0
    total = laid.sum(both)
    kinds = {
        "runs": step_1 & step_2 & same,
        "neighbours": step_1 & step_2 & back,
        "leap_answered": leap_1 & step_2 & back,
        "leap_followed": leap_1 & step_2 & same,
        "step_then_leap": step_1 & leap_2,
        "arpeggio": leap_1 & leap_2 & same,
        "zigzag": leap_1 & leap_2 & back,
        "returns": (one + two == 0) & (one != 0) & both,
        "repeats": (one == 0) & (two == 0) & both,
    }
    return laid.shares(prefix, kinds, total)


def _resolutions(prefix: str, degree: Ints, laid: Laid) -> Features:
    """How often the tones that pull are led where they pull."""
    at = (before(degree) == _PULLING[:, None]) & laid.second
    led = share(laid.sums(at & (degree == _PULLED_TO[:, None])), laid.sums(at))
    return [(f"{prefix}.{name}", row) for name, row in zip(_PULLS, led, strict=True)]


_PULLS = ("leading", "fourth", "dominant", "second")
_PULLING, _PULLED_TO = np.array([11, 5, 7, 2]), np.array([0, 4, 0, 0])


def _line(prefix: str, pitch: Ints, degree: Ints, laid: Laid) -> Features:
    steps = pitch - before(pitch)
    size, moved = np.where(laid.second, np.abs(steps), 0), laid.second & (steps != 0)
    codes = np.minimum(np.maximum(steps, -14), 14) + 14
    pairs = before(codes) * 30 + codes
    trigrams = before(codes, 2) * 900 + pairs
    rising, stepwise, moves, far = laid.sums([moved & (steps > 0), moved & (size <= 2), moved, size])
    found = laid.histogram(f"{prefix}.interval", _classes(steps), _LARGEST + 1, chosen=laid.second)
    found += _turns(prefix, steps, laid)
    found += [
        (f"{prefix}.up", share(rising, moves)),
        (f"{prefix}.step", share(stepwise, moves)),
        (f"{prefix}.mean_interval", share(far, laid.sizes - 1)),
        (f"{prefix}.interval_entropy", laid.entropy(codes, laid.second)),
        (f"{prefix}.pair_entropy", laid.entropy(pairs, laid.third)),
        (f"{prefix}.recurring", laid.recurrence(trigrams, laid.fourth)),
        (f"{prefix}.range", (np.maximum.reduceat(pitch, laid.starts) - np.minimum.reduceat(pitch, laid.starts)) / 12),
        (f"{prefix}.tones", laid.entropy(pitch)),
    ]
    return found + _resolutions(prefix, degree, laid)


def _line_of(texture: Texture, column: Ints) -> Line:
    """The line given by one note index a slice: each note once, silence left out."""
    sounding = column[column >= 0]
    changes = np.ones(len(sounding), dtype=bool)
    changes[1:] = sounding[1:] != sounding[:-1]
    notes = sounding[changes]
    return Line(notes, Laid(texture.notes.of[notes]))


def top_and_bass(texture: Texture) -> tuple[Line, Line]:
    """The highest and the lowest line."""
    rows = np.arange(len(texture.time))
    high = np.where(texture.there, texture.pitch, -1)
    low = np.where(texture.there, texture.pitch, 999)
    top = texture.note[rows, high.argmax(axis=1)]
    bass = texture.note[rows, low.argmin(axis=1)]
    return _line_of(texture, top), _line_of(texture, bass)


def _within_voices(texture: Texture) -> Features:
    """Intervals inside all streams together, and on which beats they leap."""
    order, joined, notes = texture.by_voice, texture.joined, texture.notes
    pitch = texture.tone[order]
    steps = pitch - before(pitch)
    onbeat = texture.onset[order] % UNITS == 0
    size = np.where(joined, np.abs(steps), 0)
    moving = size > 0
    stepwise = moving & (size <= 2)
    moves, moves_on, taken, taken_on, semitones = notes.sums(
        [
            moving,
            moving & onbeat,
            stepwise,
            stepwise & onbeat,
            size == 1,
        ]
    )
    return [
        *notes.histogram("voices.interval", _classes(steps), _LARGEST + 1, chosen=joined),
        ("voices.step", share(taken, moves)),
        ("voices.step_onbeat", share(taken_on, moves_on)),
        ("voices.step_offbeat", share(taken - taken_on, moves - moves_on)),
        ("voices.semitone", share(semitones, taken)),
    ]


def melody(texture: Texture, top: Line, bass: Line, tonic: Ints) -> Features:
    """All features of lines; `tonic` is a pitch class for each piece."""
    degree = (texture.tone - tonic[texture.notes.of]) % 12
    lines = (("top", top), ("bass", bass))
    found: Features = []
    for name, line in lines:
        found += _line(name, texture.tone[line.notes], degree[line.notes], line.laid)
    found += _within_voices(texture)
    for name, line in lines:
        found += line.laid.histogram(f"{name}.degree", degree[line.notes], 12, texture.held[line.notes])
    last = [(f"last.{n}", (degree[line.notes[line.laid.ends]] == 0).astype(np.float64)) for n, line in lines]
    return found + last
