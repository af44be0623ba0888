"""What people read about accounts. No message has a password in it: only a window shows one."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from bot.usecases.messages import Message


class AccountReply(Message):
    """Answer to the plain word "account" in the direct messages: a button, since only a modal may show the password."""

    kind: Literal["account_reply"] = "account_reply"
    contest_id: str
    contest_name: str
    channel_id: str = ""
    """The contest's channel: what the button asks about."""
    empty: bool = False
    """Whether none is free for them now: the button leads to the line then."""
    had: bool = False
    """Whether they gave one back, and may have another only when an organizer agrees."""


class PoolAlarm(Message):
    """The pool of accounts is running low or empty: told to the organizers."""

    kind: Literal["pool_alarm"] = "pool_alarm"
    contest_name: str
    slug: str
    left: int
    asked_by: str
    """Who asked in vain; empty where nobody did."""
    channel_id: str = ""
    """The contest's channel: what the button asks about."""


class AccountFree(Message):
    """An account is free and kept for the person, who waited longest."""

    kind: Literal["account_free"] = "account_free"
    contest_name: str
    channel_id: str
    """The contest's channel: what the button asks about."""
    until: datetime


class AccountPassedOn(Message):
    """The account that was kept for the person is no longer kept."""

    kind: Literal["account_passed_on"] = "account_passed_on"
    contest_name: str
    channel_id: str


class AccountReturned(Message):
    """Somebody gave an account back: told to the organizers, who have to replace its password."""

    kind: Literal["account_returned"] = "account_returned"
    contest_name: str
    account_id: str
    user_name: str
    returned_by: str
    channel_id: str = ""
    """As in ``PoolAlarm``."""


class ReissueAsked(Message):
    """Somebody wants to see their password once more: for an organizer to decide."""

    kind: Literal["reissue_asked"] = "reissue_asked"
    request_id: str
    contest_name: str
    asked_by: str
    account_id: str
    user_name: str


class ReissueApproved(Message):
    """The person may see their password once more, until then."""

    kind: Literal["reissue_approved"] = "reissue_approved"
    request_id: str
    contest_name: str
    until: datetime


class ReissueDeclined(Message):
    """The person may not, and reads why."""

    kind: Literal["reissue_declined"] = "reissue_declined"
    contest_name: str
    declined_by: str
    reason: str


class AnotherAsked(Message):
    """Somebody who gave an account back asks for another one: for an organizer to decide."""

    kind: Literal["another_asked"] = "another_asked"
    request_id: str
    contest_name: str
    asked_by: str
    account_id: str
    """Of the one that was given back."""
    user_name: str
    returned_at: datetime


class AnotherAllowed(Message):
    """The person may have another account."""

    kind: Literal["another_allowed"] = "another_allowed"
    contest_name: str
    channel_id: str
    """The contest's channel: what the button asks about."""


class AnotherDeclined(Message):
    """The person may not, and reads why."""

    kind: Literal["another_declined"] = "another_declined"
    contest_name: str
    declined_by: str
    reason: str


class RotationList(Message):
    """The list of accounts whose passwords have been seen, as a file: told to the organizer who asked for it."""

    kind: Literal["rotation_list"] = "rotation_list"
    contest_name: str
    accounts: int
    kept_days: int
    """So long we keep the file; Slack keeps its own copy until somebody deletes it."""
