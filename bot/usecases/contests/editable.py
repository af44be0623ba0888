"""What the modals of ``/kantor contest edit`` bring back: a part of a contest's settings each, as it was written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from datetime import datetime

    from bot.rules.phases import Intake
    from bot.rules.standings import BoardMode


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
    intake: Intake
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
