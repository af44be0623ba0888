"""The features that the judge looks at: about 380 numbers of musical meaning from a piece's notes.

Nothing in them knows the tempo, the loudness, the tracks, the absolute height or the length of a piece: notes are put on a grid,
pitch classes are counted from the tonic, and every number is a share, a mean or an entropy.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from judge.constants import FEATURE_DECIMALS, UNITS
from judge.counterpoint import counterpoint
from judge.grid import Floats, Ints, to_grid
from judge.harmony import harmony
from judge.keys import Key, find_key
from judge.melody import melody, top_and_bass
from judge.pitch import pitch_classes
from judge.repetition import repetition
from judge.rhythm import rhythm
from judge.table import Features, entropy
from judge.voices import Texture, texture

_LONGEST = 4 * UNITS


@dataclass(frozen=True)
class Analysis:
    """A piece seen by the judge.

    `values` are float32[features] in the order of `names()`, `pitch_classes` float64[12] shares counted from the tonic, weighted by length.
    """

    values: NDArray[np.float32]
    key: Key
    pitch_classes: Floats
    texture: Texture


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


def _table(onset: Floats, duration: Floats, pitch: NDArray[np.integer]) -> tuple[Features, Key, Floats, Texture]:
    voices = texture(to_grid(onset, duration, pitch))
    key = find_key(pitch_classes(voices.tone, _weights(voices)))
    shares = pitch_classes(voices.tone, _weights(voices), key.tonic)
    top, bass = top_and_bass(voices)
    found = _tonality(voices, key, shares)
    found += melody(voices, top, bass, key.tonic)
    found += harmony(voices, key.tonic)
    found += counterpoint(voices)
    found += rhythm(voices, top, bass)
    found += repetition(voices)
    return found, key, shares, voices


def analyse(onset: Floats, duration: Floats, pitch: NDArray[np.integer]) -> Analysis:
    """Features of at least one note; onsets and durations in quarter notes, pitches as MIDI numbers, sorted by onset."""
    found, key, shares, voices = _table(onset, duration, pitch)
    values = np.round(np.array([value for _, value in found]), FEATURE_DECIMALS).astype(np.float32)
    return Analysis(values, key, shares, voices)


@cache
def names() -> tuple[str, ...]:
    """The features' names, in order."""
    return tuple(name for name, _ in _table(np.zeros(1), np.ones(1), np.array([60]))[0])
