"""The key-normalised piano roll: what the network hears beside the features."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from judge.constants import UNITS
from judge.grid import Ints
from judge.voices import Texture

STEPS_A_BEAT: Final = 12
BEATS: Final = 32
STEPS: Final = BEATS * STEPS_A_BEAT
HEIGHT: Final = 60
"""Semitones around the piece's middle; what lies beyond comes in by octaves."""
CHANNELS: Final = 2 * HEIGHT
"""Onsets of each height, then sustained notes."""

_UNITS_A_STEP: Final = UNITS // STEPS_A_BEAT
_SAME: Final = 0.5


def heights(tone: Ints, held: Ints, tonic: int) -> Ints:
    """Rows 0-59: semitones from the tonic that lies nearest below the piece's middle, 30 above the lowest row."""
    middle = float((tone * held).sum()) / float(held.sum())
    anchor = tonic + 12 * int(np.floor((middle - tonic + _SAME) / 12))
    row = tone - anchor + 24
    row = np.where(row < 0, row % 12, row)
    inside: Ints = np.where(row >= HEIGHT, HEIGHT - 12 + row % 12, row)
    return inside


def windows(end: int) -> list[tuple[int, int]]:
    """Where the 32-beat windows of a piece of `end` steps begin, and after how many steps it comes again: one or two windows."""
    length = -(-end // STEPS_A_BEAT) * STEPS_A_BEAT
    if length <= STEPS:
        return [(0, length)]
    return [(0, length), (length - STEPS, length)]


def cells(texture: Texture, tonic: int) -> list[NDArray[np.int64]]:
    """The filled cells of each window's roll, as indices into channels * STEPS; short pieces come again until 32 beats are full."""
    row = heights(texture.tone, texture.held, tonic)
    first = int(texture.onset.min()) // UNITS * UNITS
    begin = (texture.onset - first) // _UNITS_A_STEP
    until = np.maximum(begin + 1, -(-(texture.onset - first + texture.held) // _UNITS_A_STEP))
    found = []
    for start, length in windows(int(until.max())):
        turns = 1 if start else -(-STEPS // length)
        parts = []
        for turn in range(turns):
            shift = turn * length - start
            for channel, at, to in ((0, begin, begin + 1), (HEIGHT, begin, until)):
                parts.append(_cells(row + channel, np.maximum(0, at + shift), np.minimum(STEPS, to + shift)))
        found.append(np.unique(np.concatenate(parts)))
    return found


def _cells(row: Ints, begin: Ints, end: Ints) -> Ints:
    count = np.maximum(0, end - begin)
    which = np.repeat(np.arange(len(row)), count)
    inside = np.arange(len(which)) - np.repeat(np.cumsum(count) - count, count)
    filled: Ints = row[which] * STEPS + begin[which] + inside
    return filled
