"""Standings: scores from ratings, places with ties, one round or two, and what moved."""

from __future__ import annotations

from bisect import bisect_left
from enum import StrEnum
from statistics import fmean
from typing import TYPE_CHECKING, NamedTuple, Protocol, TypeVar

from bot.rules.naming import natural
from bot.rules.numbers import decimal

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class HasPlace(Protocol):
    """Something with a place, from 1; equals share one."""

    @property
    def place(self) -> int:
        """From 1."""


Placed = TypeVar("Placed", bound=HasPlace)


class BoardMode(StrEnum):
    """How much of the standings people see before the end."""

    HIDDEN = "hidden"
    RANKS = "ranks"
    """Places, without scores."""
    FULL = "full"


_OPENNESS = tuple(BoardMode)


class Entry(NamedTuple):
    """A composition with its score; ``ratings`` is how many it rests on."""

    name: str
    score: float
    ratings: int = 0
    key: str = ""
    """Whatever tells it from the others."""


class Standing(NamedTuple):
    """A composition with its place, from 1. Those of equal score share a place, and the next one is left out: 1, 2, 2, 4."""

    place: int
    entry: Entry


def mean_of_means(means: Sequence[float]) -> float:
    """Mean over judges of the mean of their criteria, each 1 to 5, to two places. Raises StatisticsError where there is no rating."""
    # As people read it: what looks alike shares a place, and equal sums of thirds are equal whatever the order of the judges.
    return float(decimal(fmean(means)))


def shown_score(score: float) -> float:
    """The AI judge's score, 0 to 100, as it ranks: to a tenth, as people read it. What looks alike shares a place."""
    return float(decimal(score, 1))


def standings(entries: Sequence[Entry]) -> tuple[Standing, ...]:
    """The entries from the highest score down; within a tie by name, so that the order never jumps."""
    ordered = sorted(entries, key=lambda entry: (-entry.score, natural(entry.name)))
    first_with = {entry.score: place for place, entry in reversed(list(enumerate(ordered, start=1)))}
    return tuple(Standing(first_with[entry.score], entry) for entry in ordered)


def in_two_rounds(
    final: Sequence[Entry], unheard: Sequence[Entry], others: Sequence[Entry], finalists: int
) -> tuple[Standing, ...]:
    """The finalists by the scores of the final alone; behind all of them the others, by those of the preliminary round.

    Args:
        final: The finalists that have been rated in the final, with what they got there.
        unheard: Finalists that will not be rated there any more, with what they got in the preliminary round: between the two.
        others: The rated compositions that are not in the final.
        finalists: How many are in the final, rated there or not: the others' places begin after so many.
    """
    return standings(final) + _behind(len(final), unheard) + _behind(finalists, others)


def _behind(number: int, entries: Sequence[Entry]) -> tuple[Standing, ...]:
    return tuple(Standing(each.place + number, each.entry) for each in standings(entries))


def qualified(order: Sequence[Placed], wanted: int) -> tuple[Placed, ...]:
    """The first ``wanted``, and all that tie with the last of them."""
    return tuple(each for each in order if each.place <= wanted)


def closed_up(place: int, gone: Sequence[int]) -> int:
    """The place where those at the places ``gone`` (in ascending order) are on the board no more."""
    return place - bisect_left(gone, place)


def moved(before: Mapping[str, int], key: str, place: int) -> int | None:
    """By how many places it rose (below 0: fell) since ``before``, places by key; None where it was not there."""
    return before[key] - place if key in before else None


def stricter(one: BoardMode, other: BoardMode) -> BoardMode:
    """Of two modes the one that shows less."""
    return min(one, other, key=_OPENNESS.index)
