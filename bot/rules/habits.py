"""What organizers should know about how a judge judges, and a judge may like to hear in private: far behind the others, or the same score for all."""

from __future__ import annotations

from datetime import timedelta
from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

ENOUGH = 8
"""Ratings from which on one score for all says something: with fewer the pieces may well be alike."""
OTHERS_ARE = 0.5
"""Of their pieces the others (the middle one of them) have rated so much when somebody can be behind."""
BEHIND = 0.5
"""Of what the others have done."""
IN_PEACE = timedelta(hours=48)
"""So long nobody is behind: from the beginning of the round, or from when somebody became a judge."""


def is_behind(own: float, others: Collection[float]) -> bool:
    """Whether a judge is far behind the others: shares of their pieces that each has rated, 0 to 1. Nobody is behind a single other one."""
    if len(others) < 2:
        return False
    usual = median(others)
    return usual >= OTHERS_ARE and own < BEHIND * usual


def one_score(given: Iterable[Mapping[str, float]]) -> float | None:
    """The score that a judge gave in every criterion of every rating; None where there are several, or fewer than ``ENOUGH`` ratings."""
    ratings = [frozenset(scores.values()) for scores in given]
    found = frozenset[float]().union(*ratings)
    return next(iter(found)) if len(ratings) >= ENOUGH and len(found) == 1 else None
