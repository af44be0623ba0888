"""Features of time: note lengths, places in the beat, syncopation, motoric flow."""

import numpy as np

from judge.constants import UNITS
from judge.grid import Ints, different, steps
from judge.table import Features, among, entropy_of, histogram, recurrence, share
from judge.voices import Texture

# Upper ends of the classes of length in grid units: 32nd, 16th triplet, 16th, triplet, 8th, ... longer than a whole note.
_ENDS = np.array([3, 5, 6, 9, 12, 17, 18, 24, 36, 48, 72, 96])
_LENGTHS = len(_ENDS) + 1
_LAGS = np.array([3, 4, 6, 8, 12, 18, 24, 36, 48, 72, 96])


def length_class(units: Ints) -> Ints:
    """Class 0-12 of lengths in grid units."""
    classes: Ints = np.searchsorted(_ENDS, units, side="left").astype(np.int64)
    return classes


def _place(time: Ints) -> Ints:
    """0 beat, 1 half, 2 and 3 first and last 16th, 4 triplet, 5 elsewhere."""
    places = np.full(UNITS, 5)
    places[[0, 12, 6, 18, 8, 16]] = [0, 1, 2, 3, 4, 4]
    placed: Ints = places[time % UNITS]
    return placed


def _flow(prefix: str, onset: Ints) -> Features:
    gap = length_class(steps(onset))
    pairs = gap[:-1] * _LENGTHS + gap[1:]
    same = np.count_nonzero(gap[1:] == gap[:-1])
    dotted = np.count_nonzero((gap[:-1] >= 6) & (gap[1:] <= 4) & (gap[:-1] - gap[1:] >= 3))
    return [
        *histogram(f"{prefix}.gap", gap, _LENGTHS),
        (f"{prefix}.gap_entropy", entropy_of(gap)),
        (f"{prefix}.gap_pair_entropy", entropy_of(pairs)),
        (f"{prefix}.steady", share(same, len(gap) - 1)),
        (f"{prefix}.dotted", share(dotted, len(gap) - 1)),
        (f"{prefix}.recurring", recurrence(pairs[:-1] * _LENGTHS + gap[2:]) if len(gap) > 2 else 0.0),
    ]


def _within_voices(texture: Texture) -> Features:
    order = texture.by_voice
    joined = texture.joined
    gap = steps(texture.onset[order])[joined]
    begin = texture.onset[order][:-1][joined]
    classes = length_class(gap)
    off = begin % UNITS != 0
    over = (begin % UNITS) + gap > UNITS
    two = np.flatnonzero(joined[:-1] & joined[1:])
    every = length_class(np.maximum(steps(texture.onset[order]), 0))
    return [
        *histogram("voice.gap", classes, _LENGTHS),
        ("voice.gap_entropy", entropy_of(classes)),
        ("voice.gap_pair_entropy", entropy_of(every[two] * _LENGTHS + every[two + 1])),
        ("voice.syncopated", share(np.count_nonzero(off & over), len(gap))),
        ("voice.tied_over", share(np.count_nonzero(over & ~off & (gap > UNITS)), len(gap))),
    ]


def _periods(attacks: Ints, time: Ints) -> Features:
    """How much of the attacks falls again on attacks after a lag: the pulse."""
    total = int(attacks.sum())
    earlier = time - _LAGS[:, None]
    again = (attacks * among(earlier, time)).sum(axis=1).tolist()
    inside = (attacks * (earlier >= time[0])).sum(axis=1).tolist()
    return [
        (f"pulse.{lag}", share(came, possible or total))
        for lag, came, possible in zip(_LAGS.tolist(), again, inside, strict=True)
    ]


def rhythm(texture: Texture, top: Ints, bass: Ints) -> Features:
    """All features of time; `top` and `bass` are note indices."""
    time = texture.time
    attacks = texture.attack.sum(axis=1)
    beats = max(1.0, float(time[-1] + texture.length[-1] - time[0]) / UNITS)
    place = _place(time)
    filled = np.count_nonzero(time % 6 == 0) / (beats * 4)
    found = histogram("place", place, 6) + histogram("place_struck", place, 6, attacks)
    found += (
        _flow("all", time)
        + _flow("top_rhythm", different(texture.onset[top]))
        + _flow("bass_rhythm", different(texture.onset[bass]))
    )
    found += _within_voices(texture) + _periods(attacks, time)
    found += [
        ("rhythm.sixteenths_filled", min(1.0, filled)),
        ("rhythm.notes_a_beat", float(attacks.sum()) / beats),
        ("rhythm.onsets_a_beat", len(time) / beats),
        ("rhythm.bass_share", share(len(bass), len(top) + len(bass))),
        ("rhythm.beats_struck", share(np.count_nonzero(time % UNITS == 0), beats)),
    ]
    return found
