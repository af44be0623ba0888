"""Fair scores: what a composition is worth where judges differ in leniency and nobody hears everything.

The model: ``y = round + q(entry) + b(judge) + e``, with q, b and e normal, each with a variance of its own, estimated by REML; a fair score is the
best linear unbiased prediction (BLUP) of an entry (``bot.rules.henderson`` solves for it). Judges as a calibrated panel: MacKay, Kenna, Low and Parker, "Calibration with confidence", R. Soc. Open Sci. 4 (2017) 160760.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import accumulate
from math import erfc, exp, sqrt
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from bot.rules.caveats import Caveat
from bot.rules.henderson import LOWEST, Design, Observation, reml

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from bot.rules.henderson import Indices, Matrix, Solved, Vector

__all__ = [
    "Caveat",
    "Fair",
    "FairScore",
    "Fields",
    "Leniency",
    "Observation",
    "Variances",
    "closest_to_the_cut",
    "fair",
    "panels",
]

LEVEL = 0.9
"""How surely a place lies within its range."""
DRAWS = 2_000
"""Drawn from the posterior, for places and chances: a chance of one half is then known to 1.1 hundredths (one standard error)."""
DRAWN_AT_MOST = 400_000
"""Numbers drawn: of hundreds of entries fewer draws, since somebody waits; at 400 draws a chance of one half is known to 2.5 hundredths."""


@dataclass(frozen=True)
class Variances:
    """As REML estimates them, in squared points."""

    entries: float
    judges: float
    noise: float
    """Taste and chance."""


class FairScore(NamedTuple):
    """An entry's worth, and how surely it is known."""

    entry: str
    score: float
    """On the scale of the ratings; drawn towards the mean of all, the more the fewer ratings there are."""
    error: float
    """Posterior standard deviation, in points."""
    raw: float
    """The plain mean of its ratings."""
    ratings: int
    best: int
    """The place, from 1, that it may have at best, and"""
    worst: int
    """at worst, at ``LEVEL``; 0 both, where it competes for none."""
    first: float
    """Chance of being the best of all, 0 to 1."""
    podium: float
    """Chance of being among the best three."""
    within: float
    """Chance of being within the cut that was asked for."""


class Leniency(NamedTuple):
    """By how many points a judge rates above the others (below 0: stricter), and its standard error."""

    points: float
    error: float
    ratings: int


@dataclass(frozen=True)
class Fair:
    """All that the ratings say."""

    scores: tuple[FairScore, ...]
    """Highest first; equals by key."""
    leniency: Mapping[str, Leniency]
    """By judge."""
    variances: Variances | None
    """None where there is no telling."""
    caveats: tuple[Caveat, ...]
    _posterior: _Posterior | None = field(default=None, compare=False, repr=False)

    def ahead(self, one: str, two: str) -> float:
        """The chance that the entry ``one`` is truly better than ``two``, 0 to 1; not a number where there is no telling."""
        return float("nan") if self._posterior is None else self._posterior.ahead(one, two)


Fields: TypeAlias = "Sequence[Collection[str]]"
"""Which entries compete with each other for places: those of the first field for the first places, those of the next behind all of them."""


def fair(  # noqa: PLR0913 - what is asked for
    observations: Iterable[Observation],
    *,
    cut: int = 0,
    seed: int = 0,
    chances: bool = True,
    fields: Fields = (),
    before: Sequence[int] = (),
) -> Fair:
    """Fit the model and score all entries that have a rating.

    Args:
        observations: In any order, which changes nothing; at most one a judge, entry and round. Scores on any scale.
        cut: So many go on to the final; 0: nobody asks.
        seed: Of the draws from the posterior; scores and errors do not depend on it.
        chances: Whether somebody asks for places and chances, which take longer than the scores: without them every place is possible.
        fields: Who competes for places, which changes no score; an entry in none of them has no place. Left out: all with all.
        before: How many places come before each field's first. Left out: as many as the fields before it have.
    """
    # The order of rows would change sums in their last digit: equal ratings are to give equal scores.
    given = sorted(observations)
    if not given:
        return Fair((), {}, None, (Caveat.NO_RATINGS,))
    design = Design.of(given)
    competing = _Competing.of(design, fields, before)
    if np.ptp(design.score) == 0:
        return _unfitted(design, Caveat.ALL_ALIKE, competing)
    if design.rated.max() < 2 or len(given) == design.rounds:
        return _unfitted(design, Caveat.ONE_RATING_EACH, competing)
    return _fitted(design, competing, cut, seed if chances else None)


