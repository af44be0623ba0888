"""Is it copied? Finds passages that a piece shares with Bach's works, or with another submission, by fingerprints alone.

Hits that lie at the same distance in time vote for one alignment. How much an alignment weighs is told by its `evidence` (bits: rare
chains count more, and each only once) and by its `coverage` (the share of the piece's notes that lie in a hit). It flags for people
to look at, and decides nothing.
"""

import hashlib
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from judge.constants import UNITS
from judge.fingerprint import CODES, POSITION, Codes, Fingerprint, fingerprint
from judge.grid import Floats, Ints
from judge.network import WEIGHTS, BrokenWeightsError
from judge.verdict import NearestWork

INDEX_VERSION = "copies-1"


@dataclass(frozen=True)
class Threshold:
    """What is flagged: `coverage` (0-1), and `strength`, the coverage times the evidence, in bits."""

    coverage: float
    strength: float

    def met(self, coverage: float, evidence: float) -> bool:
        """Whether people should look at it."""
        return coverage >= self.coverage and coverage * evidence >= self.strength


AS_WRITTEN = Threshold(0.45, 90.0)
AT_OTHER_VALUES = Threshold(0.65, 220.0)
"""For a piece as it is written, and at other note values: looking there as well gives chance more throws, so more must be shown. Measured by
`python -m judge.training.copies`."""
WORTH_A_WORD = 0.15
"""Coverage from which a work is named at all."""

_GAP = 400
"""Positions between two works, so that no alignment touches both: more than eight bars have."""
COMMON = 120
"""Chains that the index holds more often than this are every composer's."""
_LOOKED_AT, _FEWEST_BITS = 12, 30.0
"""Alignments that are looked at closely, and the votes they need at least: two rare chains."""
_USUAL = (0.25, 0.5, 1.0, 1 / 3, 1 / 8, 1 / 6)
"""Quarter notes: what the commonest step of a piece may be."""
_FEW = 0.25
KEPT_OF_SUBMISSIONS = 6


class Notes(Protocol):
    """What is asked of a piece; `judge.midi.Performance` has it."""

    @property
    def onset(self) -> Floats:
        """float64[n], quarter notes, ascending."""

    @property
    def duration(self) -> Floats:
        """float64[n], quarter notes."""

    @property
    def pitch(self) -> NDArray[np.int16]:
        """int16[n], MIDI numbers."""

    @property
    def bar_starts(self) -> tuple[float, ...]:
        """Quarter positions of the bars' beginnings, the pickup's included."""

    @property
    def pickup(self) -> bool:
        """Whether the first of them is a pickup's."""


@dataclass(frozen=True, eq=False)
class Passage:
    """Where a piece and a work are alike.

    `notes` int64[k] are the indices of the piece's notes, in order of onset; `positions` int64[k] where the same steps begin in the
    work, counted from its beginning, and `shift` where the piece's own beginning lies there, its time taken `scale` times.
    """

    notes: Ints
    positions: Ints
    shift: float
    scale: float


