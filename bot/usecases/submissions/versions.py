"""The versions of one composition: at most one of them counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.errors import Refusal
from bot.rules.naming import title_of
from bot.rules.words import quoted
from bot.usecases.submissions.letters import Card, LateReceipt, Receipt, RefusalNote, VerdictNote
from models.submissions import SubmissionState

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.usecases.submissions.arrivals import Upload
    from models.store import Work
    from models.submissions import Submission

GONE = frozenset({SubmissionState.REFUSED, SubmissionState.FAILED})
"""What was tried, and is not there."""
_IN = frozenset({SubmissionState.ACCEPTED, SubmissionState.SUPERSEDED})

_ANSWERS = frozenset(each.kind for each in (Receipt, LateReceipt, Card, VerdictNote, RefusalNote))
"""Our letters about one upload: a file in reply to one of them is a new version of it."""


def standing(work: Work, root_id: str) -> Submission | None:
    """The version that counts; None where none does."""
    versions = work.submissions.versions(root_id)
    return next((piece for piece in versions if piece.state == SubmissionState.ACCEPTED), None)


def standing_version(work: Work, root_id: str) -> int | None:
    """The number of the version that counts."""
    piece = standing(work, root_id)
    return None if piece is None else piece.version


def accept_version(work: Work, piece: Submission) -> Submission:
    """A version that passed its check: it counts from now on, unless a later one does. The one that counts."""
    now = standing(work, piece.root_id)
    if now is not None and now.version > piece.version:
        piece.state = SubmissionState.SUPERSEDED
        return now
    let_count(now, piece)
    return piece


def let_count(now: Submission | None, piece: Submission) -> None:
    """Let this version count in the place of the one that does now."""
    if now is not None and now.id != piece.id:
        now.state = SubmissionState.SUPERSEDED
        piece.in_final, now.in_final = now.in_final, False
    piece.state = SubmissionState.ACCEPTED


def past_tries(pieces: Iterable[Submission]) -> set[str]:
    """Of all that a person sent in to a contest, what nothing ever came of and what something newer stands for: by ``root_id``.

    What we failed to check is still theirs to send again, until something else of theirs was taken.
    """
    versions: dict[str, list[Submission]] = {}
    for piece in sorted(pieces, key=lambda piece: piece.number):
        versions.setdefault(piece.root_id, []).append(piece)
    tries = {root: each[-1] for root, each in versions.items() if all(piece.state in GONE for piece in each)}
    others = [each[-1] for each in versions.values()]
    return {
        root
        for root, last in tries.items()
        if any(
            later.number > last.number and (last.state == SubmissionState.REFUSED or later.root_id not in tries)
            for later in others
        )
    }


def own_twin(work: Work, piece: Submission) -> Submission | None:
    """What the same person has in the contest with exactly the same bytes, the one that counts first; None where nothing."""
    twins = [
        twin
        for twin in work.submissions.of_bytes(piece.contest_id, piece.sha256 or "")
        if twin.id != piece.id and twin.user_id == piece.user_id and twin.state in _IN
    ]
    return next(iter(sorted(twins, key=lambda twin: twin.state != SubmissionState.ACCEPTED)), None)


def others_twins(work: Work, piece: Submission) -> list[Submission]:
    """What other people have in the contest with exactly the same bytes."""
    twins = work.submissions.of_bytes(piece.contest_id, piece.sha256 or "")
    return [twin for twin in twins if twin.user_id != piece.user_id and twin.state in _IN]


def newest(work: Work, root_id: str) -> Submission:
    """The last version that came. Raises KeyError for an unknown composition."""
    versions = work.submissions.versions(root_id)
    if not versions:
        raise KeyError(root_id)
    return versions[-1]


def answered_upload(work: Work, upload: Upload, contest_id: str | None = None) -> Submission | None:
    """The person's own upload to which a file replies, in its thread or in that of our answer; None where it replies to none.

    With ``contest_id`` only uploads to that contest are looked at. Raises Refusal where the thread began with several compositions,
    and the file's name does not tell which one is meant.
    """
    if upload.thread_ts is None:
        return None
    begun = list(work.submissions.begun_by(upload.user_id, upload.channel_id, upload.thread_ts))
    begun = begun or _by_our_letter(work, upload.user_id, upload.channel_id, upload.thread_ts)
    begun = [piece for piece in begun if contest_id in {None, piece.contest_id}]
    if len({piece.root_id for piece in begun}) > 1:
        begun = [piece for piece in begun if title_of(piece.filename) == title_of(upload.filename)] or begun
    if len({piece.root_id for piece in begun}) > 1:
        titles = " and ".join(f"“{quoted(piece.title)}”" for piece in begun)
        raise Refusal(
            f"This thread began with {titles}, and I cannot tell which one this file replaces. "
            "`/kantor mine` lets you choose; or give it the name of the file that it replaces."
        )
    return next(iter(begun), None)


def _by_our_letter(work: Work, user_id: str, channel_id: str, thread_ts: str) -> list[Submission]:
    letter = work.outbox.at(channel_id, thread_ts)
    if letter is None or letter.subject_id is None or letter.kind not in _ANSWERS:
        return []
    piece = work.submissions.get(letter.subject_id)
    return [piece] if piece is not None and piece.user_id == user_id else []
