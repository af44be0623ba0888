"""Fair scores: what a composition is worth where judges differ in leniency and nobody hears everything.

The model: ``y = round + q(entry) + b(judge) + e``, with q, b and e normal, each with a variance of its own, estimated by REML; a fair score is the
best linear unbiased prediction (BLUP) of an entry. Henderson's equations: C. R. Henderson, "Best linear unbiased estimation and prediction under a selection
model", Biometrics 31 (1975); judges as a calibrated panel: MacKay, Kenna, Low and Parker, "Calibration with confidence", R. Soc. Open Sci. 4 (2017) 160760.

Entries are many and judges few. The block of the entries is diagonal, so it is eliminated first: what is left to solve is as large as there are judges.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from math import exp
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

Vector: TypeAlias = npt.NDArray[np.float64]
"""(entries,), or (judges,), or (ratings,)."""
Matrix: TypeAlias = npt.NDArray[np.float64]
Indices: TypeAlias = npt.NDArray[np.intp]

LEVEL = 0.9
"""How surely a place lies within its range."""
DRAWS = 2_000
"""Drawn from the posterior, for places and chances: a chance of one half is then known to 1.1 hundredths (one standard error)."""
DRAWN_AT_MOST = 4_000_000
"""Numbers drawn: of thousands of entries fewer draws, so that they stay within 100 MB."""
_NOTHING = 1e-12
"""Squared points a rating: what is left of it where all fits to the last digit."""
_LOWEST, _HIGHEST = -14.0, 12.0
"""Of the logarithm of a variance over that of the noise: below the first it is as good as none, above the second there is as good as no noise."""


class Observation(NamedTuple):
    """One rating: who gave how much to which entry."""

    entry: str
    judge: str
    score: float
    """The weighted mean of the criteria, or one criterion alone."""
    round: str = ""
    """Rounds may differ in their level: judges are stricter in a final."""


class Caveat(StrEnum):
    """What the numbers do not allow to say."""

    NO_RATINGS = "no ratings"
    ALL_ALIKE = "all alike"
    """Every rating is the same."""
    ONE_JUDGE = "one judge"
    """Nobody can tell leniency from worth: scores are those of that judge."""
    ONE_RATING_EACH = "one rating each"
    """No entry was rated twice, so nobody can tell worth from chance: scores are the raw ones, without ranges."""
    NO_DIFFERENCE = "no difference"
    """Judges differ about each entry as much as the entries differ from each other: the order is hardly better than a lot."""
    APART = "apart"
    """Some judges share no entry with the others: comparing them rests on entries having come to them at random."""


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
    """at worst, at ``LEVEL``."""
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


def fair(observations: Iterable[Observation], *, cut: int = 0, seed: int = 0, chances: bool = True) -> Fair:
    """Fit the model and score all entries that have a rating.

    Args:
        observations: In any order, which changes nothing; at most one a judge, entry and round. Scores on any scale.
        cut: So many go on to the final; 0: nobody asks.
        seed: Of the draws from the posterior; scores and errors do not depend on it.
        chances: Whether somebody asks for places and chances, which take longer than the scores: without them every place is possible.
    """
    # The order of rows would change sums in their last digit: equal ratings are to give equal scores.
    given = sorted(observations)
    if not given:
        return Fair((), {}, None, (Caveat.NO_RATINGS,))
    design = _Design.of(given)
    if np.ptp(design.score) == 0:
        return _unfitted(design, Caveat.ALL_ALIKE)
    if len(given) == len(design.entries) or design.rated.max() < 2:
        return _unfitted(design, Caveat.ONE_RATING_EACH)
    return _fitted(design, cut, seed if chances else None)


@dataclass(frozen=True)
class _Design:
    """The ratings as numbers: n ratings of s entries by j judges in p rounds."""

    entries: tuple[str, ...]
    judges: tuple[str, ...]
    score: Vector
    """(n,)."""
    rated: Vector
    """(s,): ratings of each entry."""
    crossed: Matrix
    """(s, p + j): ratings of each entry in each round, and by each judge; X'Z and Z'Z of Henderson's equations."""
    among: Matrix
    """(p + j, p + j): the same of rounds and judges."""
    sums: Vector
    """(s,): of the scores of each entry."""
    other_sums: Vector
    """(p + j,): of each round, and of each judge."""
    rounds: int
    """p."""
    has_judges: bool
    """Whether judges can be told from what they rated."""

    @classmethod
    def of(cls, given: Sequence[Observation]) -> _Design:
        entries, entry = np.unique([each.entry for each in given], return_inverse=True)
        judges, judge = np.unique([each.judge for each in given], return_inverse=True)
        rounds, round_ = np.unique([each.round for each in given], return_inverse=True)
        score = np.array([each.score for each in given], dtype=np.float64)
        p, width = len(rounds), len(rounds) + len(judges)
        crossed, among = np.zeros((len(entries), width)), np.zeros((width, width))
        for column in (round_, p + judge):
            np.add.at(crossed, (entry, column), 1.0)
            for other in (round_, p + judge):
                np.add.at(among, (column, other), 1.0)
        other_sums = np.zeros(width)
        np.add.at(other_sums, round_, score)
        np.add.at(other_sums, p + judge, score)
        return cls(
            entries=tuple(entries.tolist()),
            judges=tuple(judges.tolist()),
            score=score,
            rated=np.bincount(entry).astype(np.float64),
            crossed=crossed,
            among=among,
            sums=np.bincount(entry, weights=score).astype(np.float64),
            other_sums=other_sums,
            rounds=p,
            has_judges=1 < len(judges) < len(given),
        )

    @property
    def raw(self) -> Vector:
        """(s,): plain means."""
        return self.sums / self.rated

    @cached_property
    def alike(self) -> tuple[_Alike, ...]:
        """The entries that were rated equally often: added up once, since the equations are solved at many ratios."""
        found = []
        for rated in np.unique(self.rated):
            rows = self.crossed[self.rated == rated]
            found.append(_Alike(rated, len(rows), rows.T @ rows, rows.T @ self.sums[self.rated == rated]))
        return tuple(found)


