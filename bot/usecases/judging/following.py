"""What happens elsewhere, and what it means for those who judge: their piles, their letters, their next pieces.

A judge's letters follow their subject: what cannot be rated any more has no live button, nor has anything of who judges no more.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.rules.phases import JUDGED, OVER, Phase, Round
from bot.rules.roles import Role
from bot.usecases.blindness import whose
from bot.usecases.judging.invitations import invite_all, invite_next, practice_first, with_judges
from bot.usecases.judging.letters import (
    JudgesNoMore,
    JudgingDigest,
    JudgingGoesOn,
    PieceStands,
    PieceWithdrawn,
    PracticeInvitation,
    PracticeWaits,
    RatingEntered,
    RatingInvitation,
    RatingStands,
)
from bot.usecases.judging.piles import called, round_heard
from bot.usecases.letters import Draft, post, post_all
from bot.usecases.messages import Whose, dump
from models.judging import MarkKind
from models.submissions import SubmissionState

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime

    from bot.usecases import happenings as on
    from bot.usecases.desk import Matter
    from bot.usecases.messages import Message
    from models.contests import Contest, ContestRole
    from models.judging import JudgingMark
    from models.outbox import OutboxRow
    from models.store import Work
    from models.submissions import Submission


_FOLLOWING = {
    each.kind: each for each in (RatingInvitation, JudgingDigest, RatingEntered, PracticeInvitation, PracticeWaits)
}
"""The kinds of letters that have a judge's buttons."""
INVITATIONS_FIRST = timedelta(minutes=2)
"""The letters of the first round wait so long once the final has begun: its invitations have files, and edits would go before them."""
SETTLED = "flagged, and settled so"
"""The reason of a recusal that organizers decided on: the judge does not take it back."""
CONFLICT = "conflict: "
"""Begins the reason of one that came of a conflict with the author: it ends with the conflict."""


def follow(
    work: Work, contest: Contest, submission_ids: Collection[str], now: datetime, judges: Collection[str] | None = None
) -> None:
    """Rewrite the letters about these pieces that say what does not hold any more; of all judges, or of these.

    Whoever changes what a judge can do with a piece calls this, in the same transaction, and holds the contest's lock.
    """
    rows = [row for row in work.contests.roles.of_contest(contest.id) if row.role == Role.JUDGE]
    theirs = {row.user_id: row for row in rows if judges is None or row.user_id in judges}
    _bring_up_to_date(work, contest, theirs, now, submission_ids)


def follow_judge(work: Work, contest: Contest, judge: str, now: datetime) -> None:
    """Rewrite all letters of a judge who has left, was let go, is back, or needs no practice any more; as ``follow``."""
    role = work.contests.roles.held(contest.id, judge, Role.JUDGE)
    _bring_up_to_date(work, contest, {} if role is None else {judge: role}, now)


def follow_round(work: Work, contest: Contest, round_: Round, now: datetime, wait: timedelta = timedelta(0)) -> None:
    """Rewrite the judges' letters of a round that has closed, or goes on after all; as ``follow``, after ``wait`` at the earliest.

    What was rated keeps its letter: there would be as many edits as judges times pieces, and its words stay true after the round.
    """
    roles = {row.user_id: row for row in work.contests.roles.of_contest(contest.id) if row.role == Role.JUDGE}
    rated, pieces = work.ratings.rated_by(contest.id, roles, round_.value), set(work.submissions.authors(contest.id))
    marked: dict[str, set[str]] = {judge: set() for judge in roles}
    for mark in work.ratings.marks.of_judges(contest.id, roles):
        marked[mark.judge].add(mark.submission_id)
    for judge, role in roles.items():
        _bring_up_to_date(work, contest, {judge: role}, now, (pieces - rated[judge]) | marked[judge], wait=wait)
    few = (JudgingDigest.kind, RatingEntered.kind)
    _bring_up_to_date(work, contest, roles, now, kinds=few, wait=wait)


@dataclass(frozen=True)
class _Sent:
    """A letter, whose it is, and what it is about."""

    letter: OutboxRow
    role: ContestRole
    piece: Submission | None
    is_newest: bool
    """Of those that sent the piece in its round."""

    @property
    def judge(self) -> str:
        return self.role.user_id

    @property
    def of_round(self) -> Round:
        of_final = self.letter.message.get("final") or self.letter.message.get("round") == Round.FINAL
        return Round.FINAL if of_final else Round.PRELIMINARY


