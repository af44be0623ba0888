"""What organizers ask Kantor to tell people: announcements, and reminders."""

from __future__ import annotations

from datetime import datetime

from bot.usecases.messages import Message


class Announcement(Message, kind="announcement", in_words="an announcement"):
    """An organizer's own words, to a channel or to a person."""

    contest_name: str
    sent_by: str
    """The organizer's user id."""
    words: str


class ComposerNudge(Message, kind="composer_nudge", in_words="a reminder of the deadline"):
    """A friendly reminder for somebody who has handed in nothing yet."""

    contest_name: str
    channel_id: str
    deadline: datetime
    """Their own, where they have more time."""
    time_zone: str
    left: str = ""
    """How long that was from when it was written (``bot.rules.countdown.left``)."""


class JudgeNudge(Message, kind="judge_nudge", in_words="a reminder to rate"):
    """A friendly reminder for a judge who has pieces left."""

    contest_id: str
    contest_name: str
    done: int
    total: int
