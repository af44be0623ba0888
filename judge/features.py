"""The features that the judge looks at: about 450 numbers of musical meaning from a piece's notes.

Nothing in them knows the tempo, the loudness, the tracks, the absolute height or the length of a piece: notes are put on a grid,
pitch classes are counted from the tonic, and every number is a share, a mean or an entropy.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from judge.articulation import written
from judge.constants import FEATURE_DECIMALS, KEY_SPREAD, LEAST_DOUBT, UNITS
from judge.counterpoint import counterpoint
from judge.grid import Floats, GridNotes, Ints, to_grid
from judge.harmony import harmony
from judge.keys import Key, find_keys
from judge.laid import Features, share
from judge.melody import Line, melody, top_and_bass
from judge.ornaments import Notes, plain
from judge.pace import pace
from judge.phrases import WORDS, Words, phrases
from judge.repetition import repetition
from judge.rhythm import rhythm
from judge.voices import Texture, texture

_LONGEST = 4 * UNITS


@dataclass(frozen=True)
class Reading:
    """A piece seen in one key, and how likely that key is (weight 0-1).

    `values` are float32[features] in the order of `names()`; `words` are the places (int64[words], ascending) and weights
    (float32[words]) of its phrases.
    """

    values: NDArray[np.float32]
    words: Words
    key: Key
    weight: float

    def bag(self) -> NDArray[np.float32]:
        """The weights of all phrases, float32[WORDS]."""
        full = np.zeros(WORDS, dtype=np.float32)
        full[self.words[0]] = self.words[1]
        return full


@dataclass(frozen=True)
class Analysis:
    """A piece seen by the judge.

    `readings` are one or two, the likeliest key first; their weights sum to 1. `pitch_classes` are float64[12] shares counted from
    the likeliest tonic, weighted by length.
    """

    readings: tuple[Reading, ...]
    pitch_classes: Floats

    @property
    def key(self) -> Key:
        """The likeliest key."""
        return self.readings[0].key

    @property
    def values(self) -> NDArray[np.float32]:
        """The features in the likeliest key."""
        return self.readings[0].values


def _weights(voices: Texture) -> Ints:
    held: Ints = np.minimum(voices.held, _LONGEST)
    return held


def _classes(tone: Ints, weight: Ints | None, of: Ints, pieces: int) -> Floats:
    """Shares of the 12 pitch classes in each piece, float64[pieces, 12]."""
    counts = np.bincount(of * 12 + tone % 12, weight, minlength=pieces * 12).reshape(pieces, 12)
    return share(counts, counts.sum(axis=1, keepdims=True))


def _from_tonic(shares: Floats, tonic: Ints) -> Floats:
    """The same shares, counted from each piece's tonic."""
    return np.take_along_axis(shares, (np.arange(12) + tonic[:, None]) % 12, 1)


_SCALES = ([0, 2, 4, 5, 7, 9, 11], [0, 2, 3, 5, 7, 8, 10, 11])


def _tonality(voices: Texture, keys: Sequence[Key], tonic: Ints, shares: Floats) -> Features:
    of, pieces = voices.notes.of, len(keys)
    struck = _from_tonic(_classes(voices.tone, None, of, pieces), tonic)
    on_beat = voices.onset % UNITS == 0
    strong = _classes(voices.tone[on_beat], _weights(voices)[on_beat], of[on_beat], pieces)
    strong = np.where(strong.any(axis=1, keepdims=True), _from_tonic(strong, tonic), shares)
    found: Features = []
    for name, rows in (("degree", shares), ("degree_struck", struck), ("degree_strong", strong)):
        found += [(f"{name}.{i}", column) for i, column in enumerate(rows.T)]
    whole = shares / shares.sum(axis=1, keepdims=True)
    found += [
        ("key.minor", np.array([float(key.mode) for key in keys])),
        ("key.fit", np.array([key.fit for key in keys])),
        ("key.lead", np.array([key.lead for key in keys])),
        (
            "key.chromatic",
            np.array([1.0 - float(row[_SCALES[key.mode]].sum()) for row, key in zip(struck, keys, strict=True)]),
        ),
        ("key.entropy", -(whole * np.log2(np.where(whole > 0, whole, 1.0))).sum(axis=1)),
        ("key.used", (struck > 0).sum(axis=1).astype(np.float64)),
    ]
    return found


