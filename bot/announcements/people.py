"""Answers to plain words."""

from __future__ import annotations

from typing import Literal

from bot.announcements.base import Message


class HelpReply(Message):
    """Answer to plain words in the direct messages."""

    kind: Literal["help_reply"] = "help_reply"
    roles: tuple[str, ...]
    sentence: str | None = None
    """Says why, where the words asked for something that cannot be now."""