def _fitted(design: Design, competing: _Competing, cut: int, seed: int | None) -> Fair:
    at, solved = reml(design)
    p, w, times = design.rounds, len(solved.half), np.diag(design.among)
    level = float(solved.others[:p] @ times[:p] / len(design.score))
    towards = (design.crossed[:, :w] / solved.diagonal[:, None]) @ solved.half.T
    errors = np.sqrt(solved.noise * (1 / solved.diagonal + np.square(towards).sum(axis=1)))
    posterior = _Posterior({entry: row for row, entry in enumerate(design.entries)}, solved, towards)
    told = competing.every_place() if seed is None else competing.told_of(posterior, cut, seed)
    columns = (
        level + solved.entries,
        errors,
        design.raw,
        design.rated.astype(int),
        *told,
    )
    rows = zip(design.entries, *(column.tolist() for column in columns), strict=True)
    leniency = {}
    if design.has_judges:
        judged = np.sqrt(solved.noise * np.square(solved.half).sum(axis=0))
        columns = (solved.others[p:], judged[p:], times[p:].astype(int))
        found = zip(*(column.tolist() for column in columns), strict=True)
        leniency = {key: Leniency(*each) for key, each in zip(design.judges, found, strict=True)}
    of_entries, of_judges = (solved.noise * np.exp(at)).tolist()
    variances = Variances(of_entries, of_judges if design.has_judges else 0.0, solved.noise)
    return Fair(_ordered(FairScore(*row) for row in rows), leniency, variances, tuple(_caveats(design, at)), posterior)


@dataclass(frozen=True)
class _Posterior:
    """How surely each entry's worth is known, and how what is not known hangs together."""

    rows: Mapping[str, int]
    """By entry."""
    solved: Solved
    towards: Matrix
    """(s, p + j): how far each prediction follows from what is not known of rounds and judges."""

    def ahead(self, one: str, two: str) -> float:
        this, that = self.rows[one], self.rows[two]
        between = self.solved.entries[this] - self.solved.entries[that]
        own = 1 / self.solved.diagonal[this] + 1 / self.solved.diagonal[that]
        variance = self.solved.noise * (own + np.square(self.towards[this] - self.towards[that]).sum())
        return erfc(-between / sqrt(2 * variance)) / 2

    def drawn(self, draws: int, seed: int) -> Matrix:
        """(draws, s): worlds from the posterior: first rounds and judges, then each entry by itself."""
        lots = np.random.default_rng(seed)
        worth: Matrix = lots.standard_normal((draws, len(self.rows))) / np.sqrt(self.solved.diagonal)
        worth -= lots.standard_normal((draws, len(self.solved.half))) @ self.towards.T
        worth *= np.sqrt(self.solved.noise)
        worth += self.solved.entries
        return worth


