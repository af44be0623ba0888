"""Notes on a grid of 1/24 quarter note, whatever the player's timing was."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from judge.constants import SNAP_GRIDS, SNAP_LAST, UNITS

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class GridNotes:
    """Notes as integers, sorted by (onset, pitch), no two alike in both.

    `onset` and `duration` are in units of 1/24 quarter note (duration at least 1), `pitch` in MIDI numbers.
    """

    onset: Ints
    duration: Ints
    pitch: Ints


def steps(values: Ints) -> Ints:
    """From each value to the next: numpy's diff, which takes longer to ask what it was given than to subtract."""
    return values[1:] - values[:-1]


def new(ordered: Ints) -> Flags:
    """Which of sorted values are not those before them, the first one among them."""
    first = np.ones(len(ordered), dtype=bool)
    first[1:] = ordered[1:] != ordered[:-1]
    return first


def once(ordered: Ints) -> Ints:
    """Each value once, of sorted ones."""
    return ordered[new(ordered)]


def different(values: Ints) -> Ints:
    """The different values, ascending: numpy's unique, which loads masked arrays first to ask whether this is one."""
    return once(np.sort(values))


def numbered(ordered: Ints) -> Ints:
    """The number of each value among the different ones, from 0, of sorted ones."""
    numbers: Ints = new(ordered).cumsum() - 1
    return numbers


def snap(onset: Floats) -> Ints:
    """Moves onsets (quarter notes) to the coarsest grid that explains all onsets of their beat.

    A player's 30 ms are taken away where a beat holds 16ths or triplets; finer beats keep their detail.
    """
    early = SNAP_GRIDS[0][1]
    beat = np.floor(onset + early).astype(np.int64)
    inside = onset - beat
    index = beat - beat.min()
    best = np.rint(inside * SNAP_LAST) / SNAP_LAST
    open_beats = np.ones(int(index.max()) + 1, dtype=bool)
    for parts, tolerance in SNAP_GRIDS:
        moved = np.rint(inside * parts) / parts
        worst = np.zeros(len(open_beats))
        np.maximum.at(worst, index, np.abs(inside - moved))
        fits = open_beats & (worst <= tolerance)
        best = np.where(fits[index], moved, best)
        open_beats &= ~fits
    snapped: Ints = np.rint((beat + best) * UNITS).astype(np.int64)
    return snapped


def _on_one_keyboard(units: Ints, length: Ints, tones: Ints) -> tuple[Ints, Ints, Ints]:
    """The same notes as one track would hold them, by the rules of ``judge.notes``: format 0 and format 1 are judged alike.

    Of one key the first that ends is the first that began, and a key that is struck again ends.
    """
    order = np.lexsort((units, tones))
    ends = units + length
    begins, ends, tones = units[order], ends[np.lexsort((ends, tones))], tones[order]
    struck_again = (steps(tones) == 0) & (steps(begins) > 0)
    ends[:-1] = np.where(struck_again, np.minimum(ends[:-1], begins[1:]), ends[:-1])
    return begins, np.maximum(1, ends - begins), tones


def to_grid(onset: Floats, duration: Floats, pitch: NDArray[np.integer]) -> GridNotes:
    """Puts at least one note (quarter notes and MIDI pitches) on the grid and merges doubled ones."""
    units = snap(onset)
    length = np.maximum(1, np.rint(duration * UNITS)).astype(np.int64)
    tones = pitch.astype(np.int64)
    units, length, tones = _on_one_keyboard(units, length, tones)
    order = np.lexsort((-length, tones, units))
    units, length, tones = units[order], length[order], tones[order]
    first = np.ones(len(units), dtype=bool)
    first[1:] = (steps(units) != 0) | (steps(tones) != 0)
    return GridNotes(units[first], length[first], tones[first])
