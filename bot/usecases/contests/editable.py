"""What organizers can change in a contest afterwards: its fields as plain values, and the parts in which a modal asks for them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, TypeAlias

from bot.rules.phases import Phase
from bot.usecases.judging.invitations import NO_PRACTICE

if TYPE_CHECKING:
    from bot.rules.phases import Door
    from bot.rules.standings import BoardMode
    from models.contests import Contest

EDITED = "contest.edited"
"""The audit trail's word for a change; its fact ``changes`` has what was and what is, by field."""

Fields: TypeAlias = Mapping[str, Any]
"""Plain JSON values, by name."""


class Part(StrEnum):
    """The modals of ``/kantor contest edit``."""

    BASICS = "basics"
    TAKING_PART = "taking_part"
    JUDGING = "judging"
    BOARD = "board"
    CRITERIA = "criteria"
    TITLES = "titles"
    PRIZES = "prizes"
    TEXTS = "texts"


FIELDS: Mapping[Part, tuple[str, ...]] = {
    Part.BASICS: ("name", "slug", "channel_id", "time_zone", "deadline"),
    Part.TAKING_PART: ("submission_limit", "intake", "grace_seconds"),
    Part.JUDGING: ("rounds", "finalists", "winners", "blind", "practice"),
    Part.BOARD: ("board_mode", "board_cron"),
    Part.CRITERIA: ("criteria",),
    Part.TITLES: ("titles", "meanings"),
    Part.PRIZES: ("prizes",),
    Part.TEXTS: ("rules", "tenets", "terms", "retention_days"),
}
_OF_SCHEME = frozenset({"criteria", "titles"})
_TEXTS = ("rules", "tenets", "terms", "meanings")
_ELSEWHERE = frozenset({*_OF_SCHEME, *_TEXTS, "practice", "prizes"})
"""Fields that are no columns of their own."""

_UNTIL_JUDGED = frozenset({Phase.DRAFT, Phase.OPEN})
_UNTIL_FINAL = _UNTIL_JUDGED | {Phase.JUDGING}
_UNTIL_FINISHED = _UNTIL_FINAL | {Phase.FINAL}
_ALWAYS = frozenset(Phase)
CHANGEABLE: Mapping[str, frozenset[Phase]] = {
    "name": _ALWAYS,
    "slug": _UNTIL_JUDGED,
    # A channel may be archived in the middle of a contest.
    "channel_id": _UNTIL_FINISHED,
    "time_zone": _UNTIL_FINISHED,
    "deadline": _UNTIL_JUDGED,
    "submission_limit": _UNTIL_JUDGED,
    "intake": _UNTIL_JUDGED,
    "blind": _UNTIL_FINISHED,
    "grace_seconds": _UNTIL_JUDGED,
    "rounds": _UNTIL_FINAL,
    "finalists": _UNTIL_FINAL,
    "winners": _UNTIL_FINISHED,
    "practice": _UNTIL_FINISHED,
    "board_mode": _UNTIL_FINISHED,
    "board_cron": _UNTIL_FINISHED,
    "criteria": _UNTIL_FINISHED,
    "titles": _UNTIL_FINISHED,
    **dict.fromkeys((*_TEXTS, "retention_days"), _ALWAYS),
    "meanings": _UNTIL_FINISHED,
    "prizes": _UNTIL_FINISHED,
}
"""The phases in which each field can still be changed; elsewhere its modal does not ask for it."""


@dataclass(frozen=True)
class Basics:
    """None: the modal did not ask for it."""

    name: str
    slug: str | None
    channel_id: str | None
    time_zone: str | None
    deadline: datetime | None
    """Naive, in ``time_zone``."""


@dataclass(frozen=True)
class TakingPart:
    """What people who compose have to know."""

    submission_limit: int
    intake: Door
    grace_minutes: int


@dataclass(frozen=True)
class Judging:
    """None: the modal did not ask for it."""

    rounds: int | None
    finalists: int | None
    winners: int
    blind: bool
    practice: bool
    """Whether judges begin with a practice piece."""


@dataclass(frozen=True)
class Board:
    """What the leaderboard shows, and when it is posted."""

    board_mode: BoardMode
    board_cron: str


@dataclass(frozen=True)
class WrittenCriterion:
    """One criterion as it was written down; one without a title is left out."""

    title: str
    question: str
    weight: str
    """A number above 0, such as ``1`` or ``1.5``."""


@dataclass(frozen=True)
class Criteria:
    """In order: the first ones are those that there were, perhaps with other words."""

    criteria: tuple[WrittenCriterion, ...]


@dataclass(frozen=True)
class Titles:
    """Of the scores 1 to 5, and what each of them means."""

    titles: tuple[str, ...]
    meanings: tuple[str, ...]
    """Empty ones: our own words."""


@dataclass(frozen=True)
class Prizes:
    """What one wins."""

    prizes: str
    """A line each, as ``bot.rules.prizes.parse`` reads them; empty: nothing."""


@dataclass(frozen=True)
class Texts:
    """Empty: our own words, and for the days: never."""

    rules: str
    tenets: str
    terms: str
    retention_days: str


Change: TypeAlias = Basics | TakingPart | Judging | Board | Criteria | Titles | Prizes | Texts


def plain(contest: Contest) -> dict[str, Any]:
    """All fields as plain JSON values."""
    fields = {name: getattr(contest, name) for name in CHANGEABLE if name not in _ELSEWHERE}
    fields |= {name: contest.scheme[name] for name in _OF_SCHEME}
    fields |= {name: contest.texts.get(name, "") for name in _TEXTS}
    practice = contest.texts.get("practice") != NO_PRACTICE
    prizes = list(contest.texts.get("prizes", ()))
    return fields | {"deadline": contest.deadline.isoformat(), "practice": practice, "prizes": prizes}


def put(contest: Contest, name: str, value: Any) -> None:
    """Write one field."""
    # New mappings: SQLAlchemy does not see changes inside the old ones.
    if name in _OF_SCHEME:
        contest.scheme = {**contest.scheme, name: value}
    elif name == "practice":
        _put_text(contest, name, "" if value else NO_PRACTICE)
    elif name in {*_TEXTS, "prizes"}:
        _put_text(contest, name, value)
    else:
        setattr(contest, name, datetime.fromisoformat(value) if name == "deadline" else value)


def _put_text(contest: Contest, name: str, text: Any) -> None:
    kept = {key: each for key, each in contest.texts.items() if key != name}
    contest.texts = kept | ({name: text} if text else {})


def marks(fields: Fields, part: Part) -> dict[str, str]:
    """What a modal has shown, in a few characters a field: it comes back with the answer, and tells what changed meanwhile."""
    return {name: _mark(fields[name]) for name in FIELDS[part]}


def _mark(value: Any) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()[:8]
