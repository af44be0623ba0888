"""Words of music: which short turns of line, rhythm, chord and counterpoint occur, as a hashed bag."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from judge.constants import UNITS
from judge.grid import Flags, Ints, new, numbered, once
from judge.laid import before, lengths
from judge.rhythm import length_class
from judge.voices import Texture

WORDS: Final = 16384
"""Size of the bag; several words may share a place."""
_STEP: Final = 13
_NEAR: Final = 8
Words = tuple[Ints, NDArray[np.float32]]
"""Places in the bag and their weights."""


@dataclass(frozen=True, eq=False)
class _Word:
    """A kind of word: the pieces that have it, and its occurrences there, as columns of numbers -64 to 2^20."""

    kind: int
    of: Ints
    columns: tuple[Ints, ...]


def _hashed(words: Sequence[_Word]) -> Ints:
    """Places of all words in the bag, those of the first one before those of the second: a mixing like splitmix, the same everywhere."""
    sizes = [len(word.of) for word in words]
    value = np.repeat(np.array([word.kind + 1 for word in words], dtype=np.uint64), sizes)
    for number in range(max(len(word.columns) for word in words)):
        has = np.repeat(np.array([len(word.columns) > number for word in words]), sizes)
        column = np.concatenate([word.columns[number] for word in words if len(word.columns) > number])
        mixed = ((value[has] * np.uint64(1000003)) ^ (column + 64).astype(np.uint64)) * np.uint64(0x9E3779B97F4A7C15)
        value[has] = mixed ^ (mixed >> np.uint64(29))
    place: Ints = ((value >> np.uint64(17)) % np.uint64(WORDS)).astype(np.int64)
    return place


def _those(kind: int, of: Ints, there: Flags, *columns: Ints) -> _Word:
    return _Word(kind, of[there], tuple(column[there] for column in columns))


def _near(intervals: Ints, most: int) -> Ints:
    """At most so far up or down; numpy's clip takes five times as long."""
    near: Ints = np.minimum(np.maximum(intervals, -most), most)
    return near


def _place(time: Ints) -> Ints:
    inside = time % UNITS
    place: Ints = np.where(inside == 0, 0, np.where(inside == UNITS // 2, 1, 2))
    return place


def _lines(texture: Texture, tonic: Ints) -> list[_Word]:
    """Turns inside voices; a piece of fewer than four notes has none."""
    order, notes, one = texture.by_voice, texture.notes, texture.joined
    one = one & (notes.sizes >= _FEWEST)[notes.of]
    tone, onset, of = texture.tone[order], texture.onset[order], notes.of
    step = _near(tone - before(tone), _STEP)
    gap = length_class(np.maximum(onset - before(onset), 0))
    place, degree = _place(onset), (tone - tonic[of]) % 12
    two = one & notes.after(one)
    three = two & notes.after(two)
    place_1, place_2, place_3 = (before(place, back) for back in (1, 2, 3))
    degree_1, degree_2, step_1, step_2 = before(degree), before(degree, 2), before(step), before(step, 2)
    gap_1, gap_2 = before(gap), before(gap, 2)
    return [
        _those(0, of, two, step_1, step, place),
        _those(1, of, one, degree_1, step, place),
        _those(2, of, two, gap_1, gap, place_2),
        _those(3, of, three, step_2, step_1, step),
        _those(4, of, three, gap_2, gap_1, gap, place_3),
        _those(9, of, two, degree_2, degree_1, degree),
        _those(10, of, two, step_1, gap_1, step, gap),
        _those(11, of, one, step, gap, place_1),
    ]


_FEWEST: Final = 4


def _pair(kind: int, cells: tuple[Ints, Flags, Ints], high: Ints, low: Ints) -> list[_Word]:
    """How two lines move against each other, from the slice before to this one; several pairs may stand side by side: [slices, pairs].

    `cells` are the piece of each, whether both lines sound on there, and its place in the beat.
    """
    of, here, place = cells
    apart = (high - low) % 12
    below, above = _near(low - before(low), _NEAR), _near(high - before(high), _NEAR)
    return [
        _those(kind, of, here, before(apart), below, apart, place),
        _those(kind + 1, of, here, before(apart), below, above),
    ]


def _sounds(texture: Texture, tonic: Ints) -> list[_Word]:
    """Chords over their bass, what follows what, outer voices, neighbouring voices."""
    there, slices, low = texture.there, texture.slices, texture.low
    of, second = slices.of, slices.second
    place, sounding = _place(texture.time), texture.sounding
    above = np.bitwise_or.reduce(np.where(there, 1 << (texture.pitch - low[:, None]) % 12, 0), axis=1)
    degree = (low - tonic[of]) % 12
    found = [_Word(7, of, (above, degree, place))]
    many = sounding >= 2
    found += _pair(5, (of, many & before(many) & second, place), texture.high, low)
    attacks = np.count_nonzero(texture.attack, axis=1)
    length = length_class(texture.length)
    found.append(_those(12, of, second, before(attacks), before(sounding), attacks, before(place)))
    found.append(_those(13, of, second, before(above), (low - before(low)) % 12, above))
    found.append(_Word(14, of, (attacks, sounding, length, place)))
    beat = texture.time % UNITS == 0
    found += _beats(of[beat], above[beat], low[beat], degree[beat])
    pitch, both = texture.pitch, there[:, :-1] & there[:, 1:]
    wide_of, wide_place = (np.broadcast_to(each[:, None], both.shape) for each in (of, place))
    return found + _pair(16, (wide_of, both & before(both) & second[:, None], wide_place), pitch[:, :-1], pitch[:, 1:])


def _beats(of: Ints, above: Ints, low: Ints, degree: Ints) -> list[_Word]:
    """What follows what from beat to beat."""
    two = np.zeros(len(of), dtype=bool)
    two[1:] = of[1:] == of[:-1]
    three = two.copy()
    three[1:] &= two[:-1]
    return [
        _those(8, of, two, before(above), (low - before(low)) % 12, above),
        _those(15, of, three, before(degree, 2), before(degree), degree),
    ]


def phrases(texture: Texture, tonic: Ints) -> list[Words]:
    """Of each piece the places (int64[n], ascending, each once) and weights (float32[n]) of its words; each kind of word has the length 1."""
    words = _lines(texture, tonic) + _sounds(texture, tonic)
    of = np.concatenate([word.of for word in words])
    kind = of * len(words) + np.repeat(np.arange(len(words)), [len(word.of) for word in words])
    sizes = np.bincount(kind)
    codes = np.sort(kind * WORDS + _hashed(words))
    begins = new(codes).nonzero()[0]
    counts = lengths(begins, len(codes))
    kind, place = np.divmod(codes[begins], WORDS)
    # In the order of the kinds, as they would be added up in a bag.
    bag = kind // len(words) * WORDS + place
    order = np.argsort(bag, kind="stable")
    bag = bag[order]
    weights = np.bincount(numbered(bag), np.sqrt(counts / sizes[kind])[order]).astype(np.float32)
    bag = once(bag)
    ends = np.searchsorted(bag, np.arange(1, len(texture.notes.starts) + 1) * WORDS)
    edges = [0, *ends.tolist()]
    return [(bag[begin:end] % WORDS, weights[begin:end]) for begin, end in pairwise(edges)]
