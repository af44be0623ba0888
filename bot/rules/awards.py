"""Special awards: what stored ratings and verdicts say beside the two podiums.

Each is a rule over what is there already; nobody decides. What looks alike shares an award, and where a rule finds nobody it says why.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import StrEnum
from statistics import fmean, pstdev
from typing import TYPE_CHECKING, Any

from bot.rules.numbers import counted, decimal, spelled

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

FEWEST = 3
"""Ratings of a composition before its judges can disagree, ratings of a judge and judges in all before one of them can be closest to the others."""
SHARED_AT_MOST = 3
"""What more than so many share distinguishes nobody."""


class AwardKind(StrEnum):
    """The special awards, in the order in which they are told."""

    SPECIALIST = "specialist"
    """The highest mean on one criterion, off the podium."""
    TALK = "talk"
    """The composition about which the judges agree least."""
    MACHINE = "machine"
    """The largest difference between the place that people gave and the AI judge's."""
    IMPROVED = "improved"
    """The composition whose last version the AI judge likes better than its first by most."""
    EAR = "ear"
    """The judge who is closest to the others."""


TITLES = {
    AwardKind.SPECIALIST: "The specialist",
    AwardKind.TALK: "Talk of the jury",
    AwardKind.MACHINE: "Human against machine",
    AwardKind.IMPROVED: "Most improved",
    AwardKind.EAR: "Golden ear",
}
"""As people read them, and write them where they name prizes."""
EXPLAINED = {
    AwardKind.SPECIALIST: "the highest mean on one criterion, off the podium",
    AwardKind.TALK: "the composition about which the judges agree least",
    AwardKind.MACHINE: "the largest difference between the judges' place and the AI judge's",
    AwardKind.IMPROVED: "the version that gained most over the first one, by the AI judge's score",
    AwardKind.EAR: "the judge who is closest to all the others",
}
"""For what."""


@dataclass(frozen=True)
class Heard:
    """What one judge gave to one composition."""

    judge: str
    entry: str
    scores: tuple[float, ...]
    """1 to 5, in the order of the criteria."""
    mean: float
    """Weighted, 1 to 5."""


@dataclass(frozen=True)
class Entrant:
    """A composition as it stands at the end."""

    key: str
    place: int | None
    """On people's board, from 1; None where nobody rated it."""
    ai_place: int | None
    """On the AI judge's board."""
    ai_scores: tuple[float, ...]
    """Of its versions that passed their check, 0 to 100, the first one first; the last is the one that counts."""


@dataclass(frozen=True)
class Award:
    """Who gets a special award, and for what."""

    kind: AwardKind
    winners: tuple[str, ...]
    """Keys of compositions (of ``EAR``: judges), sorted; more than one share it, and none: nobody gets it."""
    value: float = 0.0
    """What they have in common: a mean (1 to 5), a spread or distance (in points), a number of places, or points of the AI judge's 100."""
    criterion: int | None = None
    """Of ``SPECIALIST``: which one, counted from 0."""
    nobody: str = ""
    """Why nobody gets it, as a sentence."""


def measured(kind: AwardKind, value: float, criterion: str = "") -> str:
    """What made it so, in words; ``criterion`` is the title of the specialist's."""
    return {
        AwardKind.SPECIALIST: f"{spelled(value)} of 5 for {criterion}",
        AwardKind.TALK: f"its judges lie {spelled(value)} points apart (standard deviation)",
        AwardKind.MACHINE: f"{counted(int(value), 'place')} between the judges and the AI judge",
        AwardKind.IMPROVED: f"{spelled(value, 1)} points more from the AI judge than its first version",
        AwardKind.EAR: f"{spelled(value)} points away from the others, on average",
    }[kind]


def dump(awards: Iterable[Award]) -> list[dict[str, Any]]:
    """As plain JSON values."""
    return [{**asdict(award), "kind": award.kind.value, "winners": list(award.winners)} for award in awards]


def load(stored: Iterable[Mapping[str, Any]]) -> tuple[Award, ...]:
    """The awards that ``dump`` stored."""
    return tuple(
        Award(**{**each, "kind": AwardKind(each["kind"]), "winners": tuple(each["winners"])}) for each in stored
    )


