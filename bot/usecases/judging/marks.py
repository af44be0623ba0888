"""What a judge does with a piece instead of rating it: skip, flag, recuse; and leaving the judging altogether."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.errors import Refusal
from bot.rules.phases import OVER, round_of
from bot.rules.roles import Role
from bot.rules.words import one_line, quoted
from bot.usecases.blindness import byline, is_kept_blind, whose
from bot.usecases.happenings import JudgeLeft
from bot.usecases.judging.allotting import allot
from bot.usecases.judging.counting import counting, open_flags
from bot.usecases.judging.following import CONFLICT, SETTLED, follow
from bot.usecases.judging.invitations import invite_all, invite_judges
from bot.usecases.judging.letters import FlagAlarm, FlagSettled, RecusalNews
from bot.usecases.judging.piles import called
from bot.usecases.judging.ratingforms import require_rateable
from bot.usecases.messages import VEILED
from models.judging import JudgingMark, MarkKind
from models.submissions import SubmissionState

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from bot.usecases.desk import Desk, Matter
    from bot.usecases.judging.invitations import Turn
    from models.contests import Contest, ContestRole
    from models.store import Work
    from models.submissions import Submission

FLAGS = ("file", "copy", "offensive", "other")
MAX_REASON = 1000


@dataclass(frozen=True)
class Marked:
    """What became of it."""

    alias: str
    left: int
    """Pieces that the judge has yet to rate."""
    more: bool = False
    """None, and more may come."""


@dataclass(frozen=True)
class PieceAsked:
    """A piece that a judge wants to flag, or to recuse from."""

    submission_id: str
    alias: str
    contest_name: str
    rated: bool


@dataclass(frozen=True)
class LeaveAsked:
    """A contest that a judge wants to leave."""

    contest_id: str
    contest_name: str
    rated: int
    """How many of the judge's ratings count until then."""


@dataclass(frozen=True)
class Flag:
    """What a judge reported."""

    mark_id: str
    alias: str
    name: str
    """Empty for those who judge the contest blind themselves."""
    judge: str
    what: str
    """One of FLAGS."""
    reason: str
    at: datetime
    resolved_by: str | None


@dataclass(frozen=True)
class Flags:
    """All that was reported in a contest: what is open first."""

    contest_name: str
    flags: tuple[Flag, ...]
    channel_id: str = ""


