"""What newcomers read."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from bot.rules.phases import Intake, Phase
from bot.usecases.messages import Message


class FirstSteps(Message, kind="first_steps", in_words="the first steps"):
    """What an organizer does first, where there has never been a contest; rewritten once there is one."""

    contest_name: str = ""
    channel_id: str = ""
    """Of the first contest, once it is prepared."""


class Checklist(Message, kind="checklist", in_words="the checklist", alarms=False):
    """What a contest is, and how far this person has come in it: rewritten as things happen."""

    contest_id: str
    contest_name: str
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
