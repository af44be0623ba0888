"""What people read about accounts. No message has a password in it: only a window shows one."""

from __future__ import annotations

from datetime import datetime

from bot.usecases.messages import InContest, Message


class AccountReply(Message, InContest, kind="account_reply", in_words="an answer"):
    """Answer to the plain word "account" in the direct messages: a button, since only a modal may show the password."""

    channel_id: str = ""
    """The contest's channel: what the button asks about."""
    empty: bool = False
    """Whether none is free for them now: the button leads to the line then."""
    had: bool = False
    """Whether they gave one back, and may have another only when an organizer agrees."""


class PoolAlarm(Message, InContest, kind="pool_alarm", in_words="the alarm of few accounts", alarms=False):
    """The pool of accounts is running low or empty: told to the organizers."""

    slug: str
    left: int
    asked_by: str
    """Who asked in vain; empty where nobody did."""
    channel_id: str = ""
    """The contest's channel: what the button asks about."""


class AccountFree(Message, InContest, kind="account_free", in_words="the news of a free account"):
    """An account is free and kept for the person, who waited longest."""

    channel_id: str
    """The contest's channel: what the button asks about."""
    until: datetime


class AccountPassedOn(Message, InContest, kind="account_passed_on", in_words="the word that an account was passed on"):
    """The account that was kept for the person is no longer kept."""

    channel_id: str


class AccountReturned(Message, InContest, kind="account_returned", in_words="the news of a returned account"):
    """Somebody gave an account back: told to the organizers, who have to replace its password."""

    account_id: str
    user_name: str
    returned_by: str
    channel_id: str = ""
    """As in ``PoolAlarm``."""


class ReissueAsked(Message, InContest, kind="reissue_asked", in_words="a request to see a password again"):
    """Somebody wants to see their password once more: for an organizer to decide."""

    request_id: str
    asked_by: str
    account_id: str
    user_name: str


class ReissueApproved(Message, InContest, kind="reissue_approved", in_words="the answer to a request for a password"):
    """The person may see their password once more, until then."""

    request_id: str
    until: datetime


class ReissueDeclined(Message, InContest, kind="reissue_declined", in_words="the answer to a request for a password"):
    """The person may not, and reads why."""

    declined_by: str
    reason: str


class AnotherAsked(Message, InContest, kind="another_asked", in_words="a request for another account"):
    """Somebody who gave an account back asks for another one: for an organizer to decide."""

    request_id: str
    asked_by: str
    account_id: str
    """Of the one that was given back."""
    user_name: str
    returned_at: datetime


class AnotherAllowed(
    Message, InContest, kind="another_allowed", in_words="the answer to a request for another account"
):
    """The person may have another account."""

    channel_id: str
    """The contest's channel: what the button asks about."""


class AnotherDeclined(
    Message, InContest, kind="another_declined", in_words="the answer to a request for another account"
):
    """The person may not, and reads why."""

    declined_by: str
    reason: str


class RotationList(Message, InContest, kind="rotation_list", in_words="the list of passwords to change"):
    """The list of accounts whose passwords have been seen, as a file: told to the organizer who asked for it."""

    accounts: int
    kept_days: int
    """So long we keep the file; Slack keeps its own copy until somebody deletes it."""
    order: str = ""
    """As in ``ExportReady``."""