@dataclass(frozen=True)
class IndexedWork:
    """A work's name, its length in positions, and its bars: (first position, positions a bar, number of the first bar) runs."""

    name: str
    length: int
    bars: tuple[tuple[float, float, int], ...]

    def bar_at(self, position: float) -> int:
        """Number of the bar that a position lies in."""
        first, long, number = max((run for run in self.bars if run[0] <= position), default=self.bars[0])
        return number + int(max(0.0, position - first) // long)


@dataclass(frozen=True, eq=False)
class Index:
    """Fingerprints of many works: `place` int32[k] (there are a million of them) sorted by code, `start` int64[codes + 1] where each code's places begin.

    `weight` float64[codes] are the bits that a hit of this code is worth; 0 for common ones.
    """

    works: tuple[IndexedWork, ...]
    first: Ints
    start: Ints
    place: NDArray[np.int32]
    weight: Floats


@dataclass(frozen=True)
class _Hits:
    """Rows of hits: the chain of the piece (index into its fingerprint), and the alignment that it votes for, ascending."""

    chain: Ints
    shift: Ints


def make_index(
    works: Sequence[IndexedWork], counts: NDArray[np.integer], codes: Codes, weight: Floats | None = None
) -> Index:
    """An index from the codes of all works in order, `counts` of them at each position. `weight`: those of a larger index."""
    first = np.cumsum([_GAP, *(work.length + _GAP for work in works)])
    at = np.concatenate(
        [
            np.zeros(0, np.int32),
            *(
                np.arange(begin, begin + work.length, dtype=np.int32)
                for begin, work in zip(first[:-1], works, strict=True)
            ),
        ]
    )
    order = np.argsort(codes, kind="stable")
    found = np.bincount(codes, minlength=CODES)
    bits = np.log2(max(2, int(first[-1])) / np.maximum(1, found))
    usual = np.where(found <= COMMON, bits, 0.0)
    start = np.concatenate([[0], np.cumsum(found)])
    return Index(tuple(works), first, start, np.repeat(at, counts)[order], usual if weight is None else weight)


def nearest(piece: Notes, index: Index, most: int = 3) -> tuple[NearestWork, ...]:
    """The works that share most with a piece, the surest first; looks for copies at other note values, too."""
    ranked = sorted(_best(piece, index).values(), key=lambda found: (-found[0].evidence, found[0].work))
    return tuple(found for found, _ in ranked if found.coverage >= WORTH_A_WORD)[:most]


def shared_with(piece: Notes, index: Index, work: str) -> Passage:
    """The passage for which `nearest` named that work. Raises KeyError where it would not."""
    return _best(piece, index)[work][1]


def _best(piece: Notes, index: Index) -> dict[str, tuple[NearestWork, Passage]]:
    """The surest alignment of each work."""
    best: dict[str, tuple[NearestWork, Passage]] = {}
    for scale in _scales(piece.onset):
        asked = fingerprint(piece.onset * scale, piece.duration * scale, piece.pitch)
        least = AS_WRITTEN if scale == 1.0 else AT_OTHER_VALUES
        for found, passage in _aligned(asked, index, _bar_of(asked, piece, scale), least):
            if found.work not in best or found.evidence > best[found.work][0].evidence:
                best[found.work] = found, replace(passage, scale=scale)
        if any(found.copied for found, _ in best.values()):
            break
    return best


def _scales(onset: Floats) -> tuple[float, ...]:
    """By what to multiply time: 1, and what brings the commonest step to a usual note value, if a copy is written slower or faster."""
    steps = np.diff(np.unique(np.round(onset, 3)))
    steps = steps[steps > 0.05]
    if not len(steps):
        return (1.0,)
    near = np.abs(np.log(steps[:, None] / steps)) < 0.06
    step = float(steps[near[int(near.sum(axis=1).argmax())]].mean())
    others = [value / step for value in _USUAL if abs(value / step - 1) > 0.02]
    return (1.0, *(scale for scale in others if 0.2 <= scale <= 5))


def _bar_of(asked: Fingerprint, piece: Notes, scale: float) -> Ints:
    """Number of the bar of each note of a fingerprint, int64[n]."""
    starts = np.array(piece.bar_starts) * (scale * UNITS)
    bars: Ints = np.searchsorted(starts, asked.onset + 1, side="right") - int(piece.pickup)
    return bars


def _hits(asked: Fingerprint, index: Index) -> _Hits:
    counts = np.where(index.weight[asked.code] > 0, np.diff(index.start)[asked.code], 0)
    chain = np.repeat(np.arange(len(asked.code)), counts)
    within = np.arange(len(chain)) - np.repeat(np.cumsum(counts) - counts, counts)
    shift = index.place[index.start[asked.code[chain]] + within] - asked.position[chain]
    order = np.argsort(shift, kind="stable")
    return _Hits(chain[order], shift[order])


def _aligned(
    asked: Fingerprint, index: Index, bar_of: Ints, enough: Threshold
) -> Iterator[tuple[NearestWork, Passage]]:
    """The best alignments; a work may have several."""
    hits = _hits(asked, index)
    if not len(hits.chain):
        return
    least = int(hits.shift[0])
    # Each chain votes once an alignment, however often a repetitive piece has it.
    ballots = np.sort((hits.shift - least) * CODES + asked.code[hits.chain])
    ballots = ballots[np.diff(ballots, prepend=-1) > 0]
    votes = np.bincount(ballots // CODES, index.weight[ballots % CODES])
    votes[:-1] += votes[1:]  # rounding to positions makes two neighbours of one alignment
    likely = np.flatnonzero(votes >= _FEWEST_BITS)
    for shift in likely[np.argsort(-votes[likely], kind="stable")][:_LOOKED_AT] + least:
        first, last = np.searchsorted(hits.shift, (shift, shift + 2))
        yield _judged(asked, index, _Hits(hits.chain[first:last], hits.shift[first:last]), bar_of, enough)


def _judged(
    asked: Fingerprint, index: Index, hits: _Hits, bar_of: Ints, enough: Threshold
) -> tuple[NearestWork, Passage]:
    """What the hits of one alignment say."""
    shared = np.unique(asked.notes[hits.chain])
    coverage = len(shared) / len(asked.onset)
    evidence = _evidence(asked, index, hits)
    shift = int(hits.shift.max())
    number = int(np.searchsorted(index.first, shift + asked.position[hits.chain].min(), side="right")) - 1
    work = index.works[min(max(number, 0), len(index.works) - 1)]
    bars = _full_bars(bar_of, shared)
    inside = shared[(bar_of[shared] >= bars[0]) & (bar_of[shared] <= bars[1])]
    begin = shift - int(index.first[number])
    there = asked.onset[inside] // POSITION + begin
    found = NearestWork(
        work=work.name,
        coverage=round(coverage, 4),
        bars_here=bars,
        bars_there=(work.bar_at(int(there.min())), work.bar_at(int(there.max()))),
        evidence=round(evidence, 1),
        copied=enough.met(coverage, evidence),
    )
    return found, Passage(shared, asked.onset[shared] // POSITION + begin, begin, 1.0)


def _evidence(asked: Fingerprint, index: Index, hits: _Hits) -> float:
    """Bits: for each note the rarest chain that begins with it, and each chain once."""
    code, once = np.unique(asked.code[hits.chain], return_index=True)
    best = np.zeros(len(asked.onset))
    np.maximum.at(best, asked.notes[hits.chain[once], 0], index.weight[code])
    return float(best.sum())


def _full_bars(bar_of: Ints, shared: Ints) -> tuple[int, int]:
    """First and last bar that share a good part of their notes."""
    least = int(bar_of.min())
    ours = np.bincount(bar_of[shared] - least, minlength=int(bar_of.max()) - least + 1)
    full = np.flatnonzero(ours >= np.maximum(1, _FEW * np.bincount(bar_of - least)))
    full = full if len(full) else np.flatnonzero(ours)
    return int(full[0]) + least, int(full[-1]) + least


def bar_runs(starts: Sequence[float], pickup: bool) -> tuple[tuple[float, float, int], ...]:
    """Bars from where they start (quarter notes, ascending): runs of equal length, in positions."""
    at = np.array(starts) * (UNITS / POSITION)
    long = np.diff(at) if len(at) > 1 else np.array([8.0])
    long = np.append(long, long[-1])
    new = np.flatnonzero(np.append(True, np.abs(np.diff(long)) > 0.01))
    return tuple((round(float(at[i]), 3), round(float(long[i]), 3), int(i) + 1 - int(pickup)) for i in new)


def keep(piece: Notes) -> bytes:
    """A submission's fingerprint, to be kept beside it and compared with later ones. From it nothing can be played."""
    found = fingerprint(piece.onset, piece.duration, piece.pitch, KEPT_OF_SUBMISSIONS)
    order = np.lexsort((found.code, found.position))
    facts = {
        "version": INDEX_VERSION,
        "bars": bar_runs(piece.bar_starts, piece.pickup),
        "position": found.position[order].tolist(),
        "code": found.code[order].tolist(),
    }
    return json.dumps(facts, separators=(",", ":")).encode()


def index_of(kept: Mapping[str, bytes], weight: Floats) -> Index:
    """An index of submissions by name; fingerprints of another version are left out. `weight`: of the shipped index."""
    works: list[IndexedWork] = []
    counts: list[Ints] = []
    codes: list[list[int]] = []
    for name, data in kept.items():
        facts = json.loads(data)
        if facts["version"] != INDEX_VERSION or not facts["code"]:
            continue
        found = np.bincount(facts["position"])
        works.append(IndexedWork(name, len(found), tuple((a, b, c) for a, b, c in facts["bars"])))
        counts.append(found)
        codes.append(facts["code"])
    every = np.array([code for each in codes for code in each], dtype=np.uint16)
    return make_index(works, np.concatenate([np.zeros(0, np.int64), *counts]), every, weight)


def load_index(folder: Path) -> Index:
    """Reads the index of Bach's works in a folder.

    Raises:
        BrokenWeightsError: where its sha256 is not the one that training wrote down.
    """
    data = (folder / f"{INDEX_VERSION}.npz").read_bytes()
    facts = json.loads((folder / f"{INDEX_VERSION}.json").read_text(encoding="utf-8"))
    if hashlib.sha256(data).hexdigest() != facts["sha256"] or facts["version"] != INDEX_VERSION:
        raise BrokenWeightsError(
            f"{INDEX_VERSION}.npz is not the file that its JSON describes. Restore both from one commit."
        )
    works = [IndexedWork(name, length, tuple((a, b, c) for a, b, c in bars)) for name, length, bars in facts["works"]]
    with np.load(io.BytesIO(data)) as columns:
        return make_index(works, columns["counts"], columns["codes"])


@cache
def shipped_index() -> Index:
    """The index that comes with the package, read at the first call of each process (about 2 MB on disk, 10 MB in memory)."""
    return load_index(WEIGHTS)
