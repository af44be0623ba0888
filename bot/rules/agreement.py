"""How well judges agree, whether the order of listening matters, and how alike two orders are.

Krippendorff's alpha: Klaus Krippendorff, "Computing Krippendorff's Alpha-Reliability" (2011), with the ordinal metric, which is the interval metric of
middle ranks. So it is a few sums, and an interval by drawing again costs nothing: the package ``krippendorff`` has no interval, and would fit anew each time.
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
NORMAL = 1.645
"""Standard deviations on either side that hold ``LEVEL`` of a normal distribution."""


class Alpha(NamedTuple):
    """1: all judges put the compositions alike; 0: as well as chance; below 0: worse than that."""

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
    """Krippendorff's alpha with the ordinal metric: only which rating is the higher one counts, not by how much.

    Args:
        units: Of each composition what its judges gave, in points; those with fewer than two ratings say nothing.
        seed: Of the draws for the interval.

    Returns: None where there is no telling: fewer than two compositions with two ratings, or all ratings the same.
    """
    told = [each for each in units if len(each) > 1]
    if len(told) < 2:
        return None
    ranks = _ranks(np.array([score for each in told for score in each], dtype=np.float64).round(9))
    ends = np.cumsum([len(each) for each in told])
    told = [ranks[end - len(each) : end].tolist() for each, end in zip(told, ends.tolist(), strict=True)]
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


class Alike(NamedTuple):
    """1: the same order; 0: nothing in common; -1: the order turned around."""

    value: float
    low: float
    """Ends of an interval at ``LEVEL``."""
    high: float


def alike(one: Sequence[float], other: Sequence[float]) -> Alike | None:
    """Spearman's rank correlation of two rows of scores, equals sharing their ranks; None below four, or where all of a row are equal.

    Its interval: Bonett and Wright, Psychometrika 65 (2000) 23; a whole order in common is taken as .99 there, which is never quite sure.
    """
    if len(one) < 4:
        return None
    ranks = [_ranks(np.array(each, dtype=np.float64)) for each in (one, other)]
    if any(np.ptp(each) == 0 for each in ranks):
        return None
    found = float(np.clip(np.corrcoef(ranks[0], ranks[1])[0, 1], -1, 1))
    inside = float(np.clip(found, -0.99, 0.99))
    width = NORMAL * float(np.sqrt((1 + inside**2 / 2) / (len(one) - 3)))
    low, high = np.tanh(np.arctanh(inside) + np.array([-width, width])).tolist()
    return Alike(found, min(low, found), max(high, found))


def _ranks(scores: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    _, number, times = np.unique(scores, return_inverse=True, return_counts=True)
    last = np.cumsum(times)
    middle: npt.NDArray[np.float64] = last - (times - 1) / 2
    return middle[number]
