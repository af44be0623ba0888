"""A judge's letters follow their pieces: what was skipped, flagged, recused, withdrawn or replaced has no live button to rate it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.rules.phases import Round
from bot.usecases.judging.letters import PieceStands, RatingInvitation, RatingStands
from bot.usecases.judging.piles import called
from bot.usecases.letters import post
from bot.usecases.roles import Role
from bot.usecases.stored import dump, load
from models.judging import MarkKind
from models.submissions import SubmissionState

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from datetime import datetime

    from bot.usecases.messages import Message
    from models.contests import Contest
    from models.outbox import OutboxRow
    from models.store import Work
    from models.submissions import Submission

SETTLED = "flagged, and settled so"
"""The reason of a recusal that organizers decided on: the judge does not take it back."""


def follow(
    work: Work, contest: Contest, submission_ids: Collection[str], now: datetime, judges: Collection[str] | None = None
) -> None:
    """Rewrite the invitations to these pieces that say what does not hold any more; of all judges, or of these.

    Whoever changes what a judge can do with a piece calls this, in the same transaction, and holds the contest's lock.
    """
    rows = [row.user_id for row in work.contests.roles.of_contest(contest.id) if row.role == Role.JUDGE]
    for judge in rows if judges is None else judges:
        for piece in work.submissions.by_ids(set(submission_ids)).values():
            for letter, is_newest in _invitations(work, judge, piece):
                _bring_up_to_date(work, contest, (letter, is_newest), judge, piece, now)


def _invitations(work: Work, judge: str, piece: Submission) -> Iterator[tuple[OutboxRow, bool]]:
    """All letters that sent the piece to the judge, and whether each is the newest of its round."""
    prefix = f"invite:{judge}:{piece.id}"
    sent = [
        row for row in work.outbox.starting(prefix) if row.edits is None and row.key.startswith((f"{prefix}:", prefix))
    ]
    newest = {_is_final(row): row.id for row in sent}
    for row in sent:
        yield row, newest[_is_final(row)] == row.id


def _is_final(letter: OutboxRow) -> bool:
    return bool(letter.message.get("final"))


def _bring_up_to_date(  # noqa: PLR0913, PLR0917 - a letter, whose, about what, and when
    work: Work, contest: Contest, sent: tuple[OutboxRow, bool], judge: str, piece: Submission, now: datetime
) -> None:
    letter, is_newest = sent
    edit = work.outbox.latest_edit(letter.key)
    shown = letter.message if edit is None else edit.message
    message = dump(_message(work, contest, letter, judge, piece, is_newest=is_newest))
    if message != shown:
        key = f"follows:{letter.key}:{now.timestamp():.3f}"
        post(work, key, judge, load(message), now, edits=letter.key, contest_id=contest.id)


def _message(  # noqa: PLR0913 - as above
    work: Work, contest: Contest, letter: OutboxRow, judge: str, piece: Submission, *, is_newest: bool
) -> Message:
    """What the letter of that piece says now."""
    round_ = Round.FINAL if _is_final(letter) else Round.PRELIMINARY
    alias = str(letter.message["alias"])
    stands = PieceStands(submission_id=piece.id, alias=alias, standing="withdrawn", round=round_.value)
    if piece.state != SubmissionState.ACCEPTED:
        new = _version_that_counts(work, piece)
        replaced = {"standing": "replaced", "now_called": "" if new is None else called(contest, new)}
        return stands if new is None else stands.model_copy(update=replaced)
    standing, undo = _standing(work, letter, judge, piece, is_newest=is_newest)
    if standing:
        return stands.model_copy(update={"standing": standing, "undo": undo})
    if work.ratings.by_judge(piece.id, judge, round_.value) is not None:
        return RatingStands(submission_id=piece.id, alias=alias, round=round_.value)
    return RatingInvitation.model_validate(letter.message)


def _standing(work: Work, letter: OutboxRow, judge: str, piece: Submission, *, is_newest: bool) -> tuple[str, bool]:
    """What keeps the judge from rating the piece now, and whether they can take it back; empty where nothing does."""
    marks, round_ = work.ratings.marks, Round.FINAL if _is_final(letter) else Round.PRELIMINARY
    recusal, flag, skip = (
        marks.on(piece.id, judge, kind) for kind in (MarkKind.RECUSED, MarkKind.FLAGGED, MarkKind.SKIPPED)
    )
    if recusal is not None:
        return "recused", recusal.reason != SETTLED
    if work.ratings.by_judge(piece.id, judge, round_.value) is not None:
        return "", False
    if flag is not None and flag.resolved_at is None:
        return "flagged", True
    if not is_newest:
        return "skipped", False
    return ("skipped", True) if skip is not None and skip.at > letter.created_at else ("", False)


def _version_that_counts(work: Work, piece: Submission) -> Submission | None:
    versions = work.submissions.versions(piece.root_id)
    return next((one for one in versions if one.state == SubmissionState.ACCEPTED and one.id != piece.id), None)
