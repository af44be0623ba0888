"""What judging buys: how many of the truly best reach the final, expected for so many judges and ratings.

Simulated with the spreads that judging of this kind has been seen to have; with its variances known, a fair score is one solution of Henderson's equations.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.random import Generator

    from bot.rules.henderson import Matrix, Vector

ENTRIES, CRITERION, LENIENCY, JUDGES_CRITERION, TASTE, NOISE = 0.6, 0.2, 0.5, 0.15, 0.45, 0.5
"""Standard deviations, in points of 1 to 5."""
CRITERIA = 3
WORLDS = 100
"""Simulated contests: the expected share of the best is then known to about 1 of 100 (one standard error)."""
BATCHES = 8
"""In which extra listens are placed, each by what is known then."""

_WORTH = ENTRIES**2 + CRITERION**2 / CRITERIA
_LENIENT = LENIENCY**2 + JUDGES_CRITERION**2 / CRITERIA
_NOISE = TASTE**2 + NOISE**2 / CRITERIA + 1 / (12 * CRITERIA)
"""Taste is of the whole piece; chance and the rounding to whole points are of each criterion."""


class Plan(NamedTuple):
    """How a round is judged."""

    entries: int
    judges: int
    each: int
    """Ratings of each entry; of as many judges as there are, all hear all."""
    extra: int = 0
    """Listens besides, which go to those entries of which it is unsure whether they go on."""

    @property
    def listens(self) -> int:
        """All of them."""
        return self.entries * min(self.each, self.judges) + self.extra


def expected_recall(plan: Plan, cut: int, *, seed: int = 0, worlds: int = WORLDS) -> float:
    """Of the truly best ``cut`` entries so large a part is expected to be among those that go on, 0 to 1."""
    cut = min(cut, plan.entries)
    if not cut or not plan.judges or not plan.each:
        return 0.0
    found = []
    for world in range(worlds):
        # Each world has lots of its own, and draws what its entries and judges are first: two plans are compared in the same worlds.
        lots = np.random.default_rng((seed, world))
        found.append(_World.drawn(plan, lots).recall(plan, cut, lots))
    return float(np.mean(found))


@dataclass
class _World:
    """A contest that might have been."""

    worth: Vector
    """(entries,)."""
    would_give: Matrix
    """(entries, judges): what each would give."""
    heard: Matrix
    """(entries, judges): 1 where that judge heard it."""

    @classmethod
    def drawn(cls, plan: Plan, lots: Generator) -> _World:
        worth = lots.normal(0, np.sqrt(_WORTH), plan.entries)
        lenient = lots.normal(0, np.sqrt(_LENIENT), plan.judges)
        noise = lots.normal(0, np.sqrt(_NOISE), (plan.entries, plan.judges))
        heard = np.zeros((plan.entries, plan.judges))
        each = min(plan.each, plan.judges)
        # Each judge is next in turn, from where the last entry left off, in an order that is drawn for each lap.
        turns = np.concatenate([lots.permutation(plan.judges) for _ in range(plan.entries)])
        for entry in range(plan.entries):
            theirs = turns[entry * each : (entry + 1) * each]
            heard[entry, theirs] = 1.0
        return cls(worth, worth[:, None] + lenient + noise, heard)

    def recall(self, plan: Plan, cut: int, lots: Generator) -> float:
        left = plan.extra
        while left > 0:
            left -= self.listen_more(cut, min(left, -(-plan.extra // BATCHES)), lots)
        through = np.argsort(-self.predicted()[0])[:cut]
        best = np.argsort(-self.worth)[:cut]
        return len(np.intersect1d(through, best)) / cut

    def listen_more(self, cut: int, number: int, lots: Generator) -> int:
        """So many more listens, to where they say most; how many of them were spent."""
        scores, errors = self.predicted()
        order = np.sort(scores)[::-1]
        edge = (order[cut - 1] + order[min(cut, len(order) - 1)]) / 2
        unsure = errors * np.exp(-np.square((scores - edge) / errors) / 2)
        load = self.heard.sum(axis=0) + lots.random(self.heard.shape[1]) / 2
        for entry in np.argsort(-unsure)[:number]:
            free = np.flatnonzero(self.heard[entry] == 0)
            if len(free):
                judge = free[np.argmin(load[free])]
                self.heard[entry, judge] = 1.0
                load[judge] += 1
        return number

    def predicted(self) -> tuple[Vector, Vector]:
        """(entries,) each: fair scores, and their errors."""
        rated = self.heard.sum(axis=1)
        given = self.heard * self.would_give
        diagonal = rated + _NOISE / _WORTH
        beside = np.column_stack([rated, self.heard])
        scaled = beside / diagonal[:, None]
        left = np.zeros((beside.shape[1],) * 2)
        by_judge = self.heard.sum(axis=0)
        left[0, 0], left[0, 1:], left[1:, 0] = rated.sum(), by_judge, by_judge
        left[1:, 1:] = np.diag(by_judge + _NOISE / _LENIENT)
        left -= beside.T @ scaled
        right = np.concatenate([[given.sum()], given.sum(axis=0)]) - scaled.T @ given.sum(axis=1)
        inverse = np.linalg.inv(left)
        scores = (given.sum(axis=1) - beside @ (inverse @ right)) / diagonal
        errors = np.sqrt(_NOISE * (1 / diagonal + ((scaled @ inverse) * scaled).sum(axis=1)))
        return scores, errors
