"""News of contests, and of trouble."""

from __future__ import annotations

from datetime import datetime

from bot.rules.phases import Intake, Phase
from bot.rules.standings import Scores
from bot.usecases.messages import InContest, Message


class PhaseNews(Message, InContest, kind="phase_news", in_words="the news of the next phase"):
    """The contest moved on, told to its channel."""

    phase: Phase
    deadline: datetime
    time_zone: str
    limit: int
    intake: Intake = Intake.BOTH
    rounds: int = 1
    finalists: int | None = None
    """How many compositions go on; None before a final."""
    prizes: tuple[str, ...] = ()
    """At the opening, as ``bot.rules.prizes.told``."""
    fingerprint: str = ""
    """Where the results stand before they are told: the SHA-256 of their file, in hexadecimal."""


class OrganizerWelcome(Message, InContest, kind="organizer_welcome", in_words="the welcome of an organizer"):
    """Somebody was made an organizer of a contest."""

    channel_id: str
    added_by: str


class Countdown(Message, InContest, kind="countdown", in_words="the countdown to the deadline"):
    """The deadline is near, told to the contest's channel."""

    minutes: int
    """Left when this was written."""
    deadline: datetime
    time_zone: str
    intake: Intake


class PhaseUndone(Message, InContest, kind="phase_undone", in_words="the news that a phase was taken back"):
    """A phase began by mistake and was taken back, told to the contest's channel."""

    phase: Phase
    """In which the contest is again."""
    undone: Phase
    deadline: datetime
    time_zone: str
    in_time: bool
    """Whether the deadline was still to come."""


class FinalNote(Message, InContest, kind="final_note", in_words="the news of who is in the final"):
    """Whether an author's compositions are in the final."""

    channel_id: str
    through: tuple[str, ...]
    """Titles."""
    out: tuple[str, ...]
    finalists: int
    of: int
    """All compositions of the first round."""


class FinalTakenBack(Message, InContest, kind="final_taken_back", in_words="the word that the final was taken back"):
    """What ``FinalNote`` said does not hold any more."""


class ContestNews(Message, InContest, kind="contest_news", in_words="the news of a changed contest"):
    """Something about the contest was changed that people have to know, told to its channel."""

    channel_id: str
    changed: tuple[str, ...]
    """Fields of ``bot.usecases.contests.settings``; what follows is how they are now."""
    deadline: datetime
    deadline_before: datetime
    time_zone: str
    limit: int
    intake: Intake
    blind: bool
    rounds: int
    finalists: int
    winners: int
    criteria: tuple[str, ...]
    """As ``Scheme.told``."""
    criteria_before: tuple[str, ...] = ()
    scores: Scores = Scores.MEAN
    prizes: tuple[str, ...] = ()
    """As ``bot.rules.prizes.told``."""