@dataclass(frozen=True)
class _Competing:
    """Who competes for which places."""

    entries: int
    """All of them: s."""
    fields: tuple[tuple[int, Indices], ...]
    """How many places come before each, and the rows of its entries."""

    @classmethod
    def of(cls, design: Design, fields: Fields, before: Sequence[int]) -> _Competing:
        rows = {entry: row for row, entry in enumerate(design.entries)}
        named = [np.array(sorted(rows[each] for each in some if each in rows), dtype=np.intp) for some in fields]
        if not fields:
            return cls(len(rows), ((0, np.arange(len(rows))),))
        ahead = before or [0, *accumulate(len(some) for some in named[:-1])]
        return cls(len(rows), tuple(zip(ahead, named, strict=True)))

    def every_place(self) -> Iterable[npt.NDArray[Any]]:
        """As ``told_of``, where every place of the field is possible, and no chance is known."""
        best, worst = np.zeros(self.entries, dtype=np.intp), np.zeros(self.entries, dtype=np.intp)
        for before, rows in self.fields:
            best[rows], worst[rows] = before + 1, before + len(rows)
        return best, worst, *(np.full(self.entries, each) for each in _CHANCES)

    def told_of(self, posterior: _Posterior, cut: int, seed: int) -> Iterable[npt.NDArray[Any]]:
        """Best and worst place, chances of the first place, of the podium, and of the cut: (s,) each."""
        worth = posterior.drawn(min(DRAWS, max(200, DRAWN_AT_MOST // self.entries)), seed)
        ends = np.rint((len(worth) - 1) * np.array([1 - LEVEL, 1 + LEVEL]) / 2).astype(np.intp)
        best, worst = np.zeros(self.entries, dtype=np.intp), np.zeros(self.entries, dtype=np.intp)
        chances = np.zeros((3, self.entries))
        for before, rows in self.fields:
            places = np.empty((len(rows), len(worth)), dtype=np.int32)
            order = np.argsort(-worth[:, rows].T, axis=0)
            np.put_along_axis(places, order, np.arange(before + 1, before + len(rows) + 1, dtype=np.int32)[:, None], 0)
            places.sort(axis=1)
            best[rows], worst[rows] = (places[:, at] for at in ends)
            chances[:, rows] = [(places <= at_most).mean(axis=1) for at_most in (1, 3, cut)]
        return best, worst, *chances


def closest_to_the_cut(scores: Sequence[FairScore], cut: int, allowed: Collection[str]) -> str | None:
    """Of the allowed entries the one whose place within the cut is least sure, and best worth one more rating; None where none is allowed.

    Its posterior overlaps the cut most: the density at the cut, times its width twice over, since what is known well already gains little.
    """
    offered = [each for each in scores if each.entry in allowed]
    if not offered or not 0 < cut < len(scores):
        return min((each.entry for each in offered), default=None)
    edge = (scores[cut - 1].score + scores[cut].score) / 2
    worth = {each.entry: each.error * exp(-(((each.score - edge) / each.error) ** 2) / 2) for each in offered}
    return max(sorted(worth), key=worth.__getitem__)


def _caveats(design: Design, at: Vector) -> Iterable[Caveat]:
    if len(design.judges) == 1:
        yield Caveat.ONE_JUDGE
    if at[0] <= LOWEST[0]:
        yield Caveat.NO_DIFFERENCE
    by_judges = design.crossed[:, design.rounds :]
    if len(panels(by_judges.T @ by_judges)) > 1:
        yield Caveat.APART


def _unfitted(design: Design, caveat: Caveat, competing: _Competing) -> Fair:
    """The raw means, where nothing better can be said: every place is possible."""
    unknown = np.full(len(design.entries), float("nan"))
    columns = (design.raw, unknown, design.raw, design.rated.astype(int), *competing.every_place())
    rows = zip(design.entries, *(column.tolist() for column in columns), strict=True)
    return Fair(_ordered(FairScore(*row) for row in rows), {}, None, (caveat,))


_CHANCES = (float("nan"), float("nan"), float("nan"))


def _ordered(scores: Iterable[FairScore]) -> tuple[FairScore, ...]:
    return tuple(sorted(scores, key=lambda each: (-each.score, each.entry)))


def panels(shared: Matrix) -> list[list[int]]:
    """The judges who can be compared with each other, by way of entries that they share.

    Args:
        shared: (judges, judges): how many entries two of them share.
    """
    left, found = set(range(len(shared))), []
    while left:
        panel, new = set(), {min(left)}
        while new:
            panel |= new
            new = set(np.flatnonzero(shared[sorted(new)].any(axis=0)).tolist()) - panel
        left -= panel
        found.append(sorted(panel))
    return found
