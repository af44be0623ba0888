"""Standings: scores from ratings, places with ties and what decides them, one round or two, and what moved."""

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


class Scores(StrEnum):
    """What the places of a contest go by."""

    MEAN = "mean"
    """The plain mean of the ratings of a round."""
    FAIR = "fair"
    """Fair scores (``bot.rules.fairscores``) of both rounds together, and the ladder where they are equal."""


class Step(StrEnum):
    """What decides among equal fair scores, one after the other. Whoever is equal in all of them shares a place; who came first never counts."""

    FINAL = "final"
    """The plain mean of the ratings in the final, to two places."""
    COUNT_BACK = "count-back"
    """The larger part of 5s among all its scores, then of what is at least 4.5, 4 and so on down."""
    CRITERION = "criterion"
    """The plain mean of the contest's first criterion, to two places."""


LADDER = tuple(Step)
_LEVELS = tuple(half / 2 for half in range(10, 2, -1))
"""5, 4.5 and so on to 1.5: that all scores are 1 at least tells nobody apart."""


class Rung(NamedTuple):
    """How a composition stands on one step of the ladder."""

    step: Step
    value: tuple[float, ...]
    """The greater the better; the first number that differs decides."""


class Entry(NamedTuple):
    """A composition with its score; ``ratings`` is how many it rests on."""

    name: str
    score: float
    ratings: int = 0
    key: str = ""
    """Whatever tells it from the others."""
    rungs: tuple[Rung, ...] = ()
    """What decides where scores are equal: the same steps in all entries that are held against each other. Empty: nothing does."""


class Standing(NamedTuple):
    """A composition with its place, from 1. Equals share a place, and the next one is left out: 1, 2, 2, 4."""

    place: int
    entry: Entry
    decided: Step | None = None
    """What put it behind the place before it, though their scores are equal; None where the score did."""


def mean_of_means(means: Sequence[float]) -> float:
    """Mean over judges of the mean of their criteria, each 1 to 5, to two places. Raises StatisticsError where there is no rating."""
    # As people read it: what looks alike shares a place, and equal sums of thirds are equal whatever the order of the judges.
    return float(decimal(fmean(means)))


def shown_score(score: float) -> float:
    """The AI judge's score, 0 to 100, as it ranks: to a tenth, as people read it. What looks alike shares a place."""
    return float(decimal(score, 1))


def ladder(scores: Sequence[float], criterion: float, final: float | None = None) -> tuple[Rung, ...]:
    """How a composition stands on the ladder.

    Args:
        scores: All that it was ever given, one at least: of each criterion by each judge in each round, each 1 to 5.
        criterion: The mean of those of the first criterion, to two places.
        final: The mean of its ratings in the final, to two places; None before one, and for all that are not in it.
    """
    given = sorted(scores)
    parts = tuple((len(given) - bisect_left(given, level)) / len(given) for level in _LEVELS)
    steps = {Step.FINAL: () if final is None else (final,), Step.COUNT_BACK: parts, Step.CRITERION: (criterion,)}
    return tuple(Rung(step, value) for step, value in steps.items() if value)


def standings(entries: Sequence[Entry]) -> tuple[Standing, ...]:
    """The entries from the highest score down, and equal ones by the ladder; where that decides nothing, too, by name, so that the order never jumps."""
    ordered = sorted(
        entries,
        key=lambda entry: (-entry.score, [-each for rung in entry.rungs for each in rung.value], natural(entry.name)),
    )
    placed: list[Standing] = []
    for number, entry in enumerate(ordered, start=1):
        last = placed[-1] if placed else None
        if last is None or last.entry.score != entry.score:
            placed.append(Standing(number, entry))
        elif last.entry.rungs == entry.rungs:
            placed.append(last._replace(entry=entry))
        else:
            placed.append(Standing(number, entry, _decided(last.entry, entry)))
    return tuple(placed)


def _decided(one: Entry, other: Entry) -> Step:
    return next(rung.step for rung, its in zip(one.rungs, other.rungs, strict=True) if rung != its)


def in_two_rounds(
    final: Sequence[Entry], unheard: Sequence[Entry], others: Sequence[Entry], finalists: int
) -> tuple[Standing, ...]:
    """The finalists that were rated in the final by their scores; behind all of them the others, by theirs.

    Args:
        final: The finalists that have been rated in the final: with plain means by what they got there, with fair scores by both rounds.
        unheard: Finalists that will not be rated there any more, with what they got in the preliminary round: between the two.
        others: The rated compositions that are not in the final.
        finalists: How many are in the final, rated there or not: the others' places begin after so many.
    """
    return standings(final) + _behind(len(final), unheard) + _behind(finalists, others)


def _behind(number: int, entries: Sequence[Entry]) -> tuple[Standing, ...]:
    return tuple(each._replace(place=each.place + number) for each in standings(entries))


def qualified(order: Sequence[Placed], wanted: int) -> tuple[Placed, ...]:
    """The first ``wanted``, and all that tie with the last of them."""
    return tuple(each for each in order if each.place <= wanted)


def band(place: int, total: int) -> tuple[int, int]:
    """The places between which an author is told to be: the place itself in the upper half and on a podium, else the whole lower half.

    Nobody is told to be the last.
    """
    half = -(-total // 2)
    return (place, place) if place <= max(half, min(3, total)) else (min(half + 1, max(1, total - 2)), total)


def closed_up(place: int, gone: Sequence[int]) -> int:
    """The place where those at the places ``gone`` (in ascending order) are on the board no more."""
    return place - bisect_left(gone, place)


def range_closed_up(best: int, worst: int, gone: Sequence[int], less: int, place: int) -> tuple[int, int]:
    """The places between which an entry lies, likewise, with ``less`` fewer before it; ``place`` is its own once all closed up.

    Of several who share a place, and leave, each counts as one at that place, though the others lay behind it: so its own is always among them.
    """
    first, last = (closed_up(each, gone) - less for each in (best, worst))
    return max(1, min(first, place)), max(last, place)


def moved(before: Mapping[str, int], key: str, place: int) -> int | None:
    """By how many places it rose (below 0: fell) since ``before``, places by key; None where it was not there."""
    return before[key] - place if key in before else None


def stricter(one: BoardMode, other: BoardMode) -> BoardMode:
    """Of two modes the one that shows less."""
    return min(one, other, key=_OPENNESS.index)
