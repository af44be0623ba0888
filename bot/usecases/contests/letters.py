"""News of contests, and of trouble."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from bot.usecases.messages import Message


class PhaseNews(Message):
    """The contest moved on, told to its channel."""

    kind: Literal["phase_news"] = "phase_news"
    contest_name: str
    phase: str
    deadline: datetime
    time_zone: str
    limit: int
    intake: str = "both"
    rounds: int = 1
    finalists: int | None = None
    """How many compositions go on; None before a final."""
    prizes: tuple[str, ...] = ()
    """At the opening, as ``bot.rules.prizes.told``."""


class OrganizerWelcome(Message):
    """Somebody was made an organizer of a contest."""

    kind: Literal["organizer_welcome"] = "organizer_welcome"
    contest_name: str
    channel_id: str
    added_by: str


class Countdown(Message):
    """The deadline is near, told to the contest's channel."""

    kind: Literal["countdown"] = "countdown"
    contest_name: str
    minutes: int
    """Left when this was written."""
    deadline: datetime
    time_zone: str
    intake: str


class PhaseUndone(Message):
    """A phase began by mistake and was taken back, told to the contest's channel."""

    kind: Literal["phase_undone"] = "phase_undone"
    contest_name: str
    phase: str
    """In which the contest is again."""
    undone: str
    deadline: datetime
    time_zone: str
    in_time: bool
    """Whether the deadline was still to come."""


class FinalNote(Message):
    """Whether an author's compositions are in the final."""

    kind: Literal["final_note"] = "final_note"
    contest_name: str
    channel_id: str
    through: tuple[str, ...]
    """Titles."""
    out: tuple[str, ...]
    finalists: int
    of: int
    """All compositions of the first round."""


class FinalTakenBack(Message):
    """What ``FinalNote`` said does not hold any more."""

    kind: Literal["final_taken_back"] = "final_taken_back"
    contest_name: str


class ContestNews(Message):
    """Something about the contest was changed that people have to know, told to its channel."""

    kind: Literal["contest_news"] = "contest_news"
    contest_name: str
    channel_id: str
    changed: tuple[str, ...]
    """Fields of ``bot.usecases.contests.settings``; what follows is how they are now."""
    deadline: datetime
    deadline_before: datetime
    time_zone: str
    limit: int
    intake: str
    blind: bool
    rounds: int
    finalists: int
    winners: int
    criteria: tuple[str, ...]
    """As ``Scheme.told``."""
    criteria_before: tuple[str, ...] = ()
    prizes: tuple[str, ...] = ()
    """As ``bot.rules.prizes.told``."""


class TroubleAlarm(Message):
    """Something could not be done after several tries: told to the organizers."""

    kind: Literal["trouble_alarm"] = "trouble_alarm"
    contest_name: str
    what: str
    reference: str = ""
    """Of the log; empty where there is nothing to look up in it."""
