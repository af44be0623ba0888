"""Features of single lines: intervals, contour, scale degrees, recurring turns."""

import numpy as np

from judge.constants import UNITS
from judge.grid import Ints
from judge.grid import steps as between
from judge.table import Features, entropy, entropy_of, histogram, recurrence, share
from judge.voices import Texture

_BINS = np.array([0, 1, 2, 3, 4, 5, 6, 7, 8, 8, 9, 9, 10])
_LARGEST = 11


def _classes(steps: Ints) -> Ints:
    size = np.abs(steps)
    bins: Ints = np.where(size > 12, _LARGEST, _BINS[np.minimum(size, 12)])
    return bins


def _turns(prefix: str, steps: Ints) -> Features:
    """What follows what: steps that go on or turn back, leaps that are answered or not, repeated notes."""
    one, two = steps[:-1], steps[1:]
    step_1, step_2 = (np.abs(one) <= 2) & (one != 0), (np.abs(two) <= 2) & (two != 0)
    leap_1, leap_2 = np.abs(one) > 2, np.abs(two) > 2
    same = one * two > 0
    back = one * two < 0
    total = len(one)
    kinds = {
        "runs": step_1 & step_2 & same,
        "neighbours": step_1 & step_2 & back,
        "leap_answered": leap_1 & step_2 & back,
        "leap_followed": leap_1 & step_2 & same,
        "step_then_leap": step_1 & leap_2,
        "arpeggio": leap_1 & leap_2 & same,
        "zigzag": leap_1 & leap_2 & back,
        "returns": (one + two == 0) & (one != 0),
        "repeats": (one == 0) & (two == 0),
    }
    return [(f"{prefix}.{name}", share(np.count_nonzero(where), total)) for name, where in kinds.items()]


def _resolutions(prefix: str, degree: Ints) -> Features:
    """How often the tones that pull are led where they pull."""
    here, then = degree[:-1], degree[1:]
    found: Features = []
    for name, from_degree, to_degree in (("leading", 11, 0), ("fourth", 5, 4), ("dominant", 7, 0), ("second", 2, 0)):
        at = here == from_degree
        found.append((f"{prefix}.{name}", share(np.count_nonzero(at & (then == to_degree)), np.count_nonzero(at))))
    return found


def _line(prefix: str, pitch: Ints, tonic: int) -> Features:
    steps = between(pitch)
    size = np.abs(steps)
    codes = np.minimum(np.maximum(steps, -14), 14) + 14
    trigrams = codes[:-2] * 900 + codes[1:-1] * 30 + codes[2:]
    found = histogram(f"{prefix}.interval", _classes(steps), _LARGEST + 1)
    found += _turns(prefix, steps)
    found += [
        (f"{prefix}.up", share(np.count_nonzero(steps > 0), np.count_nonzero(steps != 0))),
        (f"{prefix}.step", share(np.count_nonzero((size > 0) & (size <= 2)), np.count_nonzero(steps != 0))),
        (f"{prefix}.mean_interval", float(size.mean()) if len(size) else 0.0),
        (f"{prefix}.interval_entropy", entropy_of(codes)),
        (f"{prefix}.pair_entropy", entropy_of(codes[:-1] * 30 + codes[1:])),
        (f"{prefix}.recurring", recurrence(trigrams)),
        (f"{prefix}.range", float(np.ptp(pitch)) / 12),
        (f"{prefix}.tones", entropy(np.bincount(pitch - pitch.min()))),
    ]
    return found + _resolutions(prefix, (pitch - tonic) % 12)


def _line_notes(column: Ints) -> Ints:
    """Indices of the notes of a line given by one note index a slice, each note once, silence left out."""
    sounding = column[column >= 0]
    changes = np.ones(len(sounding), dtype=bool)
    changes[1:] = sounding[1:] != sounding[:-1]
    line: Ints = sounding[changes]
    return line


def top_and_bass(texture: Texture) -> tuple[Ints, Ints]:
    """Note indices of the highest and the lowest line."""
    rows = np.arange(len(texture.time))
    high = np.where(texture.there, texture.pitch, -1)
    low = np.where(texture.there, texture.pitch, 999)
    top = texture.note[rows, high.argmax(axis=1)]
    bass = texture.note[rows, low.argmin(axis=1)]
    return _line_notes(top), _line_notes(bass)


def _within_voices(texture: Texture) -> Features:
    """Intervals inside all streams together, and on which beats they leap."""
    order = texture.by_voice
    pitch, onset = texture.tone[order], texture.onset[order]
    joined = texture.joined
    steps = between(pitch)[joined]
    onbeat = (onset[1:] % UNITS == 0)[joined]
    size = np.abs(steps)
    moving = size > 0
    stepwise = moving & (size <= 2)
    return [
        *histogram("voices.interval", _classes(steps), _LARGEST + 1),
        ("voices.step", share(np.count_nonzero(stepwise), np.count_nonzero(moving))),
        ("voices.step_onbeat", share(np.count_nonzero(stepwise & onbeat), np.count_nonzero(moving & onbeat))),
        ("voices.step_offbeat", share(np.count_nonzero(stepwise & ~onbeat), np.count_nonzero(moving & ~onbeat))),
        ("voices.semitone", share(np.count_nonzero(size == 1), np.count_nonzero(stepwise))),
    ]


def melody(texture: Texture, top: Ints, bass: Ints, tonic: int) -> Features:
    """All features of lines; `top` and `bass` are note indices, `tonic` a pitch class."""
    found = _line("top", texture.tone[top], tonic) + _line("bass", texture.tone[bass], tonic)
    found += _within_voices(texture)
    found += histogram("top.degree", (texture.tone[top] - tonic) % 12, 12, texture.held[top])
    found += histogram("bass.degree", (texture.tone[bass] - tonic) % 12, 12, texture.held[bass])
    last = [
        (f"last.{n}", float((texture.tone[line[-1]] - tonic) % 12 == 0)) for n, line in (("top", top), ("bass", bass))
    ]
    return found + last
