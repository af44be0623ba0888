"""The features that the judge looks at: about 450 numbers of musical meaning from a piece's notes.

Nothing in them knows the tempo, the loudness, the tracks, the absolute height or the length of a piece: notes are put on a grid,
pitch classes are counted from the tonic, and every number is a share, a mean or an entropy.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from judge.articulation import written
from judge.constants import FEATURE_DECIMALS, KEY_SPREAD, LEAST_DOUBT, UNITS
from judge.counterpoint import counterpoint
from judge.grid import Floats, Ints, to_grid
from judge.harmony import harmony
from judge.keys import Key, find_keys
from judge.melody import melody, top_and_bass
from judge.ornaments import plain
from judge.pace import pace
from judge.phrases import WORDS, Words, phrases
from judge.pitch import pitch_classes
from judge.repetition import repetition
from judge.rhythm import rhythm
from judge.table import Features, entropy
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
    texture: Texture

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


def _tonality(voices: Texture, key: Key, shares: Floats) -> Features:
    struck = pitch_classes(voices.tone, np.ones(len(voices.tone)), key.tonic)
    on_beat = voices.onset % UNITS == 0
    strong = pitch_classes(voices.tone[on_beat], _weights(voices)[on_beat], key.tonic) if on_beat.any() else shares
    found: Features = [(f"degree.{i}", value) for i, value in enumerate(shares.tolist())]
    found += [(f"degree_struck.{i}", value) for i, value in enumerate(struck.tolist())]
    found += [(f"degree_strong.{i}", value) for i, value in enumerate(strong.tolist())]
    scale = [0, 2, 3, 5, 7, 8, 10, 11] if key.mode else [0, 2, 4, 5, 7, 9, 11]
    found += [
        ("key.minor", float(key.mode)),
        ("key.fit", key.fit),
        ("key.lead", key.lead),
        ("key.chromatic", 1.0 - float(struck[scale].sum())),
        ("key.entropy", entropy(shares)),
        ("key.used", float((struck > 0).sum())),
    ]
    return found


def _table(voices: Texture, key: Key, shares: Floats, lines: tuple[Ints, Ints]) -> Features:
    """What depends on the key."""
    found = _tonality(voices, key, shares)
    found += melody(voices, *lines, key.tonic)
    return found + harmony(voices, key.tonic)


def _rest(voices: Texture, tonic: int, lines: tuple[Ints, Ints]) -> Features:
    """What does not."""
    return counterpoint(voices) + rhythm(voices, *lines) + repetition(voices) + pace(voices, tonic)


def _row(found: Features) -> NDArray[np.float32]:
    return np.round(np.array([value for _, value in found]), FEATURE_DECIMALS).astype(np.float32)


def doubt(key: Key) -> float:
    """Weight of the second-likeliest key, 0-0.5, by the lead of the likeliest; 0 where it is far behind."""
    weight = 1 / (1 + float(np.exp(min(50.0, key.lead / KEY_SPREAD))))
    return weight if weight >= LEAST_DOUBT else 0.0


def analyse(onset: Floats, duration: Floats, pitch: NDArray[np.integer]) -> Analysis:
    """Features of at least one note; onsets and durations in quarter notes, pitches as MIDI numbers, sorted by onset."""
    voices = texture(to_grid(*plain(onset, written(duration), pitch)))
    counts = pitch_classes(voices.tone, _weights(voices))
    key, other = find_keys(counts)
    lines = top_and_bass(voices)
    rest = _rest(voices, key.tonic, lines)
    second = doubt(key)
    readings = []
    for reading, weight in ((key, 1 - second), (other, second)):
        if weight:
            table = _table(voices, reading, np.roll(counts, -reading.tonic), lines)
            readings.append(Reading(_row(table + rest), phrases(voices, reading.tonic), reading, weight))
    return Analysis(tuple(readings), np.roll(counts, -key.tonic), voices)


@cache
def places() -> dict[str, int]:
    """Where each feature stands, by its name."""
    return {name: place for place, name in enumerate(names())}


@cache
def names() -> tuple[str, ...]:
    """The features' names, in order."""
    voices = texture(to_grid(np.zeros(1), np.ones(1), np.array([60])))
    key, _ = find_keys(pitch_classes(voices.tone, _weights(voices)))
    lines = top_and_bass(voices)
    table = _table(voices, key, pitch_classes(voices.tone, _weights(voices), key.tonic), lines)
    return tuple(name for name, _ in table + _rest(voices, key.tonic, lines))
