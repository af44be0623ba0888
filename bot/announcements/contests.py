"""News of contests, and of trouble."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from bot.announcements.base import Message


class PhaseNews(Message):
    """The contest moved on, told to its channel."""

    kind: Literal["phase_news"] = "phase_news"
    contest_name: str
    phase: str
    deadline: datetime
    time_zone: str
    limit: int


class ContestNews(Message):
    """Something about the contest was changed that people have to know, told to its channel."""

    kind: Literal["contest_news"] = "contest_news"
    contest_name: str
    changed: tuple[str, ...]
    """Fields of ``bot.usecases.editable``; what follows is how they are now."""
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
    """Their titles."""


class TroubleAlarm(Message):
    """Something could not be done after several tries: told to the organizers."""

    kind: Literal["trouble_alarm"] = "trouble_alarm"
    contest_name: str
    what: str
    reference: str = ""
    """Of the log; empty where there is nothing to look up in it."""
