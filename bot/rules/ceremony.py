"""The run of show: which steps a ceremony has, and where it stands after each click."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from bot.rules.awards import AwardKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from bot.rules.awards import Award


class Act(StrEnum):
    """What a step shows."""

    WELCOME = "welcome"
    AI = "ai"
    """A place on the AI judge's own podium."""
    AWARD = "award"
    """A special award."""
    MAIN = "main"
    """A place on people's podium."""


@dataclass(frozen=True)
class Step:
    """One click of the presenter's, and what the channel sees of it."""

    act: Act
    winners: tuple[str, ...] = ()
    """Keys of compositions (of the golden ear: judges); those who share a place are shown together."""
    place: int = 0
    """From 1; 0 where it is about none."""
    award: AwardKind | None = None


class Move(StrEnum):
    """What a presenter can do."""

    NEXT = "next"
    BACK = "back"
    """Look at the step before once more: the channel keeps what it has seen."""
    PAUSE = "pause"
    RESUME = "resume"


def run_of_show(
    ai: Iterable[tuple[int, str]], awards: Sequence[Award], main: Iterable[tuple[int, str]], places: int
) -> tuple[Step, ...]:
    """All steps in order: a welcome, the AI judge's podium from below, the special awards that somebody gets, the main podium from below.

    Args:
        ai: Places and keys of the AI judge's board.
        awards: The special awards.
        main: Places and keys of people's board.
        places: So many of each board are called up; a shared place is one step, and a place where nobody stands none.
    """
    special = [Step(Act.AWARD, each.winners, award=each.kind) for each in awards if each.winners]
    return (Step(Act.WELCOME), *_podium(Act.AI, ai, places), *special, *_podium(Act.MAIN, main, places))


def _podium(act: Act, rows: Iterable[tuple[int, str]], places: int) -> list[Step]:
    held: dict[int, list[str]] = {}
    for place, key in rows:
        if place <= places:
            held.setdefault(place, []).append(key)
    return [Step(act, tuple(held[place]), place) for place in sorted(held, reverse=True)]


@dataclass(frozen=True)
class Position:
    """Where a ceremony stands."""

    shown: int = 0
    """So many steps the channel has seen."""
    at: int = 0
    """The step that the presenter looks at, from 1; 0: none yet."""
    paused: bool = False


class MoveError(ValueError):
    """That cannot be done where the ceremony stands; the message is a sentence for the presenter."""


def moved(position: Position, move: Move, steps: int) -> Position:
    """Where it stands after that click. Raises MoveError where there is no such way from here.

    After a step back, *next* goes through what was shown already, and shows nothing twice.
    """
    if move is Move.PAUSE:
        if position.paused:
            raise MoveError("It pauses already.")
        return Position(position.shown, position.at, paused=True)
    if move is Move.RESUME:
        if not position.paused:
            raise MoveError("It does not pause.")
        return Position(position.shown, position.at)
    if position.paused:
        raise MoveError("It pauses. Press *Go on* first.")
    if move is Move.BACK:
        if position.at <= 1:
            raise MoveError("This is the first step.")
        return Position(position.shown, position.at - 1)
    if position.at >= steps:
        raise MoveError("That was the last step.")
    return Position(max(position.shown, position.at + 1), position.at + 1)


def dump(steps: Iterable[Step]) -> list[dict[str, Any]]:
    """As plain JSON values."""
    return [
        {
            "act": step.act.value,
            "winners": list(step.winners),
            "place": step.place,
            "award": None if step.award is None else step.award.value,
        }
        for step in steps
    ]


def load(stored: Iterable[Mapping[str, Any]]) -> tuple[Step, ...]:
    """The steps that ``dump`` stored."""
    return tuple(
        Step(
            Act(each["act"]),
            tuple(each["winners"]),
            each["place"],
            None if each["award"] is None else AwardKind(each["award"]),
        )
        for each in stored
    )