def _table(voices: Texture, keys: Sequence[Key], shares: Floats, lines: tuple[Line, Line]) -> Features:
    """What depends on the key; `shares` are those of the pitch classes, from C."""
    tonic = _tonics(keys)
    found = _tonality(voices, keys, tonic, _from_tonic(shares, tonic))
    found += melody(voices, *lines, tonic)
    return found + harmony(voices, tonic)


def _rest(voices: Texture, tonic: Ints, lines: tuple[Line, Line]) -> Features:
    """What does not."""
    return counterpoint(voices) + rhythm(voices, *lines) + repetition(voices) + pace(voices, tonic)


def _tonics(keys: Sequence[Key]) -> Ints:
    return np.array([key.tonic for key in keys], dtype=np.int64)


def _rows(found: Features) -> NDArray[np.float32]:
    """float32[pieces, features]."""
    columns = np.round(np.array([values for _, values in found]), FEATURE_DECIMALS)
    return np.ascontiguousarray(columns.T, dtype=np.float32)


def doubt(key: Key) -> float:
    """Weight of the second-likeliest key, 0-0.5, by the lead of the likeliest; 0 where it is far behind."""
    weight = 1 / (1 + float(np.exp(min(50.0, key.lead / KEY_SPREAD))))
    return weight if weight >= LEAST_DOUBT else 0.0


def analyse(onset: Floats, duration: Floats, pitch: NDArray[np.integer]) -> Analysis:
    """Features of at least one note; onsets and durations in quarter notes, pitches as MIDI numbers, sorted by onset."""
    return analyse_all([(onset, duration, pitch)])[0]


def analyse_all(pieces: Sequence[Notes]) -> list[Analysis]:
    """The same of each of some pieces, to the bit, in less time than one after the other."""
    voices = texture(*(_heard(*notes) for notes in pieces))
    counts = _classes(voices.tone, _weights(voices), voices.notes.of, len(pieces))
    found = [find_keys(row) for row in counts]
    keys, doubts = [key for key, _ in found], np.array([doubt(key) for key, _ in found])
    lines, tonic = top_and_bass(voices), _tonics(keys)
    rest = _rest(voices, tonic, lines)
    rows = _rows(_table(voices, keys, counts, lines) + rest)
    words = phrases(voices, tonic)
    readings = [
        [Reading(row, bag, key, 1 - weight)]
        for row, bag, key, weight in zip(rows, words, keys, doubts.tolist(), strict=True)
    ]
    unsure = np.flatnonzero(doubts)
    for place, seen in zip(unsure.tolist(), _seconds(voices, unsure, found, counts, rest), strict=True):
        row, bag, key = seen
        readings[place].append(Reading(row, bag, key, float(doubts[place])))
    return [Analysis(tuple(seen), row) for seen, row in zip(readings, _from_tonic(counts, tonic), strict=True)]


def _seconds(
    voices: Texture, unsure: Ints, keys: Sequence[tuple[Key, Key]], counts: Floats, rest: Features
) -> Iterable[tuple[NDArray[np.float32], Words, Key]]:
    """How the pieces that could be in either of two keys are seen in the other one."""
    if not len(unsure):
        return ()
    others, those = [keys[place][1] for place in unsure.tolist()], voices.only(unsure)
    table = _table(those, others, counts[unsure], top_and_bass(those))
    rows = _rows(table + [(name, values[unsure]) for name, values in rest])
    return zip(rows, phrases(those, _tonics(others)), others, strict=True)


def _heard(onset: Floats, duration: Floats, pitch: NDArray[np.integer]) -> GridNotes:
    return to_grid(*plain(onset, written(duration), pitch))


@cache
def places() -> dict[str, int]:
    """Where each feature stands, by its name."""
    return {name: place for place, name in enumerate(names())}


@cache
def names() -> tuple[str, ...]:
    """The features' names, in order."""
    voices = texture(to_grid(np.zeros(1), np.ones(1), np.array([60])))
    counts, lines = _classes(voices.tone, None, voices.notes.of, 1), top_and_bass(voices)
    keys = [find_keys(counts[0])[0]]
    table = _table(voices, keys, counts, lines)
    return tuple(name for name, _ in table + _rest(voices, _tonics(keys), lines))
