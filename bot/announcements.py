"""The messages that must arrive: each is a row of the outbox, stored as JSON and drawn by ``handlers`` when it is sent.

They hold facts, not words: the sentences live with the views.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter


class _Message(BaseModel):
    model_config = ConfigDict(frozen=True)


class Receipt(_Message):
    """A composition has arrived and is being checked."""

    kind: Literal["receipt"] = "receipt"
    name: str
    """#contest-user-composition"""
    number: int
    """Which submission of this person it is, from 1."""
    limit: int


class Card(_Message):
    """An accepted composition, for everybody in the thread; its picture and sound are the letter's uploads."""

    kind: Literal["card"] = "card"
    title: str
    name: str
    bars: int
    key: str
    meter: str
    seconds: float
    alt_text: str
    has_sound: bool
    warnings: tuple[str, ...] = ()


class VerdictNote(_Message):
    """What the AI judge thinks, for the author alone."""

    kind: Literal["verdict"] = "verdict"
    title: str
    name: str
    score: float
    probability: float
    pitch_similarity: float
    key: str
    reasons_up: tuple[str, ...] = ()
    reasons_down: tuple[str, ...] = ()
    model_version: str


class RefusalNote(_Message):
    """A file that was not accepted: why, and what to do."""

    kind: Literal["refusal"] = "refusal"
    user_id: str
    filename: str
    sentence: str


class RatingInvitation(_Message):
    """The next composition for a judge; its mp3 and picture are the letter's uploads."""

    kind: Literal["rating_invitation"] = "rating_invitation"
    contest_name: str
    submission_id: str
    alias: str
    alt_text: str
    done: int
    total: int
    has_sound: bool


class RatingsDone(_Message):
    """A judge has rated all there is."""

    kind: Literal["ratings_done"] = "ratings_done"
    contest_name: str
    total: int


class JudgeWelcome(_Message):
    """Somebody was made a judge."""

    kind: Literal["judge_welcome"] = "judge_welcome"
    contest_name: str
    channel_id: str
    added_by: str
    judging: bool
    """Whether there is something to listen to already."""


class BoardRow(_Message):
    """A place on a board."""

    place: int
    name: str
    score: float
    """Human board: 1-5, mean over judges of the mean of the criteria. AI board: 0-100."""
    ratings: int
    """How many ratings it rests on (AI board: 0)."""


class BoardPost(_Message):
    """The leaderboard, as it stood when it was taken."""

    kind: Literal["board"] = "board"
    contest_name: str
    phase: str
    taken_at: datetime
    rows: tuple[BoardRow, ...]
    unrated: tuple[str, ...]
    """Names of accepted submissions without a rating yet."""
    ai_rows: tuple[BoardRow, ...] | None
    """None until the contest is finished."""
    final: bool


class PhaseNews(_Message):
    """The contest moved on, told to its channel."""

    kind: Literal["phase_news"] = "phase_news"
    contest_name: str
    phase: str
    deadline: datetime
    time_zone: str
    limit: int


class AccountReply(_Message):
    """Answer to the plain word "account" in the direct messages: a button, since only a modal may show the password."""

    kind: Literal["account_reply"] = "account_reply"
    contest_id: str
    contest_name: str
    channel_id: str = ""
    """The contest's channel: what the button asks about."""


class HelpReply(_Message):
    """Answer to plain words in the direct messages."""

    kind: Literal["help_reply"] = "help_reply"
    roles: tuple[str, ...]
    sentence: str | None = None
    """Says why, where the words asked for something that cannot be now."""


class PoolAlarm(_Message):
    """The pool of accounts is running low or empty: told to the organizers."""

    kind: Literal["pool_alarm"] = "pool_alarm"
    contest_name: str
    slug: str
    left: int
    asked_by: str


class TroubleAlarm(_Message):
    """Something could not be done after several tries: told to the organizers."""

    kind: Literal["trouble_alarm"] = "trouble_alarm"
    contest_name: str
    what: str
    reference: str = ""
    """Of the log; empty where there is nothing to look up in it."""


class SharedPassage(BaseModel):
    """A passage that a composition shares with another piece."""

    model_config = ConfigDict(frozen=True)

    work: str
    """A work of Bach's, or the name of another submission (``#contest-user-composition``)."""
    coverage: float
    """0-1: share of the composition's notes."""
    bars_here: tuple[int, int]
    bars_there: tuple[int, int]


class CopyAlarm(_Message):
    """A composition shares long passages with another piece: told to the organizers, who decide what it means."""

    kind: Literal["copy_alarm"] = "copy_alarm"
    contest_name: str
    name: str
    """#contest-user-composition"""
    passages: tuple[SharedPassage, ...]


Message = Annotated[
    Receipt
    | Card
    | VerdictNote
    | RefusalNote
    | RatingInvitation
    | RatingsDone
    | JudgeWelcome
    | BoardPost
    | PhaseNews
    | AccountReply
    | HelpReply
    | PoolAlarm
    | TroubleAlarm
    | CopyAlarm,
    Field(discriminator="kind"),
]

_adapter: TypeAdapter[Message] = TypeAdapter(Message)


def dump(message: Message) -> dict[str, Any]:
    """The message as plain JSON values."""
    return message.model_dump(mode="json")


def load(stored: Any) -> Message:
    """The message that ``dump`` stored. Raises pydantic.ValidationError where it is none."""
    return _adapter.validate_python(stored)
