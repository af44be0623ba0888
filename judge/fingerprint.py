"""Fingerprints of a piece: short chains of notes, hashed. What two pieces share can be found in them, and nothing can be played from them.

A chain is five notes, each with another pitch than the one before and later than it, mostly its neighbour in a voice. Its hash knows
the four steps in semitones and in time, so a transposed copy has the same hashes; a chain may leap over a note, so that one that was
deleted or added spoils only the chains through it. The hash keeps 16 bits of the many millions of chains that there could be.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from judge.constants import UNITS
from judge.grid import Floats, GridNotes, Ints, to_grid

CODES = 1 << 16
POSITION = UNITS // 2
"""Grid units of one position: hits of a copy lie at the same distance in positions, give or take one."""
KEPT, ASKED = 3, 12
"""Chains a note that a work keeps, and that a question asks for: what is left of an altered copy is among its best few."""

_HOPS = 4
_NEXT = 4
"""Successors a note is given, nearest in pitch and time first."""
_LOOK = 16
"""Notes after it among which they are looked for."""
_REACH = 14
"""Largest step in semitones."""
_SLOWER = 6.0
"""Semitones that one quarter note of waiting costs."""
_BEAM = 32
_NEVER = 1e6
_MIX = np.uint64(0x9E3779B97F4A7C15)

Codes = NDArray[np.uint16]


@dataclass(frozen=True, eq=False)
class Fingerprint:
    """The chains of a piece of n notes: `code` uint16[k], `notes` int64[k, 5] (which notes each has), `onset` int64[n] in grid units."""

    code: Codes
    notes: Ints
    onset: Ints

    @property
    def position(self) -> Ints:
        """Where each chain begins, int64[k] in positions."""
        positions: Ints = self.onset[self.notes[:, 0]] // POSITION
        return positions


def fingerprint(onset: Floats, duration: Floats, pitch: NDArray[np.integer], kept: int = ASKED) -> Fingerprint:
    """The `kept` likeliest chains of each note; onsets and durations in quarter notes, pitches as MIDI numbers, at least one note."""
    grid = to_grid(onset, duration, pitch)
    return of_grid(grid, kept)


def of_grid(grid: GridNotes, kept: int = ASKED) -> Fingerprint:
    """As `fingerprint`, for notes that are on the grid already."""
    notes, cost = _chains(grid)
    likeliest = np.argsort(cost, axis=1, kind="stable")[:, :kept]
    notes = np.take_along_axis(notes, likeliest[:, :, None], 1)
    whole = np.take_along_axis(cost, likeliest, 1) < _NEVER
    steps = np.diff(grid.pitch[notes], axis=2)
    good = whole & ~_everybodys(steps)
    chosen = notes[good]
    code = _hash(steps[good], np.diff(grid.onset[chosen], axis=1))
    return Fingerprint(code, chosen, grid.onset)


def _successors(grid: GridNotes) -> tuple[Ints, Floats]:
    """For each note its `_NEXT` nearest later notes of another pitch, int64[n, 4], and what each costs."""
    count = len(grid.onset)
    after = np.arange(count)[:, None] + np.arange(1, _LOOK + 1)
    inside = after < count
    after = np.minimum(after, count - 1)
    wait = grid.onset[after] - grid.onset[:, None]
    step = np.abs(grid.pitch[after] - grid.pitch[:, None])
    fits = inside & (wait > 0) & (step > 0) & (step <= _REACH)
    cost = np.where(fits, step + _SLOWER * wait / UNITS, _NEVER)
    nearest = np.argsort(cost, axis=1, kind="stable")[:, :_NEXT]
    return np.take_along_axis(after, nearest, 1), np.take_along_axis(cost, nearest, 1)


def _chains(grid: GridNotes) -> tuple[Ints, Floats]:
    """Chains from each note, int64[n, chains, 5], and their costs; from `_NEVER` on they do not exist."""
    after, price = _successors(grid)
    count = len(grid.onset)
    notes, cost = np.arange(count)[:, None, None], np.zeros((count, 1))
    for _ in range(_HOPS):
        if notes.shape[1] > _BEAM:
            best = np.argsort(cost, axis=1, kind="stable")[:, :_BEAM]
            notes, cost = np.take_along_axis(notes, best[:, :, None], 1), np.take_along_axis(cost, best, 1)
        last, wide = notes[:, :, -1], notes.shape[1] * _NEXT
        longer = after[last].reshape(count, wide, 1)
        cost = (cost[:, :, None] + price[last]).reshape(count, wide)
        notes = np.concatenate([np.repeat(notes, _NEXT, axis=1), longer], axis=2)
    return notes, cost


def _everybodys(steps: Ints) -> NDArray[np.bool_]:
    """Whether a chain only swings between two pitches (trills, tremolos) or is a piece of a scale: every composer has those."""
    swings = (steps[..., 0] == -steps[..., 1]) & (steps[..., 1] == -steps[..., 2])
    runs = (np.abs(steps) <= 2).all(axis=-1) & (np.abs(steps.sum(axis=-1)) == np.abs(steps).sum(axis=-1))
    found: NDArray[np.bool_] = swings | runs
    return found


def _hash(steps: Ints, waits: Ints) -> Codes:
    """16 bits of each chain's steps (semitones) and waits (grid units), both int64[k, 4]."""
    mixed = np.zeros(len(steps), dtype=np.uint64)
    for step, wait in zip(steps.T, waits.T, strict=True):
        mixed = (mixed ^ ((step + 64) * 4096 + wait).astype(np.uint64)) * _MIX
        mixed ^= mixed >> np.uint64(29)
    return (mixed >> np.uint64(48)).astype(np.uint16)
