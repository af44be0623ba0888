"""How well judges agree, whether the order of listening matters, and how alike two orders are.

Krippendorff's alpha: Klaus Krippendorff, "Computing Krippendorff's Alpha-Reliability" (2011). None of the packages that compute it is needed for
one metric: the differences of numbers on a scale, squared.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

DRAWS = 1_000
"""Times that the compositions are drawn again, with replacement."""
LEVEL = 0.9


class Alpha(NamedTuple):
    """1: all judges say the same of each composition; 0: as well as chance; below 0: worse than that."""

    value: float
    low: float
    """Ends of a percentile interval at ``LEVEL``."""
    high: float


class Drift(NamedTuple):
    """By how many points the last that a judge hears is rated above the first, all else being equal, and its standard error."""

    points: float
    error: float

    @property
    def is_sure(self) -> bool:
        """Whether chance would do that in fewer than one of twenty contests."""
        return abs(self.points) > 1.96 * self.error


def alpha(units: Sequence[Sequence[float]], seed: int = 0) -> Alpha | None:
    """Krippendorff's alpha with the interval metric.

    Args:
        units: Of each composition what its judges gave, in points; those with fewer than two ratings say nothing.
        seed: Of the draws for the interval.

    Returns: None where there is no telling: fewer than two compositions with two ratings, or all ratings the same.
    """
    told = [each for each in units if len(each) > 1]
    if len(told) < 2:
        return None
    count = np.array([len(each) for each in told], dtype=np.float64)
    total, squares = (np.array([sum(score**power for score in each) for each in told]) for power in (1, 2))
    within = 2 * (count * squares - total**2) / (count - 1)
    columns = np.stack([within, count, total, squares], axis=1)
    found = _alpha(columns.sum(axis=0)[None])
    if np.isnan(found[0]):
        return None
    lots = np.random.default_rng(seed).integers(0, len(told), (DRAWS, len(told)))
    drawn = _alpha(columns[lots].sum(axis=1))
    low, high = np.nanquantile(drawn, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return Alpha(float(found[0]), float(low), float(high))


def _alpha(sums: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """(n,) of (n, 4): sums of the differences within, of the numbers of ratings, of the ratings and of their squares."""
    within, count, total, squares = sums.T
    expected = 2 * (count * squares - total**2) / (count - 1)
    # What sums of equal numbers leave is no difference.
    known = expected > 1e-9 * np.maximum(squares, 1)
    alphas: npt.NDArray[np.float64] = 1 - np.divide(within, expected, out=np.full(len(sums), np.nan), where=known)
    return alphas


def drift(heard: Sequence[tuple[float, float]]) -> Drift | None:
    """The slope through (when it was heard, what it got): from 0, a judge's first, to 1, the last; and points above what would be expected.

    Returns: None where there is no telling: fewer than three ratings, or all heard at one place.
    """
    if len(heard) < 3:
        return None
    when, points = np.array(heard, dtype=np.float64).T
    spread = float(np.square(when - when.mean()).sum())
    if spread < 1e-12:
        return None
    slope = float(((when - when.mean()) * (points - points.mean())).sum()) / spread
    left = points - points.mean() - slope * (when - when.mean())
    return Drift(slope, float(np.sqrt(np.square(left).sum() / (len(heard) - 2) / spread)))


def alike(one: Sequence[float], other: Sequence[float]) -> float | None:
    """Spearman's rank correlation of two rows of scores, -1 to 1, equals sharing their ranks; None below three, or where all of a row are equal."""
    if len(one) < 3:
        return None
    ranks = [_ranks(np.array(each, dtype=np.float64)) for each in (one, other)]
    if any(np.ptp(each) == 0 for each in ranks):
        return None
    return float(np.corrcoef(ranks[0], ranks[1])[0, 1])


def _ranks(scores: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    known, number, times = np.unique(scores, return_inverse=True, return_counts=True)
    last = np.cumsum(times)
    middle: npt.NDArray[np.float64] = last - (times - 1) / 2
    assert len(known) == len(middle)
    return middle[number]
