"""Ratings: what human judges give, one a judge and composition."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from bot.errors import Refusal
from bot.rules.criteria import HIGHEST, LOWEST, Scheme, in_range
from bot.rules.moments import spoken
from bot.rules.phases import JUDGED, Phase, round_of
from bot.usecases.invitations import invite_judges, pile_of
from bot.usecases.roles import Role
from bot.usecases.together import Together
from models.audit import Audit
from models.rating import Rating
from models.submission import SubmissionState

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from bot.ports import Clock, Ids
    from bot.usecases.invitations import Pile
    from models.contest import Contest
    from models.store import Store, Work
    from models.submission import Submission

MAX_TEXT = 3000
"""Characters of a comment or a note: what Slack's input takes."""


@dataclass(frozen=True)
class RatingValues:
    """A judge's opinion: a score for each criterion, and two texts that may be empty."""

    scores: Mapping[str, int]
    """1 to 5, by the criterion's key."""
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
    scheme: Scheme
    values: RatingValues | None
    """What the judge gave before; None the first time."""
    done: int
    total: int


@dataclass(frozen=True)
class RateSubmission:
    """The submitted modal. A Refusal's ``field`` is a criterion's key, or a name of RatingValues."""

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
            piece = work.submissions.get(submission_id)
            piece, contest = _found(piece, None if piece is None else work.contests.get(piece.contest_id))
            is_judge = work.contests.roles.has(contest.id, judge, Role.JUDGE)
            _require_rateable(contest, piece, judge, is_judge=is_judge)
            before = work.ratings.by_judge(submission_id, judge, round_of(Phase(contest.phase)))
            pile = pile_of(work, contest, judge)
            return RatingForm(
                submission_id=submission_id,
                alias=piece.alias or "",
                contest_name=contest.name,
                scheme=Scheme.load(contest.scheme),
                values=None if before is None else _values(before),
                done=pile.done,
                total=pile.total,
            )

    @cached_property
    def _together(self) -> Together[RateSubmission, Progress]:
        return Together(self.rate_all)

    def rate(self, command: RateSubmission) -> Progress:
        """Write the rating down (a second one is an edit), and send the judge the next composition. Returns after the commit.

        Judges who submit at the same moment share a transaction: 500 of them are served within Slack's three seconds.
        """
        return self._together.do(command)

    def rate_all(self, commands: Sequence[RateSubmission]) -> list[Progress | Refusal]:
        """The outcome of each command, in order; a refused one leaves the others alone. All or none of them are in the database."""
        now = self.clock.now()
        with self.store.write() as work:
            desk = _Desk.laid(work, commands)
            outcomes = [self._outcome(desk, command, now) for command in commands]
            work.ratings.add_all(desk.new)
            work.audit.add_all(desk.notes)
            piles = {
                contest.id: invite_judges(work, contest, desk.judges_of(contest), now)
                for contest in desk.contests.values()
            }
        return [
            outcome if isinstance(outcome, Refusal) else _progress(piles[outcome.id][command.judge])
            for outcome, command in zip(outcomes, commands, strict=True)
        ]

    def _outcome(self, desk: _Desk, command: RateSubmission, now: datetime) -> Contest | Refusal:
        try:
            contest = desk.require_rateable(command)
            _require_valid(command.values, Scheme.load(contest.scheme))
        except Refusal as refusal:
            return refusal
        self._write_down(desk, contest, command, now)
        return contest

    def _write_down(self, desk: _Desk, contest: Contest, command: RateSubmission, now: datetime) -> None:
        place = (command.submission_id, command.judge, round_of(Phase(contest.phase)).value)
        before = desk.given.get(place)
        if before is None:
            desk.given[place] = rating = self._new(contest, command, now)
            desk.new.append(rating)
            self._note(desk, contest, command, "rating.given", now)
        elif _values(before) != command.values:
            # The note itself is the judge's own affair: the trail says only that it changed.
            facts = {
                "before": _facts(_values(before)),
                "note_changed": before.private_note != command.values.private_note,
            }
            self._note(desk, contest, command, "rating.changed", now, **facts)
            for name, value in vars(command.values).items():
                setattr(before, name, value)
            before.entered_by = None
            before.updated_at = now

    def _new(self, contest: Contest, command: RateSubmission, now: datetime) -> Rating:
        return Rating(
            id=self.ids.new(),
            contest_id=contest.id,
            submission_id=command.submission_id,
            judge=command.judge,
            round=round_of(Phase(contest.phase)).value,
            created_at=now,
            updated_at=now,
            **vars(command.values),
        )

    def _note(
        self, desk: _Desk, contest: Contest, command: RateSubmission, action: str, now: datetime, **more: object
    ) -> None:
        facts = {"submission": command.submission_id, "values": _facts(command.values), **more}
        desk.notes.append(
            Audit(id=self.ids.new(), at=now, actor=command.judge, action=action, contest_id=contest.id, facts=facts)
        )


