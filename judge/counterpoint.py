"""Features of voices against voices: motion, parallels, spacing, number of voices."""

import numpy as np
from numpy.typing import NDArray

from judge.grid import Flags, Floats, Ints
from judge.table import Features, histogram, share
from judge.voices import Texture, pairs_of

_COUNTS = ("moves", "contrary", "similar", "parallel", "oblique", "fifths", "octaves", "thirds", "fourths", "hidden")


def pair_motion(high: Ints, low: Ints, both: Flags) -> dict[str, Flags]:
    """How two voices (int64[slices]) move from each slice to the next, as bool[slices - 1] by kind of motion.

    Several pairs may stand side by side: int64[slices, pairs].

    `both` says where both sound. Fifths, octaves and thirds (with sixths) are parallel ones; `hidden` is similar motion by
    a leap of the upper voice into a fifth or octave.
    """
    here = both[:-1] & both[1:]
    up, down = high[1:] - high[:-1], low[1:] - low[:-1]
    apart = np.abs(high - low) % 12
    one, two = apart[:-1], apart[1:]
    moving = here & (up != 0) & (down != 0)
    same_way = moving & (up * down > 0)
    kept = same_way & ((one == two) | (((one == 3) | (one == 4)) & ((two == 3) | (two == 4))) | _sixths(one, two))
    perfect = (two == 0) | (two == 7)
    return {
        "moves": moving,
        "contrary": moving & (up * down < 0),
        "similar": same_way & ~kept,
        "parallel": kept,
        "oblique": here & ((up != 0) ^ (down != 0)),
        "fifths": same_way & (one == 7) & (two == 7),
        "octaves": same_way & (one == 0) & (two == 0),
        "thirds": kept & ((two == 3) | (two == 4) | (two == 8) | (two == 9)),
        "fourths": kept & (two == 5),
        "hidden": same_way & perfect & (one != two) & (np.abs(up) > 2),
    }


def parallel_times(texture: Texture) -> dict[str, Ints]:
    """When (grid units) any two voices set out in parallel "fifths" and "octaves", by kind; sorted, each time once."""
    found = _every_pair(texture)
    return {kind: texture.time[:-1][found[kind].any(axis=1)] for kind in ("fifths", "octaves")}


def _every_pair(texture: Texture) -> dict[str, Flags]:
    first, second = pairs_of(texture.pitch.shape[1])
    there = texture.there
    return pair_motion(texture.pitch[:, first], texture.pitch[:, second], there[:, first] & there[:, second])


def _sixths(one: Ints, two: Ints) -> Flags:
    both: Flags = ((one == 8) | (one == 9)) & ((two == 8) | (two == 9))
    return both


def _motion(texture: Texture) -> Features:
    total = {kind: int(np.count_nonzero(where)) for kind, where in _every_pair(texture).items()}
    outer = dict.fromkeys(_COUNTS, 0)
    for kind, where in pair_motion(texture.high, texture.low, texture.sounding >= 2).items():
        outer[kind] = int(np.count_nonzero(where))
    return _shares("motion", total) + _shares("outer_motion", outer)


def _shares(prefix: str, count: dict[str, int]) -> Features:
    any_motion = count["moves"] + count["oblique"]
    found = [(f"{prefix}.oblique", share(count["oblique"], any_motion))]
    found += [
        (f"{prefix}.{kind}", share(count[kind], count["moves"])) for kind in _COUNTS if kind not in ("moves", "oblique")
    ]
    return found


def _spacing(texture: Texture) -> Features:
    there = texture.there
    pitch = np.where(there, texture.pitch, -1)
    stacked = -np.sort(-pitch, axis=1)
    gaps = stacked[:, :-1] - stacked[:, 1:]
    real = stacked[:, 1:] >= 0
    span = stacked[:, 0] - texture.low
    many = texture.sounding >= 2
    weight = texture.length[many].astype(np.float64)
    crossed = (texture.pitch[:, :-1] < texture.pitch[:, 1:]) & there[:, :-1] & there[:, 1:]
    return [
        ("spacing.outer", _mean(span[many], weight) / 12),
        (
            "spacing.top_gap",
            _mean(gaps[real[:, 0], 0], texture.length[real[:, 0]].astype(np.float64)) / 12 if gaps.shape[1] else 0.0,
        ),
        ("spacing.mean_gap", float(gaps[real].mean()) / 12 if real.any() else 0.0),
        ("spacing.wide", share(np.count_nonzero(gaps[real] > 12), int(real.sum()))),
        ("spacing.crossed", share(int(crossed.sum()), int(there.sum()))),
    ]


def _mean(values: NDArray[np.number], weight: Floats) -> float:
    return float((values * weight).sum() / weight.sum()) if len(values) else 0.0


def _density(texture: Texture) -> Features:
    sounding = texture.sounding
    struck = texture.attack.sum(axis=1)
    weight = texture.length.astype(np.float64)
    mean = _mean(sounding, weight)
    spread = _mean((sounding - mean) ** 2, weight)
    changes = np.count_nonzero(sounding[1:] != sounding[:-1])
    found = histogram("voices.sounding", np.minimum(sounding, 6), 7, texture.length)
    found += histogram("voices.struck", np.minimum(struck, 5), 6)
    found += [
        ("voices.mean", mean),
        ("voices.spread", float(np.sqrt(spread))),
        ("voices.changes", share(changes, len(sounding) - 1)),
        ("voices.together", share(int(struck.sum()), int(sounding.sum()))),
        ("voices.balance", share(float(np.bincount(texture.voice).min()), float(np.bincount(texture.voice).max()))),
    ]
    return found


def counterpoint(texture: Texture) -> Features:
    """All features of voices against voices."""
    return _motion(texture) + _spacing(texture) + _density(texture)
