"""Ornaments that a program or a player played out, taken back: grace notes, mordents, turns and trills become the note they adorn.

Programs play the same ornament in many ways, before the beat or on it, in 64ths or by the clock, and none of them is a voice or a
rhythm that somebody wrote. Taken back is what is faster than written music or lies off its grid; 32nds on the grid are music, but for
a mordent, a turn or a trill now and then. Notes are joined by time and pitch alone, so that all tracks may come together, or each by itself.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from judge.grid import Flags, Floats, Ints

SHORT = 0.13
"""Quarter notes that a note of an ornament lasts at most: a 32nd, however a program rounds it."""
FAST = 0.07
"""Quarter notes of a 64th: what is as fast is no written rhythm, wherever it lies."""
OFF_GRID = 0.006
"""Quarter notes from the next 32nd or triplet at which nothing is written."""
JOINED = 0.03
"""Quarter notes between the end of a note and the beginning of the next one in the same breath, at most."""
REACH = 4
"""Semitones from one note of an ornament to the next, at most."""
RUN = 4
"""Short notes in a row that are no grace notes any more, but a run, or a trill."""
LEAST = 0.25
"""Quarter notes that an adorned note lasts at least; it is no shorter than its ornament, either."""
TURNS = 0.6
"""Share of a trill's inner notes at which it turns round, at least."""
WRITTEN_TRILL = 6
"""Notes that make a trill of 32nds on the grid."""
NEIGHBOUR = 2
"""Semitones from its main note to the others of a mordent or a turn, at most."""
SELDOM = 1 / 16
"""Share of the piece that ornaments in 32nds on the grid may take; where they take more, it is made of them."""

Notes = tuple[Floats, Floats, NDArray[np.integer]]


def plain(onset: Floats, duration: Floats, pitch: NDArray[np.integer]) -> Notes:
    """The notes without ornaments: at least one, in quarter notes and MIDI pitches, sorted by onset and pitch."""
    if duration.min() > SHORT:
        return onset, duration, pitch
    played = _Played(onset, duration, pitch)
    chains = list(played.chains())
    doubtful = [chain for chain in chains if played.could_be_written(chain)]
    most = SELDOM * float((onset + duration).max() - onset.min())
    few = doubtful if sum(map(played.length, doubtful)) <= most else []
    for chain in (*filter(played.is_played, chains), *few):
        played.take_back(chain)
    return played.rest()


@dataclass(frozen=True)
class _Chain:
    """Short notes in a row, with the longer ones that they come from and lead to (-1 where there is none)."""

    notes: list[int]
    before: int
    after: int


