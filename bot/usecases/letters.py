"""Writes letters: what the use cases have to say goes out through the outbox, in the transaction that has the reason for it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from bot.announcements.stored import dump
from bot.usecases.roles import Role

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from bot.announcements.base import Message
    from bot.ports import Upload
    from models.contest import Contest
    from models.store import Work
    from models.submission import Submission


def post(  # noqa: PLR0913 - a letter is what it says
    work: Work,
    key: str,
    to: str,
    message: Message,
    now: datetime,
    *,
    thread_ts: str | None = None,
    uploads: Sequence[Upload] = (),
) -> bool:
    """Put a letter into the outbox. False where one of that key is there already: nothing is said twice."""
    stored = dump(message)
    return work.outbox.add(key, to, stored, [asdict(upload) for upload in uploads], thread_ts, now=now)


@dataclass(frozen=True)
class Draft:
    """A letter that is posted together with others."""

    key: str
    to: str
    message: Message
    uploads: Sequence[Upload] = ()


def post_all(work: Work, drafts: Sequence[Draft], now: datetime) -> None:
    """Put many letters into the outbox at once; those whose key is there already are left out."""
    rows = [
        {
            "key": draft.key,
            "recipient": draft.to,
            "message": dump(draft.message),
            "uploads": [asdict(upload) for upload in draft.uploads],
            "thread_ts": None,
        }
        for draft in drafts
    ]
    work.outbox.add_all(rows, now=now)


def post_to_organizers(  # noqa: PLR0913, PLR0917 - a letter is what it says
    work: Work,
    key: str,
    contest: Contest,
    message: Message,
    now: datetime,
    organizer_ids: Collection[str],
) -> None:
    """One letter to each organizer of the contest, and to each of ``organizer_ids``, those of the settings."""
    holders = work.contests.roles.holders(contest.id, Role.ORGANIZER)
    for organizer in dict.fromkeys([*holders, *sorted(organizer_ids)]):
        post(work, f"{key}:{organizer}", organizer, message, now)


def thread_of(submission: Submission) -> str:
    """The thread in which we answer an upload: the one it was posted in, or the one that its own message begins."""
    return submission.thread_ts or submission.message_ts
