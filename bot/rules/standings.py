"""Standings: scores from ratings, and places with ties."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from statistics import fmean
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


class BoardMode(StrEnum):
    """How much of the standings people see before the end."""

    HIDDEN = "hidden"
    RANKS = "ranks"
    """Places, without scores."""
    FULL = "full"


@dataclass(frozen=True)
class Entry:
    """A composition with its score; ``ratings`` is how many it rests on."""

    name: str
    score: float
    ratings: int = 0


@dataclass(frozen=True)
class Standing:
    """A composition with its place, from 1. Those of equal score share a place, and the next one is left out: 1, 2, 2, 4."""

    place: int
    entry: Entry


def mean_of_means(means: Sequence[float]) -> float:
    """Mean over judges of the mean of their criteria, each 1 to 5. Raises StatisticsError where there is no rating."""
    # Rounded, so that equal sums of thirds are equal scores whatever the order of the judges.
    return round(fmean(means), 6)


def standings(entries: Sequence[Entry]) -> tuple[Standing, ...]:
    """The entries from the highest score down; within a tie by name, so that the order never jumps."""
    ordered = sorted(entries, key=lambda entry: (-entry.score, entry.name.casefold(), entry.name))
    first_with = {entry.score: place for place, entry in reversed(list(enumerate(ordered, start=1)))}
    return tuple(Standing(first_with[entry.score], entry) for entry in ordered)
