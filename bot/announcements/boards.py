"""Leaderboards."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from bot.announcements.base import Message, Part


class BoardRow(Part):
    """A place on a board."""

    place: int
    name: str
    score: float
    """Human board: 1-5, mean over judges of the mean of the criteria. AI board: 0-100."""
    ratings: int
    """How many ratings it rests on (AI board: 0)."""


class BoardPost(Message):
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
