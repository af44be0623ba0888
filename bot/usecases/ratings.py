"""Ratings: what human judges give, one a judge and composition."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.errors import Refusal
from bot.rules.criteria import HIGHEST, LOWEST, Criterion, in_range
from bot.rules.moments import spoken
from bot.rules.phases import Phase
from bot.usecases.invitations import invite_next, pile_of
from bot.usecases.roles import Role
from models.rating import Rating
from models.submission import SubmissionState

if TYPE_CHECKING:
    from datetime import datetime

    from bot.ports import Clock, Ids
    from models.contest import Contest
    from models.store import Store, Work
    from models.submission import Submission

MAX_TEXT = 3000
"""Characters of a comment or a note: what Slack's input takes."""


@dataclass(frozen=True)
class RatingValues:
    """A judge's opinion: three criteria, each 1 to 5, and two texts that may be empty."""

    originality: int
    balance: int
    emotional: int
    comment: str = ""
    """For the composer, later."""
    private_note: str = ""
    """For the judge alone."""


@dataclass(frozen=True)
class RatingForm:
    """What the rating modal shows."""

    submission_id: str
    alias: str
    contest_name: str
    values: RatingValues | None
    """What the judge gave before; None the first time."""
    done: int
    total: int


@dataclass(frozen=True)
class RateSubmission:
    """The submitted modal. A Refusal's ``field`` is a name of RatingValues."""

    judge: str
    submission_id: str
    values: RatingValues


@dataclass(frozen=True)
class Progress:
    """``done`` of ``total`` compositions that this judge is to rate."""

    done: int
    total: int


@dataclass(frozen=True)
class Ratings:
    """Show the form, and take the rating."""

    store: Store
    clock: Clock
    ids: Ids

    def form(self, judge: str, submission_id: str) -> RatingForm:
        """The form for this judge. Raises Refusal where they may not rate it, or not now."""
        with self.store.read() as work:
            piece, contest = _piece(work, submission_id)
            _require_rateable(work, contest, piece, judge)
            before = work.ratings.by_judge(submission_id, judge)
            pile = pile_of(work, contest, judge)
            return RatingForm(
                submission_id=submission_id,
                alias=piece.alias or "",
                contest_name=contest.name,
                values=None if before is None else _values(before),
                done=pile.done,
                total=pile.total,
            )

    def rate(self, command: RateSubmission) -> Progress:
        """Write the rating down (a second one is an edit), and send the judge the next composition."""
        _require_valid(command.values)
        now = self.clock.now()
        with self.store.write() as work:
            piece, contest = _piece(work, command.submission_id)
            # Two clicks, or a click and the end of the judging, take their turns here.
            contest = work.contests.lock(contest.id) or contest
            _require_rateable(work, contest, piece, command.judge)
            self._write_down(work, contest, command, now)
            pile = invite_next(work, contest, command.judge, now)
        return Progress(pile.done, pile.total)

    def _write_down(self, work: Work, contest: Contest, command: RateSubmission, now: datetime) -> None:
        before = work.ratings.by_judge(command.submission_id, command.judge)
        if before is None:
            work.ratings.add(self._new(contest, command, now))
            self._note(work, contest, command, "rating.given", now)
        elif _values(before) != command.values:
            # The note itself is the judge's own affair: the trail says only that it changed.
            facts = {
                "before": _facts(_values(before)),
                "note_changed": before.private_note != command.values.private_note,
            }
            self._note(work, contest, command, "rating.changed", now, **facts)
            for name, value in vars(command.values).items():
                setattr(before, name, value)
            before.updated_at = now

    def _new(self, contest: Contest, command: RateSubmission, now: datetime) -> Rating:
        return Rating(
            id=self.ids.new(),
            contest_id=contest.id,
            submission_id=command.submission_id,
            judge=command.judge,
            created_at=now,
            updated_at=now,
            **vars(command.values),
        )

    def _note(
        self, work: Work, contest: Contest, command: RateSubmission, action: str, now: datetime, **more: object
    ) -> None:
        facts = {"submission": command.submission_id, "values": _facts(command.values), **more}
        work.audit.note(self.ids.new(), at=now, actor=command.judge, action=action, contest_id=contest.id, **facts)


def _piece(work: Work, submission_id: str) -> tuple[Submission, Contest]:
    piece = work.submissions.get(submission_id)
    contest = None if piece is None else work.contests.get(piece.contest_id)
    if piece is None or contest is None or piece.state != SubmissionState.ACCEPTED:
        raise Refusal("I cannot find that composition any more. Your Home tab shows what there is to rate.")
    return piece, contest


def _require_rateable(work: Work, contest: Contest, piece: Submission, judge: str) -> None:
    if not work.contests.roles.has(contest.id, judge, Role.JUDGE):
        raise Refusal(
            f"Ratings come from the judges of *{contest.name}*, and you are not one of them. "
            "An organizer can add you with `/kantor judges add`."
        )
    if piece.user_id == judge:
        raise Refusal("This composition is your own, so the other judges rate it.")
    if contest.finished_at is not None:
        closed = spoken(contest.finished_at, contest.time_zone)
        raise Refusal(f"The ratings of *{contest.name}* closed on {closed}. What you gave before then counts.")
    if contest.phase != Phase.JUDGING:
        raise Refusal(f"The judging of *{contest.name}* has not begun. I will send you the compositions when it does.")


def _require_valid(values: RatingValues) -> None:
    for criterion in Criterion:
        if not in_range(getattr(values, criterion)):
            raise Refusal(f"Please choose a whole number from {LOWEST} to {HIGHEST}, such as 4.", field=criterion)
    for name in ("comment", "private_note"):
        if len(getattr(values, name)) > MAX_TEXT:
            raise Refusal(f"Please keep this to {MAX_TEXT} characters.", field=name)


def _values(rating: Rating) -> RatingValues:
    texts = {"comment": rating.comment, "private_note": rating.private_note}
    return RatingValues(rating.originality, rating.balance, rating.emotional, **texts)


def _facts(values: RatingValues) -> dict[str, int | str]:
    return {criterion.value: getattr(values, criterion) for criterion in Criterion} | {"comment": values.comment}
