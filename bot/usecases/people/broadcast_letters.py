"""What organizers ask Kantor to tell people: announcements, and reminders."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from bot.usecases.messages import Message


class Announcement(Message):
    """An organizer's own words, to a channel or to a person."""

    kind: Literal["announcement"] = "announcement"
    contest_name: str
    sent_by: str
    """The organizer's user id."""
    words: str


class ComposerNudge(Message):
    """A friendly reminder for somebody who has handed in nothing yet."""

    kind: Literal["composer_nudge"] = "composer_nudge"
    contest_name: str
    channel_id: str
    deadline: datetime
    """Their own, where they have more time."""
    time_zone: str


class JudgeNudge(Message):
    """A friendly reminder for a judge who has pieces left."""

    kind: Literal["judge_nudge"] = "judge_nudge"
    contest_id: str
    contest_name: str
    done: int
    total: int
