"""Words of music: which short turns of line, rhythm, chord and counterpoint occur, as a hashed bag."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from judge.constants import UNITS
from judge.grid import Flags, Ints, steps
from judge.rhythm import length_class
from judge.voices import Texture

WORDS: Final = 16384
"""Size of the bag; several words may share a place."""
_STEP: Final = 13
_NEAR: Final = 8
Words = tuple[Ints, NDArray[np.float32]]
"""Places in the bag and their weights."""


_Word = tuple[int, tuple[Ints, ...]]
"""A kind of word, and its occurrences as columns of numbers -64 to 2^20."""


def _hashed(words: Sequence[_Word]) -> Ints:
    """Places of all words in the bag, those of the first one before those of the second: a mixing like splitmix, the same everywhere."""
    sizes = [len(columns[0]) for _, columns in words]
    value = np.repeat(np.array([kind + 1 for kind, _ in words], dtype=np.uint64), sizes)
    for number in range(max(len(columns) for _, columns in words)):
        has = np.repeat(np.array([len(columns) > number for _, columns in words]), sizes)
        column = np.concatenate([columns[number] for _, columns in words if len(columns) > number])
        mixed = ((value[has] * np.uint64(1000003)) ^ (column + 64).astype(np.uint64)) * np.uint64(0x9E3779B97F4A7C15)
        value[has] = mixed ^ (mixed >> np.uint64(29))
    place: Ints = ((value >> np.uint64(17)) % np.uint64(WORDS)).astype(np.int64)
    return place


def _those(kind: int, there: Flags, *columns: Ints) -> _Word:
    return kind, tuple(column[there] for column in columns)


def _near(intervals: Ints, most: int) -> Ints:
    """At most so far up or down; numpy's clip takes five times as long."""
    near: Ints = np.minimum(np.maximum(intervals, -most), most)
    return near


def _place(time: Ints) -> Ints:
    inside = time % UNITS
    place: Ints = np.where(inside == 0, 0, np.where(inside == UNITS // 2, 1, 2))
    return place


def _lines(texture: Texture, tonic: int) -> list[_Word]:
    """Turns inside voices."""
    order = texture.by_voice
    tone, onset = texture.tone[order], texture.onset[order]
    if len(tone) < 4:
        return []
    step = _near(steps(tone), _STEP)
    gap = length_class(np.maximum(steps(onset), 0))
    place, degree = _place(onset), (tone - tonic) % 12
    one = texture.joined
    two = one[:-1] & one[1:]
    three = two[:-1] & one[2:]
    return [
        _those(0, two, step[:-1], step[1:], place[2:]),
        _those(1, one, degree[:-1], step, place[1:]),
        _those(2, two, gap[:-1], gap[1:], place[:-2]),
        _those(3, three, step[:-2], step[1:-1], step[2:]),
        _those(4, three, gap[:-2], gap[1:-1], gap[2:], place[:-3]),
        _those(9, two, degree[:-2], degree[1:-1], degree[2:]),
        _those(10, two, step[:-1], gap[:-1], step[1:], gap[1:]),
        _those(11, one, step, gap, place[:-1]),
    ]


def _pair(kind: int, high: Ints, low: Ints, both: Flags, place: Ints) -> list[_Word]:
    """How two lines move against each other; several pairs may stand side by side: [slices, pairs]."""
    here = both[:-1] & both[1:]
    apart = (high - low) % 12
    below, above = _near(steps(low), _NEAR), _near(steps(high), _NEAR)
    return [
        _those(kind, here, apart[:-1], below, apart[1:], place[1:]),
        _those(kind + 1, here, apart[:-1], below, above),
    ]


def _sounds(texture: Texture, tonic: int) -> list[_Word]:
    """Chords over their bass, what follows what, outer voices, neighbouring voices."""
    there = texture.there
    high = texture.high
    low = texture.low
    place, sounding = _place(texture.time), texture.sounding
    above = np.bitwise_or.reduce(np.where(there, 1 << (texture.pitch - low[:, None]) % 12, 0), axis=1)
    degree = (low - tonic) % 12
    found: list[_Word] = [(7, (above, degree, place))]
    found += _pair(5, high, low, sounding >= 2, place)
    attacks = np.count_nonzero(texture.attack, axis=1)
    length = length_class(texture.length)
    found.append((12, (attacks[:-1], sounding[:-1], attacks[1:], place[:-1])))
    found.append((13, (above[:-1], steps(low) % 12, above[1:])))
    found.append((14, (attacks, sounding, length, place)))
    beat = np.flatnonzero(texture.time % UNITS == 0)
    found.append((8, (above[beat][:-1], steps(low[beat]) % 12, above[beat][1:])))
    found.append((15, (degree[beat][:-2], degree[beat][1:-1], degree[beat][2:])))
    pitch = texture.pitch
    places = np.broadcast_to(place[:, None], there[:, 1:].shape)
    return found + _pair(16, pitch[:, :-1], pitch[:, 1:], there[:, :-1] & there[:, 1:], places)


def phrases(texture: Texture, tonic: int) -> Words:
    """Places (int64[n], ascending, each once) and weights (float32[n]) of the words; each kind of word has the length 1."""
    words = [word for word in _lines(texture, tonic) + _sounds(texture, tonic) if len(word[1][0])]
    sizes = np.array([len(columns[0]) for _, columns in words])
    codes = np.sort(_hashed(words) + np.repeat(np.arange(len(words)) * WORDS, sizes))
    begins = np.flatnonzero(np.concatenate(([True], codes[1:] != codes[:-1])))
    counts = steps(np.concatenate((begins, [len(codes)])))
    kind, place = np.divmod(codes[begins], WORDS)
    weights = np.bincount(place, np.sqrt(counts / sizes[kind]), minlength=WORDS)
    places = np.flatnonzero(weights)
    return places, weights[places].astype(np.float32)