class _Alike(NamedTuple):
    """What Henderson's equations need of entries with the same number of ratings."""

    rated: float
    number: int
    squares: Matrix
    """(p + j, p + j)."""
    sums: Vector
    """(p + j,)."""


@dataclass(frozen=True)
class _Solved:
    """Henderson's equations at given ratios of the variances of entries and judges over that of the noise."""

    criterion: float
    """-2 times the profiled REML log-likelihood, up to a constant."""
    slope: Vector
    """(2,): its derivatives by the logarithms of the two ratios."""
    noise: float
    """The variance of the noise at which the likelihood is highest."""
    entries: Vector
    """(s,): the predictions."""
    others: Vector
    """(p + j,): the rounds' levels, and the judges' predictions."""
    diagonal: Vector
    """(s,): of the block of entries."""
    half: Matrix
    """(p + j, p + j): inverse of the lower Cholesky factor of what is left after the entries."""


def _solve(design: _Design, ratios: Vector) -> _Solved:
    of_entries, of_judges = np.exp(ratios)
    p, s, j = design.rounds, len(design.entries), len(design.judges)
    penalty = np.repeat((0.0, 1 / of_judges), (p, j))
    left, right = design.among + np.diag(penalty), design.other_sums.copy()
    for each in design.alike:
        left -= each.squares / (each.rated + 1 / of_entries)
        right -= each.sums / (each.rated + 1 / of_entries)
    if not design.has_judges:
        left, right = left[:p, :p], right[:p]
    factor = np.linalg.cholesky(left)
    half = np.linalg.inv(factor)  # as large as there are judges
    others = np.zeros(p + j)
    others[: len(right)] = half.T @ (half @ right)
    diagonal = design.rated + 1 / of_entries
    entries = (design.sums - design.crossed @ others) / diagonal
    explained = entries @ design.sums + others @ design.other_sums
    squares = max(float(design.score @ design.score - explained), _NOTHING * len(design.score))
    noise = squares / (len(design.score) - p)
    criterion = (len(design.score) - p) * np.log(squares) + s * ratios[0] + np.log(diagonal).sum()
    criterion += (len(right) - p) * ratios[1] + 2 * np.log(np.diag(factor)).sum()
    slope = np.array(
        [
            s - (_spread(design, 1 / of_entries, half) + entries @ entries / noise) / of_entries,
            (len(right) - p) - (np.square(half[:, p:]).sum() + others[p:] @ others[p:] / noise) / of_judges,
        ]
    )
    return _Solved(float(criterion), slope, noise, entries, others, diagonal, half)


def _spread(design: _Design, penalty: float, half: Matrix) -> float:
    """The variances of the predictions of all entries over that of the noise, added up."""
    total, w = 0.0, len(half)
    for each in design.alike:
        diagonal = each.rated + penalty
        total += each.number / diagonal + float(((half @ each.squares[:w, :w]) * half).sum()) / diagonal**2
    return total


def _reml(design: _Design) -> tuple[Vector, _Solved]:
    """The ratios (their logarithms) at which the criterion is least, by Newton's steps within a region of trust."""
    at = np.array([0.0, -1.0 if design.has_judges else _LOWEST])
    solved, radius = _solve(design, at), 2.0
    for _ in range(100):
        step = _step(design, at, solved, radius)
        if np.abs(step).max() < 1e-9:  # far below what 1e-6 of a score takes
            break
        tried = np.clip(at + step, _LOWEST, _HIGHEST)
        there = _solve(design, tried)
        if there.criterion > solved.criterion:
            radius = float(np.linalg.norm(step)) / 4
        else:
            at, solved, radius = tried, there, min(2 * radius, 4.0)
    return at, solved