@dataclass(frozen=True)
class Marks:
    """Skip, flag, recuse, leave; and the organizers' side of flags."""

    desk: Desk

    def skip(self, judge: str, submission_id: str) -> Marked:
        """Put the piece at the end of the judge's pile. Raises Refusal where they may not rate it, or have done so."""
        with self._piece(submission_id, judge) as (work, piece):
            contest, now = work.contest, work.now
            if work.ratings.by_judge(piece.id, judge, round_of(contest.phase)) is not None:
                raise Refusal(
                    f"You have rated *{called(work, contest, piece)}* already. Its button changes the rating."
                )
            mark = work.ratings.marks.on(piece.id, judge, MarkKind.SKIPPED)
            if mark is None:
                _mark(work, piece, judge, MarkKind.SKIPPED, "")
            elif mark.at < now:
                mark.at = now
            return _gone_on(work, piece)

    def undo(self, judge: str, submission_id: str, kind: str) -> Marked:
        """Take back a skip, an own flag that nobody has looked at, or an own recusal (``MarkKind``). Safe to repeat. Raises Refusal."""
        if kind not in list(MarkKind):
            raise Refusal("I cannot tell any more what to take back. `/kantor judge` shows your pieces.")
        with self._piece(submission_id, judge, again=True) as (work, piece):
            mark = work.ratings.marks.on(piece.id, judge, MarkKind(kind))
            if mark is not None:
                if mark.reason.startswith(CONFLICT):
                    raise Refusal("You have a conflict with its composer: `/kantor conflicts` takes that back.")
                if mark.resolved_at is not None or mark.reason == SETTLED:
                    raise Refusal("An organizer has decided on that already. Please ask them.")
                _tell_undone(work, piece, mark)
                work.ratings.marks.remove(mark)
                work.note("piece.unmarked", submission=piece.id, kind=kind)
            return _gone_on(work, piece)

    def piece(self, judge: str, submission_id: str) -> PieceAsked:
        """What the judge wants to flag, or to recuse from. Raises Refusal where they may not rate it."""
        with self.desk.store.read() as work:
            contest, piece = _piece(work, submission_id, judge)
            rated = work.ratings.by_judge(piece.id, judge, round_of(contest.phase)) is not None
            return PieceAsked(piece.id, called(work, contest, piece), contest.name, rated)

    def flag(self, judge: str, submission_id: str, what: str, reason: str) -> Marked:
        """Tell the organizers that something is wrong with a piece, and put it aside until one has looked.

        Raises Refusal with the field that is wrong.
        """
        if what not in FLAGS:
            raise Refusal("Please choose what is wrong with it.", field="flag_kind")
        said = _reason(reason)
        with self._piece(submission_id, judge) as (work, piece):
            contest, now = work.contest, work.now
            mark = work.ratings.marks.on(piece.id, judge, MarkKind.FLAGGED)
            if mark is not None and mark.resolved_at is None and mark.reason == f"{what}: {said}":
                # The same window, delivered once more.
                return _marked(work, piece, _turn(work))
            if mark is None:
                mark = _mark(work, piece, judge, MarkKind.FLAGGED, f"{what}: {said}")
            else:
                mark.reason, mark.at, mark.resolved_by, mark.resolved_at = f"{what}: {said}", now, None, None
            alarm = FlagAlarm(
                contest_name=contest.name,
                judge=judge,
                alias=called(work, contest, piece),
                **whose(piece),
                what=what,
                reason=said,
                mark_id=mark.id,
            )
            work.post_to_organizers(_letter_key(mark), alarm, about=piece, veiled=alarm.model_copy(update=VEILED))
            work.note("piece.flagged", submission=piece.id, what=what, reason=said)
            return _gone_on(work, piece)

    def recuse(self, judge: str, submission_id: str, reason: str) -> Marked:
        """The judge should not rate that piece: it never comes back, in either round. A rating is kept, and counts no more.

        Raises Refusal with the field that is wrong.
        """
        said = _reason(reason)
        with self._piece(submission_id, judge, again=True) as (work, piece):
            contest = work.contest
            if work.ratings.marks.on(piece.id, judge, MarkKind.RECUSED) is not None:
                return _marked(work, piece, _turn(work))
            rated = sum(place[0] == piece.id for place in work.ratings.by_judges([piece.id], [judge]))
            recusal = _recuse(work, piece, judge, said)
            news = RecusalNews(
                contest_name=contest.name,
                judge=judge,
                alias=called(work, contest, piece),
                reason=said,
                rated=rated,
                counted=False,
            )
            work.post_to_organizers(_letter_key(recusal), news, about=piece)
            return _gone_on(work, piece)

    def leaving(self, judge: str, contest_id: str) -> LeaveAsked:
        """What leaving the judging would mean. Raises Refusal for those who are no judges."""
        with self.desk.store.read() as work:
            contest, _ = _role(work, contest_id, judge)
            return LeaveAsked(contest.id, contest.name, _counting(work, contest, judge))

    def leave(self, judge: str, contest_id: str, reason: str, *, counted: bool) -> LeaveAsked:
        """Judge no more. All ratings are kept; they count on only where the judge says that they were fair.

        Raises Refusal for those who are no judges, and after the end.
        """
        said = _reason(reason)
        with self.desk.anyone(judge) as errand:
            contest, role = errand.lock(contest_id), errand.contests.roles.held(contest_id, judge, Role.JUDGE)
            if contest is None or role is None:
                raise _no_judge()
            work = errand.about(contest)
            if role.recused_at is not None:
                # They have left already: the same window, delivered once more.
                return LeaveAsked(contest.id, contest.name, _counting(work, contest, judge))
            if contest.phase in OVER:
                raise Refusal(f"*{quoted(contest.name)}* is finished, so there is nothing left to judge.")
            rated = _counting(work, contest, judge)
            if not counted:
                theirs = {given.submission_id for given in work.ratings.given(contest.id) if given.judge == judge}
                for piece in work.submissions.by_ids(theirs).values():
                    _recuse(work, piece, judge, said)
            role.recused_at = work.now
            work.happened(JudgeLeft(judge))
            news = RecusalNews(
                contest_name=contest.name, judge=judge, alias=None, reason=said, rated=rated, counted=counted
            )
            work.post_to_organizers(f"recusal:{contest.id}:{judge}:{work.now.timestamp():.0f}", news)
            work.note("judge.recused", reason=said, rated=rated, counted=counted)
            return LeaveAsked(contest.id, contest.name, rated)

    def flags(self, actor: str, channel_id: str) -> Flags:
        """All flags of the contest meant. Raises Refusal for people who are no organizers. May raise Unavailable."""
        with self.desk.organizer(actor, channel_id=channel_id, reads=True) as work:
            contest = work.contest
            waiting = {mark.id for mark in open_flags(work, contest)}
            known = work.ratings.marks.of_kind(contest.id, MarkKind.FLAGGED)
            marks = [mark for mark in known if mark.resolved_at is not None or mark.id in waiting]
            pieces = work.submissions.by_ids({mark.submission_id for mark in marks})
            blind = is_kept_blind(work, contest, actor)
            found = [_flag(work, mark, pieces[mark.submission_id], blind=blind) for mark in marks]
        in_order = sorted(found, key=lambda flag: (flag.resolved_by is not None, flag.at))
        return Flags(contest.name, tuple(in_order), contest.channel_id)

    def one_flag(self, actor: str, mark_id: str) -> Flag:
        """One flag. Raises Refusal for people who are no organizers. May raise Unavailable."""
        with self.desk.organizer(actor, self._contest_of(mark_id), reads=True) as work:
            return _shown(work, _known(work.ratings.marks.get(mark_id)))

    def _contest_of(self, mark_id: str) -> str:
        with self.desk.store.read() as work:
            return _known(work.ratings.marks.get(mark_id)).contest_id

    def settle(self, actor: str, mark_id: str, note: str, *, comes_back: bool) -> Flag:
        """Close a flag: the piece comes back to the judge, or they need not rate it; the judge is told. Once only.

        Raises Refusal for people who are no organizers. May raise Unavailable.
        """
        with self.desk.organizer(actor, self._contest_of(mark_id)) as work:
            contest, now, mark = work.contest, work.now, _known(work.ratings.marks.get(mark_id))
            if mark.resolved_by is None:
                piece = work.submissions.get(mark.submission_id)
                assert piece is not None
                mark.resolved_by, mark.resolved_at = actor, now
                # Whoever has rated it was told that the rating stays as it is.
                if not comes_back and not work.ratings.by_judges([piece.id], [mark.judge]):
                    _recuse(work, piece, mark.judge, SETTLED)
                settled = FlagSettled(
                    contest_name=contest.name,
                    alias=called(work, contest, piece),
                    note=one_line(note),
                    comes_back=comes_back,
                )
                key = f"settled:{piece.id}:{mark.judge}:{now.timestamp():.0f}"
                work.post_about(key, piece, settled, to=mark.judge)
                work.note("flag.settled", submission=piece.id, comes_back=comes_back)
                allot(work)
                invite_all(work, contest, now)
                follow(work, contest, [piece.id], now, [mark.judge])
            return _shown(work, mark)

    @contextmanager
    def _piece(self, submission_id: str, judge: str, *, again: bool = False) -> Iterator[tuple[Matter, Submission]]:
        """The piece, its contest locked, for a judge who may rate it."""
        with self.desk.anyone(judge) as errand:
            seen = errand.submissions.get(submission_id)
            if seen is not None:
                errand.lock(seen.contest_id)
            contest, piece = _piece(errand, submission_id, judge, again=again)
            yield errand.about(contest), piece


