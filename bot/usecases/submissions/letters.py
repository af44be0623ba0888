"""What people read about compositions, and about files that came late, to the wrong place, twice, or not by their author's own hand."""

from __future__ import annotations

from datetime import datetime

from bot.rules.phases import Intake
from bot.usecases.messages import InContest, Message, Part, Whose


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


class CopyAlarm(Message, Whose, InContest, kind="copy_alarm", in_words="the alarm of a copy", alarms=False):
    """A composition shares long passages with another piece: told to the organizers, who decide what it means.

    Without a name for those who judge the contest blind.
    """

    passages: tuple[SharedPassage, ...]
    starters: tuple[str, ...] = ()
    """Titles of the starter melodies that it is built on: whoever took the same one shares it."""


class CopiedPiece(Whose):
    """A composition of which ``CopyAlarm`` would tell."""

    works: str
    """What it shares passages with, in words."""


class CopyDigest(Message, InContest, kind="copy_digest", in_words="the list of copies"):
    """Several alarms of an hour in one letter, which is rewritten when there is one more."""

    number: int
    pieces: tuple[CopiedPiece, ...]
    """The newest first, and not all where they are many; none for those who judge the contest blind."""


class LateReceipt(Message, InContest, kind="late_receipt", in_words="the answer to a late upload"):
    """A file came after the deadline: told to its author, in the thread of the upload."""

    user_id: str
    title: str
    deadline: datetime
    """The author's own, where they had more time."""
    time_zone: str
    """The author's."""
    seconds_late: int
    standing: int | None = None
    """The version that counts meanwhile; None for a first version."""


class LateAlarm(Message, Whose, InContest, kind="late_alarm", in_words="a late file to decide about"):
    """A late file waits for a decision: told to the organizers, with buttons."""

    submission_id: str
    uploaded_at: datetime
    seconds_late: int
    version: int = 1
    decided_by: str | None = None
    """Who decided; None while it waits. With it the letter is rewritten, without its buttons."""
    accepted: bool = False


class LateDecision(Message, InContest, kind="late_decision", in_words="the decision about a late file"):
    """What was decided about a late file: told to its author."""

    user_id: str
    title: str
    accepted: bool
    reason: str = ""
    standing: int | None = None
    """The version that counts meanwhile, or goes on counting."""
    ratings: int = 0
    """How many that one has, where the late file is to take its place: they do not go over to it."""


class OpenContest(Part):
    """A contest that takes compositions now, and where."""

    name: str
    channel_id: str
    intake: Intake
    """``channel``, ``dm`` or ``both``."""


class WrongPlace(Message, kind="wrong_place", in_words="a hint where to upload"):
    """A MIDI file in a channel that takes none: told to its author alone, once a file."""

    filename: str
    channel_id: str
    dm_only: bool
    """Whether that channel has a contest that takes compositions in direct messages only: others can see the file there."""
    contests: tuple[OpenContest, ...]


class ExtensionNote(Message, InContest, kind="extension", in_words="the news of more time"):
    """More time for one person: told to them."""

    until: datetime
    time_zone: str
    """The person's own."""
    reason: str
    granted_by: str


class FileGone(Message, InContest, kind="file_gone", in_words="a word about a deleted file"):
    """The author deleted the file of a composition that we keep: told to them once."""

    title: str
    late: bool
    """Whether it still waits for a decision."""


class Twin(Whose):
    """Another composition with the same bytes."""

    replaced: int = 0
    """The version that had them, where another one counts by now."""


class SameFileAlarm(
    Message, Whose, InContest, kind="same_file_alarm", in_words="the alarm of a file that came twice", alarms=False
):
    """A composition has exactly the bytes of somebody else's: told to the organizers, who decide what it means.

    Without names for those who judge the contest blind.
    """

    others: tuple[Twin, ...]
    """Those that were there before."""


class CorrectionNote(Message, InContest, kind="correction", in_words="the news of a corrected file"):
    """An organizer has replaced the file of a composition: told to its author."""

    title: str
    corrected_by: str
    reason: str
    version: int
    standing: int | None
    """The version that counts until the new file is accepted."""
    ratings: int = 0
    """How many that one has: they do not go over to the new file."""


class BeenAway(Message, kind="been_away", in_words="the news that I was away", alarms=False):
    """The bot could hear nothing for a while, and has read what was sent meanwhile: told to the organizers."""

    since: datetime | None
    """None where it does not know."""
    until: datetime
    taken: int
    """Compositions that it took in."""
    direct: bool
    """Whether it could read its direct messages, too."""


class ChannelArchived(
    Message, InContest, kind="channel_archived", in_words="the news of an archived channel", alarms=False
):
    """The contest's channel was archived: told to the organizers."""

    channel_id: str
    archived_by: str | None