def _step(design: _Design, at: Vector, solved: _Solved, radius: float) -> Vector:
    """Downhill, at most ``radius`` long, along those axes that do not lead over a bound."""
    outward = ((at <= _LOWEST) & (solved.slope > 0)) | ((at >= _HIGHEST) & (solved.slope < 0))
    free = np.flatnonzero(~outward & (np.array([True, design.has_judges])))
    step = np.zeros(2)
    if not len(free):
        return step
    curvature = _curvature(design, at, solved)[np.ix_(free, free)]
    slope = solved.slope[free]
    least = float(np.linalg.eigvalsh(curvature).min())
    damped = curvature + max(0.0, 1e-6 - 2 * least) * np.eye(len(free))
    step[free] = -np.linalg.solve(damped, slope)
    length = float(np.linalg.norm(step))
    return step if length <= radius else step * (radius / length)


def _curvature(design: _Design, at: Vector, solved: _Solved, by: float = 1e-5) -> Matrix:
    """(2, 2): second derivatives, by differences of the first."""
    both: Matrix = np.array([(_solve(design, at + by * each).slope - solved.slope) / by for each in np.eye(2)])
    return (both + both.T) / 2


def _fitted(design: _Design, cut: int, seed: int | None) -> Fair:
    at, solved = _reml(design)
    p, w, times = design.rounds, len(solved.half), np.diag(design.among)
    level = float(solved.others[:p] @ times[:p] / len(design.score))
    towards = (design.crossed[:, :w] / solved.diagonal[:, None]) @ solved.half.T
    errors = np.sqrt(solved.noise * (1 / solved.diagonal + np.square(towards).sum(axis=1)))
    places = None if seed is None else _places(design, solved, towards, seed)
    columns = (
        level + solved.entries,
        errors,
        design.raw,
        design.rated.astype(int),
        *_told_of(places, len(design.entries), cut),
    )
    rows = zip(design.entries, *(column.tolist() for column in columns), strict=True)
    leniency = {}
    if design.has_judges:
        judged = np.sqrt(solved.noise * np.square(solved.half).sum(axis=0))
        columns = (solved.others[p:], judged[p:], times[p:].astype(int))
        told = zip(*(column.tolist() for column in columns), strict=True)
        leniency = {key: Leniency(*each) for key, each in zip(design.judges, told, strict=True)}
    of_entries, of_judges = (solved.noise * np.exp(at)).tolist()
    variances = Variances(of_entries, of_judges if design.has_judges else 0.0, solved.noise)
    return Fair(_ordered(FairScore(*row) for row in rows), leniency, variances, tuple(_caveats(design, at)))


def _told_of(places: Indices | None, entries: int, cut: int) -> Iterable[npt.NDArray[Any]]:
    """Best and worst place, chances of the first place, of the podium, and of the cut: (s,) each."""
    if places is None:
        return (np.full(entries, each) for each in (1, entries, *_CHANCES))
    range_ = np.quantile(places, ((1 - LEVEL) / 2, (1 + LEVEL) / 2), axis=0, method="nearest")
    return (*range_, *((places <= at_most).mean(axis=0) for at_most in (1, 3, cut)))


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


def _caveats(design: _Design, at: Vector) -> Iterable[Caveat]:
    if len(design.judges) == 1:
        yield Caveat.ONE_JUDGE
    if at[0] <= _LOWEST:
        yield Caveat.NO_DIFFERENCE
    by_judges = design.crossed[:, design.rounds :]
    if len(panels(by_judges.T @ by_judges)) > 1:
        yield Caveat.APART


def _places(design: _Design, solved: _Solved, towards: Matrix, seed: int) -> Indices:
    """(draws, s): places from 1, in worlds drawn from the posterior: first rounds and judges, then each entry by itself."""
    s, draws = len(design.entries), min(DRAWS, max(200, DRAWN_AT_MOST // len(design.entries)))
    lots = np.random.default_rng(seed)
    worth = lots.standard_normal((draws, s)) / np.sqrt(solved.diagonal)
    worth -= lots.standard_normal((draws, len(solved.half))) @ towards.T
    worth *= np.sqrt(solved.noise)
    worth += solved.entries
    places = np.empty((draws, s), dtype=np.intp)
    np.put_along_axis(places, np.argsort(-worth, axis=1), np.arange(1, s + 1)[None, :], axis=1)
    return places


def _unfitted(design: _Design, caveat: Caveat) -> Fair:
    """The raw means, where nothing better can be said: every place is possible."""
    s = len(design.entries)
    raw = design.raw
    scores = [
        FairScore(key, float(raw[row]), float("nan"), float(raw[row]), int(design.rated[row]), 1, s, *_CHANCES)
        for row, key in enumerate(design.entries)
    ]
    return Fair(_ordered(scores), {}, None, (caveat,))


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