def _bring_up_to_date(  # noqa: PLR0913 - which letters, and when
    work: Work,
    contest: Contest,
    roles: Mapping[str, ContestRole],
    now: datetime,
    about: Collection[str] | None = None,
    *,
    kinds: Collection[str] = tuple(_FOLLOWING),
    wait: timedelta = timedelta(0),
) -> None:
    letters = work.outbox.of_contest(contest.id, roles, kinds, about)
    pieces = work.submissions.by_ids({letter.subject_id for letter in letters if letter.subject_id})
    newest = {_place(letter): letter.id for letter in letters if letter.kind == RatingInvitation.kind}
    for letter in letters:
        is_newest = newest.get(_place(letter)) == letter.id
        sent = _Sent(letter, roles[letter.recipient], pieces.get(letter.subject_id or ""), is_newest)
        edit = work.outbox.latest_edit(letter.key)
        message = _message(work, contest, sent)
        if dump(message) != (letter if edit is None else edit).message:
            key = f"follows:{letter.key}:{now.timestamp():.3f}"
            post(work, key, letter.recipient, message, now, edits=letter.key, contest_id=contest.id, wait=wait)


def _place(letter: OutboxRow) -> tuple[str, str | None, bool]:
    return letter.recipient, letter.subject_id, bool(letter.message.get("final"))


def _message(work: Work, contest: Contest, sent: _Sent) -> Message:
    """What the letter says now."""
    message = _FOLLOWING[sent.letter.kind].model_validate(sent.letter.message)
    if isinstance(message, RatingEntered):
        over = _is_over(contest, sent.of_round)
        rateable = sent.role.recused_at is None and not over and _obstacle(work, contest, sent) is None
        return message.model_copy(update={"changeable": rateable})
    if sent.role.recused_at is not None:
        return JudgesNoMore(contest_name=contest.name, alias=sent.letter.message.get("alias", ""))
    if isinstance(message, PracticeInvitation | PracticeWaits):
        return message.model_copy(update={"done": not practice_first(contest, sent.role)})
    stands = _obstacle(work, contest, sent)
    if isinstance(message, JudgingDigest):
        live = stands is None and not _is_over(contest, sent.of_round)
        return message if live else message.model_copy(update={"submission_id": None})
    assert isinstance(message, RatingInvitation)
    if stands is None and work.ratings.by_judge(message.submission_id, sent.judge, sent.of_round.value) is not None:
        return RatingStands(submission_id=message.submission_id, alias=message.alias, round=sent.of_round.value)
    return stands or message


def _obstacle(work: Work, contest: Contest, sent: _Sent) -> PieceStands | None:
    """What keeps the judge from rating the piece now; None where nothing does."""
    piece = sent.piece
    if piece is None:
        return None
    alias = str(sent.letter.message["alias"])
    stands = PieceStands(submission_id=piece.id, alias=alias, standing="withdrawn", round=sent.of_round.value)
    if piece.state != SubmissionState.ACCEPTED:
        new = _version_that_counts(work, piece)
        replaced = {"standing": "replaced", "now_called": "" if new is None else called(work, contest, new)}
        return stands if new is None else stands.model_copy(update=replaced)
    standing, undo = _standing(work, contest, sent, piece)
    return stands.model_copy(update={"standing": standing, "undo": undo}) if standing else None


def _is_over(contest: Contest, round_: Round) -> bool:
    """Whether nobody rates in that round any more."""
    return contest.phase in OVER or (contest.phase == Phase.FINAL and round_ is Round.PRELIMINARY)


def _standing(work: Work, contest: Contest, sent: _Sent, piece: Submission) -> tuple[str, bool]:
    """What the judge, or an organizer, has decided about the piece, and whether the judge can take it back; empty where nothing."""
    marks = work.ratings.marks
    recusal, flag, skip = (
        marks.on(piece.id, sent.judge, kind) for kind in (MarkKind.RECUSED, MarkKind.FLAGGED, MarkKind.SKIPPED)
    )
    # A mark of the first round holds in the final, too, for what is heard there.
    past = contest.phase in OVER or (contest.phase == Phase.FINAL and not piece.in_final)
    if recusal is not None:
        return "recused", is_own(recusal) and not past
    if work.ratings.by_judge(piece.id, sent.judge, sent.of_round.value) is not None:
        return "", False
    if flag is not None and flag.resolved_at is None and not past:
        return "flagged", True
    if _is_over(contest, sent.of_round):
        return "over", False
    if sent.letter.kind == RatingInvitation.kind and not sent.is_newest:
        return "skipped", False
    return ("skipped", True) if skip is not None and skip.at > sent.letter.created_at else ("", False)