class _Played:
    """Notes while their ornaments are taken back."""

    def __init__(self, onset: Floats, duration: Floats, pitch: NDArray[np.integer]) -> None:
        self._onset, self._end, self._pitch = onset.copy(), onset + duration, pitch.astype(np.int64)
        self._kept = np.ones(len(onset), dtype=bool)
        self._short: Flags = duration <= SHORT

    def chains(self) -> Iterator[_Chain]:
        """Each chain of short notes."""
        after = self._followers()
        inner = {following for following in after.values() if self._short[following]}
        firsts = [note for note in np.flatnonzero(self._short).tolist() if note not in inner]
        for first, before in zip(firsts, self._leaders(firsts), strict=True):
            notes = [first]
            while after.get(notes[-1]) in inner:
                notes.append(after[notes[-1]])
            yield _Chain(notes, before, after.get(notes[-1], -1))

    def _followers(self) -> dict[int, int]:
        """For short notes the note that begins where they end, the nearest; no note follows two."""
        short = np.flatnonzero(self._short)
        later = np.searchsorted(self._onset, self._onset[short], side="right")
        begins = np.maximum(later, np.searchsorted(self._onset, self._end[short] - JOINED))
        stops = np.searchsorted(self._onset, self._end[short] + JOINED, side="right")
        offers = []
        for note, begin, stop in zip(short.tolist(), begins.tolist(), stops.tolist(), strict=True):
            near, apart = self._nearest(note, np.arange(begin, stop))
            if near >= 0:
                offers.append((apart, note, near))
        before = {near: note for _, note, near in sorted(offers, reverse=True)}
        return {note: near for near, note in before.items()}

    def _leaders(self, firsts: list[int]) -> Iterator[int]:
        """For the first notes of chains the longer note that ends where they begin; -1 where there is none."""
        long = np.flatnonzero(~self._short)
        long = long[np.argsort(self._end[long], kind="stable")]
        begins = np.searchsorted(self._end[long], self._onset[firsts] - JOINED)
        stops = np.searchsorted(self._end[long], self._onset[firsts] + JOINED, side="right")
        for note, begin, stop in zip(firsts, begins.tolist(), stops.tolist(), strict=True):
            yield self._nearest(note, long[begin:stop])[0]

    def _nearest(self, note: int, others: Ints) -> tuple[int, int]:
        """The one of other notes that goes on with a short one, and how near in pitch it is; -1 where none is in reach, or of another pitch."""
        apart = np.abs(self._pitch[others] - self._pitch[note])
        inside = np.flatnonzero((apart > 0) & (apart <= REACH))
        if not len(inside):
            return -1, 0
        # A short note goes on with its like: a trill crosses what other voices begin meanwhile.
        nearest = min(inside.tolist(), key=lambda place: (not self._short[others[place]], apart[place]))
        return int(others[nearest]), int(apart[nearest])

    def length(self, chain: _Chain) -> float:
        """Quarter notes from its first note to the end of its last."""
        return float(self._end[chain.notes[-1]] - self._onset[chain.notes[0]])

    def is_played(self, chain: _Chain) -> bool:
        """Whether it is too fast to have been written, or lies where nothing is written."""
        fast = self.length(chain) / len(chain.notes) <= FAST
        return fast or any(_off_grid(float(self._onset[note])) for note in self._with_main(chain))

    def could_be_written(self, chain: _Chain) -> bool:
        """Whether it is a mordent, a turn or a trill in 32nds on the grid."""
        if self.is_played(chain):
            return False
        tones = self._pitch[chain.notes]
        if len(tones) >= RUN:
            return len(tones) >= WRITTEN_TRILL and len(np.unique(tones)) == 2
        steps = np.diff(self._pitch[self._with_main(chain)])
        around = chain.after >= 0 and bool(np.all(np.abs(tones - self._pitch[chain.after]) <= NEIGHBOUR))
        return around and bool(np.any(steps[1:] * steps[:-1] < 0))

    @staticmethod
    def _with_main(chain: _Chain) -> list[int]:
        return [*chain.notes, *([chain.after] if chain.after >= 0 else [])]

    def take_back(self, chain: _Chain) -> None:
        """Leave the note that was adorned, as long as with its ornament; a run stays."""
        first, last, before, after = chain.notes[0], chain.notes[-1], chain.before, chain.after
        if len(chain.notes) >= RUN:
            if self._turns(chain):
                self._pitch[first], self._end[first] = self._adorned(chain), self._end[last]
                self._kept[chain.notes[1:]] = False
        elif self._is_main(after, chain):
            self._kept[chain.notes] = False
            if _weakness(float(self._onset[first])) < _weakness(float(self._onset[after])):
                self._onset[after] = self._onset[first]
            elif before >= 0:
                self._end[before] = self._onset[after]
        elif after < 0 and self._is_main(before, chain):
            self._kept[chain.notes] = False
            self._end[before] = self._end[last]

    def _is_main(self, note: int, chain: _Chain) -> bool:
        return note >= 0 and float(self._end[note] - self._onset[note]) >= max(LEAST, self.length(chain))

    def _turns(self, chain: _Chain) -> bool:
        steps = np.diff(self._pitch[chain.notes])
        return bool(np.ptp(self._pitch[chain.notes]) <= REACH and np.mean(steps[1:] * steps[:-1] < 0) >= TURNS)

    def _adorned(self, chain: _Chain) -> int:
        """The lower of a trill's two notes: it is the upper one that adorns."""
        tones, counts = np.unique(self._pitch[chain.notes], return_counts=True)
        return int(tones[np.argsort(-counts, kind="stable")[:2]].min())

    def rest(self) -> Notes:
        """What is left, sorted by onset and pitch."""
        onset, pitch = self._onset[self._kept], self._pitch[self._kept]
        order = np.lexsort((pitch, onset))
        return onset[order], (self._end - self._onset)[self._kept][order], pitch[order]


def _weakness(time: float) -> tuple[float, ...]:
    """How far a time is from sixteenths and triplets, then from eighths, then from beats; of two times the less is where a note is due."""
    return tuple(round(min(_apart(time, steps) for steps in grid), 2) for grid in ((4, 3), (2,), (1,)))


def _off_grid(time: float) -> bool:
    return min(_apart(time, steps) for steps in (8, 12)) > OFF_GRID


def _apart(time: float, steps: int) -> float:
    """Quarter notes to the nearest of so many steps a quarter."""
    return abs(time * steps - round(time * steps)) / steps
