"""Answers to plain words, what newcomers read, and what organizers ask Kantor to tell people: announcements, reminders, requests to help."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from bot.rules.duties import Duty, Reminder, Standing
from bot.rules.phases import Intake, Phase
from bot.usecases.messages import InContest, Message, Part


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


class RulesReply(Message, InContest, kind="rules", in_words="an answer"):
    """The rules of a contest; with ``brief`` only until when compositions are taken."""

    channel_id: str
    phase: Phase
    intake: Intake
    """Where compositions are taken (``bot.rules.phases.Intake``)."""
    deadline: datetime
    """The person's own."""
    left: str = ""
    """How long that was from when it was asked (``bot.rules.moments.left``)."""
    time_zone: str
    """The person's own, where we know it."""
    extended: bool
    """Whether the person has more time than others."""
    limit: int
    judged: tuple[str, ...] = ()
    """How it is judged, as sentences of a use case."""
    version: int | None = None
    """Of the rules of judging, once they are fixed."""
    sha256: str = ""
    """Of their document."""
    text: str
    """What the organizers wrote in place of our own words; empty: nothing."""
    prizes: tuple[str, ...] = ()
    """As ``bot.rules.prizes.told``."""
    brief: bool = False


class Announcement(Message, InContest, kind="announcement", in_words="an announcement"):
    """An organizer's own words, to a channel or to a person."""

    sent_by: str
    """The organizer's user id."""
    words: str


class ComposerNudge(Message, InContest, kind="composer_nudge", in_words="a reminder of the deadline"):
    """A friendly reminder for somebody who has handed in nothing yet."""

    channel_id: str
    deadline: datetime
    """Their own, where they have more time."""
    time_zone: str
    left: str = ""
    """How long that was from when it was written (``bot.rules.moments.left``)."""


class JudgeNudge(Message, InContest, kind="judge_nudge", in_words="a reminder to rate"):
    """A friendly reminder for a judge who has pieces left."""

    contest_id: str
    done: int
    total: int


class FirstSteps(Message, kind="first_steps", in_words="the first steps"):
    """What an organizer does first, where there has never been a contest; rewritten once there is one."""

    contest_name: str = ""
    channel_id: str = ""
    """Of the first contest, once it is prepared."""


class Checklist(Message, InContest, kind="checklist", in_words="the checklist", alarms=False):
    """What a contest is, and how far this person has come in it: rewritten as things happen."""

    channel_id: str
    phase: Phase
    intake: Intake
    """Where compositions are taken (``bot.rules.phases.Intake``)."""
    deadline: datetime
    """The person's own, where they have an extension."""
    time_zone: str
    """The person's own, where we know it."""
    limit: int
    account: Literal["none", "free", "held", "empty", "returned"]
    """``none``: the contest hands out none."""
    piece: str = ""
    """Title of the composition that came furthest; empty where nothing was sent in."""
    piece_state: str = ""
    """Its state (``models.submissions.SubmissionState``)."""
    heard: bool = False
    """Whether the AI judge has told them what it thinks."""


class StarterReply(Message, kind="starter_reply", in_words="an answer"):
    """Answer to the plain word "starter": how to make a MIDI file, and melodies to begin with."""

    melodies: tuple[tuple[str, str], ...]
    """Key and title of each."""


class StarterMelody(Message, kind="starter_melody", in_words="a melody of the starter kit"):
    """A melody to begin with; its MIDI file is the letter's upload."""

    title: str
    source: str
    """Whose it is, and from when."""
    idea: str
    """What one could do with it."""


class Asking(Part):
    """What somebody is asked, with all that they need to know."""

    request_id: str
    duty: Duty
    asked_by: str
    asked_at: datetime
    channel_id: str
    words: str
    """The organizer's own; empty: none."""
    begins: datetime | None
    """When compositions close, and the judging begins; of a ceremony, when it is, where somebody has said so."""
    ends: datetime | None
    """Until when a judge should be through, where somebody has said so."""
    running: bool
    """Whether the judging has begun."""
    time_zone: str
    """The person's own, where we know it."""
    pieces: int
    """That the person would hear, as far as can be told; 0: nobody can tell yet."""
    minutes: int
    """For all of them."""
    seconds: float
    """Of a composition, on average."""
    handed_in: int
    """Compositions that there are; 0: ``pieces`` follows from who takes part so far."""
    limit: int
    """Compositions that each person may hand in."""
    finalists: int = 0
    """That judges hear once more, in a final; 0: there is none."""
    blind: bool = True


class DutyAsked(Message, InContest, kind="duty_asked", in_words="a request to help"):
    """Somebody is asked to judge, to present or to speak; rewritten as they answer, and as it becomes moot."""

    asking: Asking
    standing: Standing = Standing.WAITING
    why: str = ""
    """What the person wrote with their answer."""
    changeable: bool = True
    """Whether their answer can still be given, or changed."""


class DutyReminder(Message, InContest, kind="duty_reminder", in_words="a reminder of a request to help", alarms=False):
    """The same once more, shortly; or that what they have agreed to begins soon."""

    asking: Asking
    reminder: Reminder
    standing: Standing = Standing.WAITING
    why: str = ""
    changeable: bool = True


class DutyAnswered(Message, InContest, kind="duty_answered", in_words="the answer to a request to help"):
    """For the organizer who asked."""

    channel_id: str
    person: str
    duty: Duty
    accepted: bool
    why: str
    changed: bool
    """They had said otherwise before."""
    waiting: int
    """How many people have yet to answer the same question."""
    judges: int
    """That there are now."""
    needed: int | None
    """As ``bot.usecases.judging.panels.judges_wanted``."""


class DutyWithdrawn(
    Message, InContest, kind="duty_withdrawn", in_words="the word that somebody's help is not needed after all"
):
    """For somebody who had accepted."""

    duty: Duty
    by: str
