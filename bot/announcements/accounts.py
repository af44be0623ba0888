"""What people read about accounts."""

from __future__ import annotations

from typing import Literal

from bot.announcements.base import Message


class AccountReply(Message):
    """Answer to the plain word "account" in the direct messages: a button, since only a modal may show the password."""

    kind: Literal["account_reply"] = "account_reply"
    contest_id: str
    contest_name: str
    channel_id: str = ""
    """The contest's channel: what the button asks about."""


class PoolAlarm(Message):
    """The pool of accounts is running low or empty: told to the organizers."""

    kind: Literal["pool_alarm"] = "pool_alarm"
    contest_name: str
    slug: str
    left: int
    asked_by: str