def _shown(work: Matter, mark: JudgingMark) -> Flag:
    piece = work.submissions.get(mark.submission_id)
    assert piece is not None
    return _flag(work, mark, piece, blind=is_kept_blind(work, work.contest, work.actor))


def _tell_undone(work: Matter, piece: Submission, mark: JudgingMark) -> None:
    """The organizers' letter about it says so from now on."""
    what, _, reason = mark.reason.partition(": ")
    contest_name, alias, judge = work.contest.name, called(work, work.contest, piece), mark.judge
    message: FlagAlarm | RecusalNews
    if mark.kind is MarkKind.FLAGGED:
        message = FlagAlarm(
            contest_name=contest_name, judge=judge, alias=alias, name="", what=what, reason=reason, mark_id=mark.id,
            taken_back=True,
        )  # fmt: skip
    elif mark.kind is MarkKind.RECUSED:
        message = RecusalNews(
            contest_name=contest_name, judge=judge, alias=alias, reason=mark.reason, rated=0, counted=True,
            taken_back=True,
        )  # fmt: skip
    else:
        return
    first = _letter_key(mark)
    work.post_to_organizers(f"{first}:undone", message, edits=first)


def _recuse(work: Matter, piece: Submission, judge: str, reason: str) -> JudgingMark:
    mark = work.ratings.marks.on(piece.id, judge, MarkKind.RECUSED)
    if mark is None:
        mark = _mark(work, piece, judge, MarkKind.RECUSED, reason)
        work.note("piece.recused", by=judge, submission=piece.id, reason=reason)
    return mark


