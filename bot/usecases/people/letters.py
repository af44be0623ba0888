"""Answers to plain words."""

from __future__ import annotations

from datetime import datetime

from bot.rules.phases import Intake, Phase
from bot.usecases.messages import Message


class HelpReply(Message, kind="help_reply", in_words="an answer"):
    """Answer to plain words in the direct messages."""

    roles: tuple[str, ...]
    sentence: str | None = None
    """Says why, where the words asked for something that cannot be now."""
    first: bool = False
    """To an organizer, where there has never been a contest: the first steps come before all else."""


class WayReply(Message, kind="way_reply", in_words="an answer"):
    """Answer to plain words: the way to what they asked for, with its button."""

    wish: str
    """A word of ``bot.rules.plainwords.Wish``; empty for words that we do not know."""
    contest_name: str = ""
    contest_id: str = ""
    channel_id: str = ""
    """Of the contest that they are about; all three empty where they are about none."""
    prizes: tuple[str, ...] = ()
    """Of the contest, where the words ask how it works (``bot.rules.prizes.told``)."""
    command: str = ""
    """What follows ``/kantor``, where the words are one of its commands."""
    judges: bool = False
    """Whether the person judges that contest."""
    guess: str = ""
    """A word or command of ours that was perhaps meant, where we do not know the words."""


class RulesReply(Message, kind="rules", in_words="an answer"):
    """The rules of a contest; with ``brief`` only until when compositions are taken."""

    contest_id: str = ""
    contest_name: str
    channel_id: str
    phase: Phase
    intake: Intake
    """Where compositions are taken (``bot.rules.phases.Intake``)."""
    deadline: datetime
    """The person's own."""
    left: str = ""
    """How long that was from when it was asked (``bot.rules.countdown.left``)."""
    time_zone: str
    """The person's own, where we know it."""
    extended: bool
    """Whether the person has more time than others."""
    limit: int
    blind: bool
    rounds: int
    finalists: int
    winners: int
    criteria: tuple[str, ...]
    """Their titles."""
    text: str
    """What the organizers wrote in place of our own words; empty: nothing."""
    prizes: tuple[str, ...] = ()
    """As ``bot.rules.prizes.told``."""
    brief: bool = False
