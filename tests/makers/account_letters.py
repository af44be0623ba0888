"""One of each message about accounts and data."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bot.usecases.accounts.letters import (
    AccountFree,
    AccountPassedOn,
    AccountReply,
    AccountReturned,
    AnotherAllowed,
    AnotherAsked,
    AnotherDeclined,
    PoolAlarm,
    ReissueApproved,
    ReissueAsked,
    ReissueDeclined,
    RotationList,
)
from bot.usecases.records.letters import (
    BundleReady,
    Erased,
    ErasureAsked,
    ExportReady,
    JobDropped,
    ReportReady,
    RetentionDone,
    RetentionSoon,
)

if TYPE_CHECKING:
    from bot.usecases.messages import Message

AT = datetime(2026, 12, 4, 17, 0, tzinfo=UTC)


def account_letters(text: str) -> list[Message]:
    """One of each kind, with these words wherever people's words go."""
    return [
        AccountReply(contest_name=text, channel_id="C1"),
        AccountReply(contest_name=text, channel_id="C1", empty=True),
        JobDropped(contest_name=text, what="the check of a composition", reference="ab12cd34"),
        PoolAlarm(contest_name=text, slug=text, left=2, asked_by="", channel_id="C1"),
        AccountFree(contest_name=text, channel_id="C1", until=AT),
        AccountPassedOn(contest_name=text, channel_id="C1"),
        AccountReturned(contest_name=text, account_id=text, user_name=text, returned_by="U1"),
        ReissueAsked(request_id="r1", contest_name=text, asked_by="U1", account_id=text, user_name=text),
        ReissueApproved(request_id="r1", contest_name=text, until=AT),
        ReissueDeclined(contest_name=text, declined_by="U1", reason=text),
        AccountReply(contest_name=text, channel_id="C1", had=True),
        AnotherAsked(
            request_id="r1", contest_name=text, asked_by="U1", account_id=text, user_name=text, returned_at=AT
        ),
        AnotherAllowed(contest_name=text, channel_id="C1"),
        AnotherDeclined(contest_name=text, declined_by="U1", reason=text),
        RotationList(contest_name=text, accounts=2, kept_days=7),
        RotationList(contest_name=text, accounts=2, kept_days=7, order="a" * 32),
        *(ReportReady(contest_name=text, made_at=AT, kept_days=7, order=order) for order in ("", "a" * 32)),
        *(BundleReady(contest_name=text, made_at=AT, kept_days=7, order=order) for order in ("", "a" * 32)),
        ExportReady(contest_name=text, made_at=AT, submissions=2, ratings=1, kept_days=7),
        ExportReady(contest_name=text, made_at=AT, submissions=2, ratings=1, kept_days=7, order="a" * 32),
        ErasureAsked(asked_by="U1"),
        RetentionSoon(contest_name=text, slug=text, at=AT),
        RetentionDone(contest_name=text, people=1),
        RetentionDone(contest_name=text, people=0, passwords=2),
        Erased(),
    ]