def _mark(work: Matter, piece: Submission, judge: str, kind: MarkKind, reason: str) -> JudgingMark:
    mark = JudgingMark(
        id=work.desk.ids.new(),
        contest_id=work.contest.id,
        submission_id=piece.id,
        judge=judge,
        kind=kind,
        reason=reason,
        at=work.now,
    )
    work.ratings.marks.add(mark)
    return mark


def _turn(work: Matter) -> Turn:
    """What the judge goes on with."""
    return invite_judges(work, work.contest, [work.actor], work.now)[work.actor]


def _gone_on(work: Matter, piece: Submission) -> Marked:
    """The judge goes on, and what was sent about the piece follows; another judge may hear it instead."""
    if allot(work):
        invite_all(work, work.contest, work.now)
    turn = _turn(work)
    follow(work, work.contest, [piece.id], work.now, [work.actor])
    return _marked(work, piece, turn)


def _marked(work: Matter, piece: Submission, turn: Turn) -> Marked:
    return Marked(called(work, work.contest, piece), len(turn.pile.unrated), turn.more)


def _piece(work: Work, submission_id: str, judge: str, *, again: bool = False) -> tuple[Contest, Submission]:
    piece = work.submissions.get(submission_id)
    contest = None if piece is None else work.contests.get(piece.contest_id)
    if piece is None or contest is None or piece.state != SubmissionState.ACCEPTED:
        raise Refusal("I cannot find that composition any more. `/kantor judge` shows what there is to rate.")
    is_judge = work.contests.roles.has(contest.id, judge, Role.JUDGE)
    recused = not again and work.ratings.marks.on(piece.id, judge, MarkKind.RECUSED) is not None
    require_rateable(contest, piece, judge, is_judge=is_judge, recused=recused)
    return contest, piece


def _role(work: Work, contest_id: str, judge: str) -> tuple[Contest, ContestRole]:
    contest, role = work.contests.get(contest_id), work.contests.roles.held(contest_id, judge, Role.JUDGE)
    if contest is None or role is None or role.recused_at is not None:
        raise _no_judge()
    return contest, role


def _no_judge() -> Refusal:
    return Refusal("You are not one of the judges of that contest, so there is nothing to leave.")


def _counting(work: Work, contest: Contest, judge: str) -> int:
    """How many of the judge's ratings count."""
    return sum(given.judge == judge for given in counting(work, contest))


def _known(mark: JudgingMark | None) -> JudgingMark:
    if mark is None:
        raise Refusal("I cannot find that flag any more. `/kantor flags` shows what there is.")
    return mark


def _flag(work: Work, mark: JudgingMark, piece: Submission, *, blind: bool) -> Flag:
    what, _, reason = mark.reason.partition(": ")
    named = "" if blind else byline(work, piece)
    return Flag(mark.id, piece.alias or "", named, mark.judge, what, reason, mark.at, mark.resolved_by)


def _letter_key(mark: JudgingMark) -> str:
    """Of the organizers' letters about a mark."""
    what = "flag" if mark.kind is MarkKind.FLAGGED else "recusal"
    return f"{what}:{mark.submission_id}:{mark.judge}:{mark.at.timestamp():.0f}"


def _reason(text: str) -> str:
    reason = one_line(text)
    if not 3 <= len(reason) <= MAX_REASON:
        raise Refusal(f"Please say why, in 3 to {MAX_REASON} characters: the organizers read it.", field="reason")
    return reason
