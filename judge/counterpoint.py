"""Features of voices against voices: motion, parallels, spacing, number of voices."""

from itertools import pairwise

import numpy as np

from judge.grid import Flags, Ints
from judge.laid import Features, share
from judge.voices import Texture, pairs_of

_COUNTS = ("moves", "contrary", "similar", "parallel", "oblique", "fifths", "octaves", "thirds", "fourths", "hidden")


def pair_motion(high: Ints, low: Ints, both: Flags, follows: Flags | None = None) -> dict[str, Flags]:
    """How two voices (int64[slices]) move from each slice to the next, as bool[slices - 1] by kind of motion.

    Several pairs may stand side by side: int64[slices, pairs].

    `both` says where both sound, `follows` (bool[slices - 1]) where the next slice is of the same piece. Fifths, octaves and thirds (with
    sixths) are parallel ones; `hidden` is similar motion by a leap of the upper voice into a fifth or octave.
    """
    here = both[:-1] & both[1:]
    if follows is not None:
        here &= follows if here.ndim == 1 else follows[:, None]
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


def parallel_times(texture: Texture) -> list[dict[str, Ints]]:
    """Of each piece when (grid units) any two of its voices set out in parallel "fifths" and "octaves", by kind; sorted, each time once."""
    motion, slices = _every_pair(texture), texture.slices
    time = texture.time - texture.begins[slices.of]
    found: list[dict[str, Ints]] = [{} for _ in texture.begins]
    for kind in ("fifths", "octaves"):
        there = np.flatnonzero(motion[kind].any(axis=1))
        edges = np.searchsorted(there, slices.starts).tolist()
        for piece, (begin, end) in enumerate(pairwise([*edges, len(there)])):
            found[piece][kind] = time[there[begin:end]]
    return found


def _every_pair(texture: Texture) -> dict[str, Flags]:
    first, second = pairs_of(texture.pitch.shape[1])
    there = texture.there
    both = there[:, first] & there[:, second]
    return pair_motion(texture.pitch[:, first], texture.pitch[:, second], both, texture.slices.second[1:])


def _sixths(one: Ints, two: Ints) -> Flags:
    both: Flags = ((one == 8) | (one == 9)) & ((two == 8) | (two == 9))
    return both


def _motion(texture: Texture) -> Features:
    every = _every_pair(texture)
    outer = pair_motion(texture.high, texture.low, texture.sounding >= 2, texture.slices.second[1:])
    return _shares("motion", every, texture) + _shares("outer_motion", outer, texture)


def _shares(prefix: str, motion: dict[str, Flags], texture: Texture) -> Features:
    count = dict(zip(motion, texture.slices.sums(_whole(np.array(list(motion.values())))), strict=True))
    found = [(f"{prefix}.oblique", share(count["oblique"], count["moves"] + count["oblique"]))]
    found += [
        (f"{prefix}.{kind}", share(count[kind], count["moves"])) for kind in _COUNTS if kind not in ("moves", "oblique")
    ]
    return found


def _whole(where: Flags) -> Flags:
    """The same, [kinds, slices - 1] or more, with one for the last slice, too, from which nothing moves on."""
    return np.concatenate((where, np.zeros_like(where[:, :1], shape=(len(where), 1, *where.shape[2:]))), axis=1)


def _spacing(texture: Texture) -> Features:
    there, slices = texture.there, texture.slices
    pitch = np.where(there, texture.pitch, -1)
    stacked = -np.sort(-pitch, axis=1)
    real = stacked[:, 1:] >= 0
    gaps = np.where(real, stacked[:, :-1] - stacked[:, 1:], 0)
    length = texture.length
    many = texture.sounding >= 2
    span = np.where(many, stacked[:, 0] - texture.low, 0)
    crossed = (texture.pitch[:, :-1] < texture.pitch[:, 1:]) & there[:, :-1] & there[:, 1:]
    highest = gaps[:, 0] if gaps.shape[1] else np.zeros_like(length)
    spans, tops, whole = slices.sums([span * length, highest * length, many * length])
    pairs, wide, apart = slices.sums([real, gaps > 12, gaps])
    return [
        ("spacing.outer", share(spans, whole) / 12),
        ("spacing.top_gap", share(tops, whole) / 12),
        ("spacing.mean_gap", share(apart, pairs) / 12),
        ("spacing.wide", share(wide, pairs)),
        ("spacing.crossed", share(slices.sum(crossed), slices.sum(there))),
    ]


def _density(texture: Texture) -> Features:
    sounding, slices = texture.sounding, texture.slices
    struck = texture.struck
    whole = slices.sum(texture.length)
    mean = share(slices.sum(sounding * texture.length), whole)
    spread = share(slices.sum((sounding - mean[slices.of]) ** 2 * texture.length), whole)
    changes = slices.sum(slices.second & np.append(False, sounding[1:] != sounding[:-1]))
    voices = np.bincount(texture.line, minlength=len(slices.starts) * texture.pitch.shape[1])
    voices = voices.reshape(len(slices.starts), -1)
    fewest = np.where(voices > 0, voices, voices.max()).min(axis=1)
    found = slices.histogram("voices.sounding", np.minimum(sounding, 6), 7, texture.length)
    found += slices.histogram("voices.struck", np.minimum(struck, 5), 6)
    found += [
        ("voices.mean", mean),
        ("voices.spread", np.sqrt(spread)),
        ("voices.changes", share(changes, slices.sizes - 1)),
        ("voices.together", share(slices.sum(struck), slices.sum(sounding))),
        ("voices.balance", share(fewest, voices.max(axis=1))),
    ]
    return found


def counterpoint(texture: Texture) -> Features:
    """All features of voices against voices."""
    return _motion(texture) + _spacing(texture) + _density(texture)
