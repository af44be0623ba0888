"""Writes letters: what the use cases have to say goes out through the outbox, in the transaction that has the reason for it."""

from __future__ import annotations

from dataclasses import KW_ONLY, asdict, dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from bot.rules.roles import Role
from bot.usecases.blindness import is_kept_blind
from bot.usecases.messages import dump
from models.erasure import GONE

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from bot.ports import Enclosure
    from bot.usecases.messages import Message
    from models.contests import Contest
    from models.store import Work
    from models.submissions import Submission


def post(  # noqa: PLR0913 - a letter is what it says
    work: Work,
    key: str,
    to: str,
    message: Message,
    now: datetime,
    *,
    contest_id: str | None,
    subject_id: str | None = None,
    thread_ts: str | None = None,
    uploads: Sequence[Enclosure] = (),
    edits: str | None = None,
    wait: timedelta = timedelta(0),
) -> bool:
    """Put a letter into the outbox. False where one of that key is there already: nothing is said twice.

    ``contest_id`` is the contest that it is about: its organizers learn of it where it never arrives. None: about none, or several.
    ``subject_id`` is what in the contest it is about, such as a submission.
    With ``edits``, the key of an earlier letter, this one rewrites that letter's message, wherever that went; ``to``,
    ``thread_ts`` and what it is about are not looked at. False where there is no such letter. It is never sent before that one, and silently
    dropped where that one never arrives, or is gone; and it goes out after ``wait`` at the earliest. Raises ValueError for an edit with files: Slack cannot add them.
    """
    stored = dump(message)
    if edits is not None:
        if uploads:
            raise ValueError(f"an edit cannot bring files: {key}")
        return work.outbox.add_edit(key, edits, stored, now=now, wait=wait)
    if to.startswith(GONE):  # a person whose data were erased: nobody to write to
        return False
    files = [asdict(upload) for upload in uploads]
    return work.outbox.add(key, to, stored, files, thread_ts, now=now, contest_id=contest_id, subject_id=subject_id)


@dataclass(frozen=True)
class Draft:
    """A letter that is posted together with others."""

    key: str
    to: str
    message: Message
    uploads: Sequence[Enclosure] = ()
    _: KW_ONLY
    contest_id: str | None
    subject_id: str | None = None
    """Both as in ``post``."""
    edits: str | None = None
    """The key of the earlier letter whose message this one rewrites (see ``post``)."""

    @property
    def row(self) -> dict[str, Any]:
        """As the outbox takes it."""
        return {
            "key": self.key,
            "recipient": self.to,
            "message": dump(self.message),
            "uploads": [asdict(upload) for upload in self.uploads],
            "thread_ts": None,
            "contest_id": self.contest_id,
            "subject_id": self.subject_id,
        }


def post_all(work: Work, drafts: Sequence[Draft], now: datetime) -> None:
    """Put many letters into the outbox at once; those whose key is there already are left out."""
    for draft in drafts:
        if draft.edits is not None:
            files, about = draft.uploads, draft.contest_id
            post(work, draft.key, draft.to, draft.message, now, uploads=files, edits=draft.edits, contest_id=about)
    rows = [draft.row for draft in drafts if draft.edits is None and not draft.to.startswith(GONE)]
    work.outbox.add_all(rows, now=now)


def post_edits(work: Work, drafts: Sequence[Draft], now: datetime) -> None:
    """Rewrite many letters at once; those that were never written, and edits whose key is there already, are left out."""
    known = work.outbox.known([draft.edits for draft in drafts if draft.edits])
    work.outbox.add_all([{**draft.row, "edits": draft.edits} for draft in drafts if draft.edits in known], now=now)


def post_to_organizers(  # noqa: PLR0913, PLR0917 - a letter is what it says
    work: Work,
    key: str,
    contest: Contest,
    message: Message,
    now: datetime,
    organizer_ids: Collection[str],
    uploads: Sequence[Enclosure] = (),
    *,
    subject_id: str | None = None,
    veiled: Message | None = None,
    edits: str | None = None,
) -> None:
    """One letter to each organizer of the contest, and to each of ``organizer_ids``, those of the settings.

    Those who judge the contest blind get ``veiled`` in its place, where there is one, and never the files: who wrote what
    could be read off them. With ``edits``, the ``key`` of an earlier call, those letters are rewritten; who has none gets
    this one.
    """
    holders = work.contests.roles.holders(contest.id, Role.ORGANIZER)
    for organizer in dict.fromkeys([*holders, *sorted(organizer_ids)]):
        blind = is_kept_blind(work, contest, organizer)
        letter = veiled if blind and veiled is not None else message
        own, before = f"{key}:{organizer}", None if edits is None else f"{edits}:{organizer}"
        if before is None or not post(work, own, organizer, letter, now, edits=before, contest_id=contest.id):
            files = () if blind else uploads
            first = before or own
            post(work, first, organizer, letter, now, uploads=files, contest_id=contest.id, subject_id=subject_id)


def post_about(  # noqa: PLR0913 - a letter is what it says
    work: Work,
    key: str,
    piece: Submission,
    message: Message,
    now: datetime,
    *,
    to: str | None = None,
    uploads: Sequence[Enclosure] = (),
) -> None:
    """A letter about a submission: to that person, or where none is named into the thread of the upload."""
    place, thread = (piece.channel_id, thread_of(piece)) if to is None else (to, None)
    contest, subject = piece.contest_id, piece.id
    post(work, key, place, message, now, contest_id=contest, subject_id=subject, thread_ts=thread, uploads=uploads)


def thread_of(submission: Submission) -> str | None:
    """The thread in which we answer an upload: the one it was posted in, or the one that its own message begins.

    None for what came by a window, which is in no message.
    """
    return submission.thread_ts or submission.message_ts or None