def special(entrants: Sequence[Entrant], heard: Iterable[Heard], *, podium: int, criteria: int) -> tuple[Award, ...]:
    """All special awards, in order.

    Args:
        entrants: The compositions of the contest.
        heard: The ratings that decided: of each composition those of the round that gave it its place.
        podium: The first so many places win already.
        criteria: How many there are.
    """
    ratings = list(heard)
    by_entry: dict[str, list[Heard]] = {entrant.key: [] for entrant in entrants}
    for each in ratings:
        if each.entry in by_entry:
            by_entry[each.entry].append(each)
    return (
        _specialist(entrants, by_entry, podium, criteria),
        _talk(by_entry),
        _machine(entrants),
        _improved(entrants),
        _ear(by_entry),
    )


def _specialist(
    entrants: Sequence[Entrant], by_entry: Mapping[str, Sequence[Heard]], podium: int, criteria: int
) -> Award:
    off = [each.key for each in entrants if each.place is not None and each.place > podium and by_entry[each.key]]
    if not off:
        return Award(AwardKind.SPECIALIST, (), nobody="Every rated composition is on the podium.")
    means = {
        (key, at): float(decimal(fmean(one.scores[at] for one in by_entry[key])))
        for key in off
        for at in range(criteria)
    }
    # Of criteria with an equal best the first one: an award has one name.
    best = max(means.values())
    at = min(number for (_, number), mean in means.items() if mean == best)
    award = _best(AwardKind.SPECIALIST, {key: means[key, at] for key in off})
    return Award(award.kind, award.winners, award.value, at if award.winners else None, award.nobody)


def _talk(by_entry: Mapping[str, Sequence[Heard]]) -> Award:
    spreads = {
        key: float(decimal(pstdev(one.mean for one in given)))
        for key, given in by_entry.items()
        if len(given) >= FEWEST
    }
    nobody = "The judges agreed about everything." if spreads else f"Nothing has {FEWEST} ratings."
    return _best(AwardKind.TALK, {key: spread for key, spread in spreads.items() if spread}, nobody=nobody)


def _machine(entrants: Sequence[Entrant]) -> Award:
    gaps = {
        each.key: float(abs(each.place - each.ai_place))
        for each in entrants
        if each.place is not None and each.ai_place is not None
    }
    nobody = (
        "People and the AI judge gave the same places." if gaps else "Nothing has both a place and an AI judge's place."
    )
    return _best(AwardKind.MACHINE, {key: gap for key, gap in gaps.items() if gap}, nobody=nobody)


def _improved(entrants: Sequence[Entrant]) -> Award:
    gains = {
        each.key: float(decimal(each.ai_scores[-1], 1) - decimal(each.ai_scores[0], 1))
        for each in entrants
        if len(each.ai_scores) > 1
    }
    nobody = "No later version scored higher than the first." if gains else "Nobody handed in a second version."
    return _best(AwardKind.IMPROVED, {key: gain for key, gain in gains.items() if gain > 0}, nobody=nobody)


def _ear(by_entry: Mapping[str, Sequence[Heard]]) -> Award:
    """Each rating beside the mean of the others' of the same composition, so that nobody is compared with themselves."""
    away: dict[str, list[float]] = {}
    for given in by_entry.values():
        if len(given) < FEWEST:
            continue
        total = sum(one.mean for one in given)
        for one in given:
            others = (total - one.mean) / (len(given) - 1)
            away.setdefault(one.judge, []).append(abs(one.mean - others))
    distances = {judge: float(decimal(fmean(each))) for judge, each in away.items() if len(each) >= FEWEST}
    if len(distances) < FEWEST:
        return Award(AwardKind.EAR, (), nobody=f"Fewer than {FEWEST} judges have {FEWEST} ratings beside others'.")
    return _best(AwardKind.EAR, distances, pick=min)


def _best(kind: AwardKind, values: Mapping[str, float], *, nobody: str = "", pick: Callable[..., float] = max) -> Award:
    """Whoever has the best value; nobody where there is none, or where too many share it."""
    if not values:
        return Award(kind, (), nobody=nobody)
    best = pick(values.values())
    winners = tuple(sorted(key for key, value in values.items() if value == best))
    if len(winners) > SHARED_AT_MOST:
        return Award(kind, (), nobody=f"{len(winners)} would share it, which distinguishes nobody.")
    return Award(kind, winners, best)
