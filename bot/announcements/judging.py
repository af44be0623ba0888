"""What judges read."""

from __future__ import annotations

from typing import Literal

from bot.announcements.base import Message


class RatingInvitation(Message):
    """The next composition for a judge; its mp3 and picture are the letter's uploads."""

    kind: Literal["rating_invitation"] = "rating_invitation"
    contest_name: str
    submission_id: str
    alias: str
    alt_text: str
    done: int
    total: int
    has_sound: bool


class RatingsDone(Message):
    """A judge has rated all there is."""

    kind: Literal["ratings_done"] = "ratings_done"
    contest_name: str
    total: int


class JudgeWelcome(Message):
    """Somebody was made a judge."""

    kind: Literal["judge_welcome"] = "judge_welcome"
    contest_name: str
    channel_id: str
    added_by: str
    judging: bool
    """Whether there is something to listen to already."""
