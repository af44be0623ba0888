"""All messages, drawn: importing a topic's module puts its messages into the register."""

from __future__ import annotations

from handlers.views.letters import (
    accounts,
    boards,
    calls,
    contests,
    feedback,
    intake,
    judging,
    onboarding,
    people,
    records,
    submissions,
    verdicts,
)
from handlers.views.letters.base import Drawn, draw, share_comment

__all__ = ["TOPICS", "Drawn", "draw", "share_comment"]

TOPICS = (
    accounts,
    boards,
    calls,
    contests,
    feedback,
    intake,
    judging,
    onboarding,
    people,
    records,
    submissions,
    verdicts,
)
"""The modules that draw."""
