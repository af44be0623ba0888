"""Henderson's equations of fair scores: solved at given variances, and the variances at which the restricted likelihood is highest (REML).

C. R. Henderson, "Best linear unbiased estimation and prediction under a selection model", Biometrics 31 (1975).

Entries are many and judges few. The block of the entries is diagonal, so it is eliminated first: what is left to solve is as large as there are judges.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from collections.abc import Sequence

Vector: TypeAlias = npt.NDArray[np.float64]
"""(entries,), or (judges,), or (ratings,)."""
Matrix: TypeAlias = npt.NDArray[np.float64]
Indices: TypeAlias = npt.NDArray[np.intp]

LEAST = 0.05
"""The variance of the entries over that of the noise is taken to be this at least. Where REML finds less, or none, which happens where ratings are few,
all would be drawn together into one score, and places would go by digits that nobody reads."""
_NOTHING = 1e-12
"""Squared points a rating: what is left of it where all fits to the last digit."""
LOWEST, HIGHEST = np.array([np.log(LEAST), -14.0]), 12.0
"""Of the logarithm of the variances of entries and judges over that of the noise: at the second judges do not differ, above the last there is as good as no noise."""


class Observation(NamedTuple):
    """One rating: who gave how much to which entry."""

    entry: str
    judge: str
    score: float
    """The weighted mean of the criteria, or one criterion alone."""
    round: str = ""
    """Rounds may differ in their level: judges are stricter in a final."""


def _numbered(names: Sequence[str]) -> tuple[tuple[str, ...], Indices]:
    """Those that there are, in order, and the number of each."""
    known = tuple(sorted(set(names)))
    numbers = {name: number for number, name in enumerate(known)}
    return known, np.array([numbers[name] for name in names], dtype=np.intp)


@dataclass(frozen=True)
class Design:
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
    def of(cls, given: Sequence[Observation]) -> Design:
        """The ratings in this order."""
        entries, entry = _numbered([each.entry for each in given])
        judges, judge = _numbered([each.judge for each in given])
        rounds, round_ = _numbered([each.round for each in given])
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
            entries=entries,
            judges=judges,
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
class Solved:
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


def _solve(design: Design, ratios: Vector) -> Solved:
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
    return Solved(float(criterion), slope, noise, entries, others, diagonal, half)


def _spread(design: Design, penalty: float, half: Matrix) -> float:
    """The variances of the predictions of all entries over that of the noise, added up."""
    total, w = 0.0, len(half)
    for each in design.alike:
        diagonal = each.rated + penalty
        total += each.number / diagonal + float(((half @ each.squares[:w, :w]) * half).sum()) / diagonal**2
    return total


def reml(design: Design) -> tuple[Vector, Solved]:
    """The ratios (their logarithms) at which the criterion is least, by Newton's steps within a region of trust."""
    at = np.array([0.0, -1.0 if design.has_judges else LOWEST[1]])
    solved, radius = _solve(design, at), 2.0
    for _ in range(100):
        step = _step(design, at, solved, radius)
        if np.abs(step).max() < 1e-9:  # far below what 1e-6 of a score takes
            break
        tried = np.clip(at + step, LOWEST, HIGHEST)
        there = _solve(design, tried)
        if there.criterion > solved.criterion:
            radius = float(np.linalg.norm(step)) / 4
        else:
            at, solved, radius = tried, there, min(2 * radius, 4.0)
    return at, solved


def _step(design: Design, at: Vector, solved: Solved, radius: float) -> Vector:
    """Downhill, at most ``radius`` long, along those axes that do not lead over a bound."""
    outward = ((at <= LOWEST) & (solved.slope > 0)) | ((at >= HIGHEST) & (solved.slope < 0))
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


def _curvature(design: Design, at: Vector, solved: Solved, by: float = 1e-5) -> Matrix:
    """(2, 2): second derivatives, by differences of the first."""
    both: Matrix = np.array([(_solve(design, at + by * each).slope - solved.slope) / by for each in np.eye(2)])
    return (both + both.T) / 2