def is_own(recusal: JudgingMark) -> bool:
    """Whether the judge decided on it, piece by piece, and so can take it back."""
    return recusal.reason != SETTLED and not recusal.reason.startswith(CONFLICT)


def _version_that_counts(work: Work, piece: Submission) -> Submission | None:
    versions = work.submissions.versions(piece.root_id)
    return next((one for one in versions if one.state == SubmissionState.ACCEPTED and one.id != piece.id), None)


def of_a_phase(work: Matter, began: on.PhaseBegan) -> None:
    """A round begins: each judge gets the first pieces. Those who kept what they were sent before it was taken back learn that it goes on."""
    if began.phase not in JUDGED:
        return
    contest = work.contest
    if began.turn:
        key = f"goes_on:{contest.id}:{began.phase}:{began.turn}"
        held = {
            judge: JudgingGoesOn(contest_name=contest.name, pieces=n) for judge, n in with_judges(work, contest).items()
        }
        drafts = [Draft(f"{key}:{judge}", judge, letter, contest_id=contest.id) for judge, letter in held.items()]
        post_all(work, drafts, work.now)
    invite_all(work, contest, work.now)


def of_a_rounds_end(work: Matter, began: on.PhaseBegan) -> None:
    """What was not rated in the round before has no live button any more."""
    if began.phase is Phase.FINAL:
        follow_round(work, work.contest, Round.PRELIMINARY, work.now, INVITATIONS_FIRST)
    elif began.phase in OVER:
        follow_round(work, work.contest, round_heard(work.contest), work.now)


def of_an_undoing(work: Matter, _: on.PhaseUndone) -> None:
    """The round before goes on: its letters have their buttons again."""
    if work.contest.phase in JUDGED:
        follow_round(work, work.contest, round_heard(work.contest), work.now)


def of_new_settings(work: Matter, changed: on.ContestChanged) -> None:
    """Who waited for the practice piece may begin."""
    if "practice" in changed.names:
        for judge in work.contests.roles.holders(work.contest.id, Role.JUDGE):
            follow_judge(work, work.contest, judge, work.now)
        invite_all(work, work.contest, work.now)


def of_leaving(work: Matter, left: on.JudgeLeft) -> None:
    """Nothing that they were sent has a live button any more."""
    follow_judge(work, work.contest, left.judge, work.now)


def of_coming_back(work: Matter, back: on.JudgeBack) -> None:
    """What they were sent has its buttons again, and the next pieces come."""
    follow_judge(work, work.contest, back.judge, work.now)
    invite_next(work, work.contest, back.judge, work.now)


def of_an_acceptance(work: Matter, accepted: on.Accepted) -> None:
    """It is one more to rate, or takes the place of an earlier version; a first version that is accepted later is in no final."""
    if work.contest.phase == Phase.JUDGING or accepted.counting.in_final:
        invite_all(work, work.contest, work.now)
        if accepted.piece.version > 1:
            _follow(work, work.submissions.versions(accepted.piece.root_id))


def of_another_version(work: Matter, chosen: on.VersionChosen) -> None:
    """It comes to the judges in the place of the one before."""
    if work.contest.phase in JUDGED:
        invite_all(work, work.contest, work.now)
        _follow(work, chosen.versions)


def of_a_withdrawal(work: Matter, withdrawn: on.Withdrawn) -> None:
    """Who had it gets the next piece. A word to those who have rated it, and to the organizers: places move without it."""
    contest = work.contest
    if contest.phase not in JUDGED:
        return
    invite_all(work, contest, work.now)
    _follow(work, withdrawn.versions)
    ids = {one.id: one for one in withdrawn.versions}
    given = [one for one in work.ratings.given(contest.id) if one.submission_id in ids]
    if not given:
        return
    piece = ids[given[-1].submission_id]
    note = PieceWithdrawn(
        contest_name=contest.name, called=called(work, contest, piece), ratings=len(given), to_judge=True
    )
    key = f"piece_withdrawn:{piece.id}:{work.now.timestamp():.0f}"
    for judge in sorted({one.judge for one in given}):
        work.post_about(f"{key}:{judge}", piece, note, to=judge)
    named = note.model_copy(update={"called": piece.name, "piece": Whose(**whose(piece)), "to_judge": False})
    work.post_to_organizers(f"{key}:organizers", named, about=piece, veiled=note)


def _follow(work: Matter, versions: Sequence[Submission]) -> None:
    follow(work, work.contest, [one.id for one in versions], work.now)