@dataclass(frozen=True)
class _Desk:
    """What is asked of the database about some commands, all at once, and what is to be written."""

    pieces: dict[str, Submission]
    contests: dict[str, Contest]
    judges: dict[str, set[str]]
    """By contest, those of the commands who judge it."""
    given: dict[tuple[str, str, str], Rating]
    """By submission, judge and round, as it is after the commands that were gone through."""
    new: list[Rating] = field(default_factory=list)
    notes: list[Audit] = field(default_factory=list)

    @classmethod
    def laid(cls, work: Work, commands: Sequence[RateSubmission]) -> _Desk:
        """Locks the contests: two clicks, or a click and the end of the judging, take their turns here."""
        people = {command.judge for command in commands}
        wanted = {command.submission_id for command in commands}
        pieces = work.submissions.by_ids(wanted)
        # In one order, so that two transactions never wait for each other.
        locked = [work.contests.lock(each) for each in sorted({piece.contest_id for piece in pieces.values()})]
        contests = {contest.id: contest for contest in locked if contest is not None}
        judges = {each: work.contests.roles.among(each, Role.JUDGE, people) for each in contests}
        return cls(pieces, contests, judges, work.ratings.by_judges(wanted, people))

    def require_rateable(self, command: RateSubmission) -> Contest:
        """The contest. Raises Refusal where this judge may not rate this composition now."""
        piece = self.pieces.get(command.submission_id)
        contest = None if piece is None else self.contests.get(piece.contest_id)
        piece, contest = _found(piece, contest)
        is_judge = command.judge in self.judges[contest.id]
        _require_rateable(contest, piece, command.judge, is_judge=is_judge)
        return contest

    def judges_of(self, contest: Contest) -> list[str]:
        """Those who have given something to this contest's compositions."""
        theirs = {judge for piece, judge, _ in self.given if self.pieces[piece].contest_id == contest.id}
        return sorted(theirs & self.judges[contest.id])


def _progress(pile: Pile) -> Progress:
    return Progress(pile.done, pile.total)


def _found(piece: Submission | None, contest: Contest | None) -> tuple[Submission, Contest]:
    if piece is None or contest is None or piece.state != SubmissionState.ACCEPTED:
        raise Refusal("I cannot find that composition any more. Your Home tab shows what there is to rate.")
    return piece, contest


def _require_rateable(contest: Contest, piece: Submission, judge: str, *, is_judge: bool) -> None:
    if not is_judge:
        raise Refusal(
            f"Ratings come from the judges of *{contest.name}*, and you are not one of them. "
            "An organizer can add you with `/kantor judges add`."
        )
    if piece.user_id == judge:
        raise Refusal("This composition is your own, so the other judges rate it.")
    if contest.finished_at is not None:
        closed = spoken(contest.finished_at, contest.time_zone)
        raise Refusal(f"The ratings of *{contest.name}* closed on {closed}. What you gave before then counts.")
    if contest.phase not in JUDGED:
        raise Refusal(f"The judging of *{contest.name}* has not begun. I will send you the compositions when it does.")


def _require_valid(values: RatingValues, scheme: Scheme) -> None:
    for key in scheme.keys:
        if not in_range(values.scores.get(key, 0)):
            raise Refusal(f"Please choose a whole number from {LOWEST} to {HIGHEST}, such as 4.", field=key)
    if set(values.scores) != set(scheme.keys):
        raise Refusal("The criteria have changed since you opened this form. Please close it, and open it once more.")
    for name in ("comment", "private_note"):
        if len(getattr(values, name)) > MAX_TEXT:
            raise Refusal(f"Please keep this to {MAX_TEXT} characters.", field=name)


def _values(rating: Rating) -> RatingValues:
    return RatingValues(rating.scores, rating.comment, rating.private_note)


def _facts(values: RatingValues) -> dict[str, int | str]:
    return {**values.scores, "comment": values.comment}
