"""What people read about compositions."""

from __future__ import annotations

from bot.usecases.messages import Message, Part, Whose


class Receipt(Message, kind="receipt", in_words="the receipt of a composition"):
    """A composition has arrived and is being checked."""

    name: str
    """#contest-user-composition"""
    title: str = ""
    number: int
    """Which composition of this person it is, from 1."""
    limit: int
    version: int = 1
    standing: int | None = None
    """The version that counts until this one is accepted; None where none does."""
    seconds_late: int = 0
    """Above 0 where it came within the grace: it counts."""
    ahead: int = 0
    """In a rush: how many others were being checked when it came, at most so many before it."""


class Card(Message, Whose, kind="card", in_words="the card of a composition"):
    """An accepted composition, for everybody in the thread; its picture and sound are the letter's uploads."""

    bars: int
    key: str
    meter: str
    seconds: float
    alt_text: str
    has_sound: bool
    warnings: tuple[str, ...] = ()
    version: int = 1
    counting: int = 1
    """The version that counts now: usually this one."""


class VerdictNote(Message, kind="verdict", in_words="the AI judge's verdict"):
    """What the AI judge thinks, for the author alone."""

    title: str
    name: str
    score: float
    probability: float
    pitch_similarity: float
    key: str
    reasons_up: tuple[str, ...] = ()
    reasons_down: tuple[str, ...] = ()
    model_version: str
    submission_id: str = ""
    """What the button "Why this score" asks about."""
    standing: str = ""
    """A sentence on where the score lies among music that the judge knows; empty where that is not known."""


class RefusalNote(Message, kind="refusal", in_words="the answer to an upload"):
    """A file that was not accepted: why, and what to do."""

    user_id: str
    filename: str
    sentence: str


class SharedPassage(Part):
    """A passage that a composition shares with another piece."""

    work: str
    """A work of Bach's, or the title of another submission."""
    other: Whose | None = None
    """That submission."""
    coverage: float
    """0-1: share of the composition's notes."""
    bars_here: tuple[int, int]
    bars_there: tuple[int, int]


class CopyAlarm(Message, Whose, kind="copy_alarm", in_words="the alarm of a copy", alarms=False):
    """A composition shares long passages with another piece: told to the organizers, who decide what it means.

    Without a name for those who judge the contest blind.
    """

    contest_name: str
    passages: tuple[SharedPassage, ...]
    starters: tuple[str, ...] = ()
    """Titles of the starter melodies that it is built on: whoever took the same one shares it."""


class CopiedPiece(Whose):
    """A composition of which ``CopyAlarm`` would tell."""

    works: str
    """What it shares passages with, in words."""


class CopyDigest(Message, kind="copy_digest", in_words="the list of copies"):
    """Several alarms of an hour in one letter, which is rewritten when there is one more."""

    contest_name: str
    number: int
    pieces: tuple[CopiedPiece, ...]
    """The newest first, and not all where they are many; none for those who judge the contest blind."""
