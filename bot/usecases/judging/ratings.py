"""Ratings: what human judges give, one a judge, composition and round."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from bot.errors import Refusal
from bot.rules.criteria import Scheme
from bot.rules.phases import round_of
from bot.rules.roles import Role
from bot.usecases.judging.invitations import hand_of, invite_judges, pile_of
from bot.usecases.judging.letters import RatingStands
from bot.usecases.judging.piles import called
from bot.usecases.judging.ratingforms import (
    Progress,
    RateSubmission,
    RatingForm,
    RatingValues,
    Saved,
    form_of,
    require_open_round,
    require_rateable,
    require_same_round,
    require_valid,
)
from bot.usecases.judging.together import Together
from bot.usecases.letters import Draft, post_edits
from models.judging import MarkKind, Rating
from models.records import Audit
from models.submissions import SubmissionState

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from bot.usecases.desk import Desk, Errand
    from bot.usecases.judging.invitations import Turn
    from models.contests import Contest
    from models.judging import RatingDraft, RatingKey
    from models.store import Work
    from models.submissions import Submission

__all__ = ["KeepDraft", "Progress", "RateSubmission", "RatingForm", "RatingValues", "Ratings", "Saved"]


@dataclass(frozen=True)
class KeepDraft:
    """What stands in a form that has not been sent; scores may be missing."""

    judge: str
    submission_id: str
    values: RatingValues
    at: datetime
    """When it was written, by Slack's clock: what was written later wins, whichever arrives first."""


@dataclass(frozen=True)
class Ratings:
    """Show the form, keep what was begun, and take the rating."""

    desk: Desk

    def form(self, judge: str, submission_id: str, round_: str = "") -> RatingForm:
        """The form for this judge. Raises Refusal where they may not rate it, or not now.

        ``round_`` is that of the button; empty: of an older message, which did not say.
        """
        with self.desk.store.read() as work:
            piece = work.submissions.get(submission_id)
            piece, contest = _found(piece, None if piece is None else work.contests.get(piece.contest_id))
            is_judge = work.contests.roles.has(contest.id, judge, Role.JUDGE)
            recused = work.ratings.marks.on(submission_id, judge, MarkKind.RECUSED) is not None
            require_rateable(contest, piece, judge, is_judge=is_judge, recused=recused)
            require_open_round(contest, round_)
            place = (piece.id, judge, round_of(contest.phase))
            pile = pile_of(work, contest, judge)
            hand = hand_of(work, pile).waiting
            # What is with the judge at this moment they may have heard: the form leads on to that, and to nothing else.
            ahead = tuple(each for each in hand if each != piece.id) if piece.id in hand else ()
            given, draft = work.ratings.by_judge(*place), work.ratings.drafts.of(place)
            return form_of(work, contest, piece, Progress(pile.done, pile.total), given, draft, ahead)

    @cached_property
    def _together(self) -> Together[RateSubmission, Saved]:
        return Together(self.rate_all)

    @cached_property
    def _drafts(self) -> Together[KeepDraft, bool]:
        return Together(self.keep_drafts)

    def keep_draft(self, command: KeepDraft) -> None:
        """Keep what stands in the form, for the next time that it is opened. Nothing happens where it could not be sent."""
        self._drafts.do(command)

    def keep_drafts(self, commands: Sequence[KeepDraft]) -> list[bool | Refusal]:
        """True for each that was looked at. Of one form only the newest letter is written, however fast somebody types."""
        newest: dict[tuple[str, str], KeepDraft] = {}
        for command in sorted(commands, key=lambda each: each.at):
            newest[command.judge, command.submission_id] = command
        with self.desk.anyone() as work:
            pieces = work.submissions.by_ids({command.submission_id for command in newest.values()})
            contests = {piece.contest_id: work.contests.get(piece.contest_id) for piece in pieces.values()}
            people = {judge for judge, _ in newest}
            judges = {each: work.contests.roles.among(each, Role.JUDGE, people) for each in contests}
            begun = {}
            for command in newest.values():
                place = _place(command, pieces, contests, judges)
                if place is not None:
                    begun[place] = command.values.dump(), command.at
            if begun:
                work.ratings.drafts.keep(begun)
        return [True for _ in commands]

    def rate(self, command: RateSubmission) -> Saved:
        """Write the rating down (a second one is an edit), and send the judge the next composition. Returns after the commit.

        Judges who submit at the same moment share a transaction: 500 of them are served within Slack's three seconds.
        """
        return self._together.do(command)

    def rate_all(self, commands: Sequence[RateSubmission]) -> list[Saved | Refusal]:
        """The outcome of each command, in order; a refused one leaves the others alone. All or none of them are in the database."""
        with self.desk.anyone() as work:
            batch, now = _Batch.laid(work, commands), work.now
            outcomes = [self._outcome(batch, command, now) for command in commands]
            work.ratings.add_all(batch.new)
            work.audit.append(batch.notes)
            work.ratings.drafts.forget(batch.places)
            turns = {
                contest.id: invite_judges(work, contest, batch.judges_of(contest), now)
                for contest in batch.contests.values()
            }
            batch.turn_buttons(work, turns, now)
            follow = _Follow.of(work, batch, commands, turns)
            return [
                outcome if isinstance(outcome, Refusal) else follow.saved(work, batch, command, outcome)
                for outcome, command in zip(outcomes, commands, strict=True)
            ]

    def _outcome(self, batch: _Batch, command: RateSubmission, now: datetime) -> Contest | Refusal:
        try:
            contest = batch.require_rateable(command)
            require_valid(command.values, Scheme.load(contest.scheme))
        except Refusal as refusal:
            return refusal
        self._write_down(batch, contest, command, now)
        return contest

    def _write_down(self, batch: _Batch, contest: Contest, command: RateSubmission, now: datetime) -> None:
        place = (command.submission_id, command.judge, round_of(contest.phase))
        batch.places.append(place)
        before = batch.given.get(place)
        if before is None:
            batch.given[place] = rating = self._new(contest, command, now)
            batch.new.append(rating)
            self._note(batch, contest, command, "rating.given", now)
        elif RatingValues.of(before) != command.values or before.entered_by is not None:
            # The note itself is the judge's own affair: the trail says only that it changed.
            facts = {
                "before": RatingValues.of(before).facts(),
                "note_changed": before.private_note != command.values.private_note,
            }
            self._note(batch, contest, command, "rating.changed", now, **facts)
            if before.comment != command.values.comment:
                before.comment_shown = None  # an organizer has read other words
            for name, value in vars(command.values).items():
                setattr(before, name, value)
            before.entered_by, before.rules_version = None, contest.rules_version
            before.updated_at = now

    def _new(self, contest: Contest, command: RateSubmission, now: datetime) -> Rating:
        return Rating(
            id=self.desk.ids.new(),
            contest_id=contest.id,
            submission_id=command.submission_id,
            judge=command.judge,
            round=round_of(contest.phase),
            rules_version=contest.rules_version,
            created_at=now,
            updated_at=now,
            **vars(command.values),
        )

    def _note(
        self, batch: _Batch, contest: Contest, command: RateSubmission, action: str, now: datetime, **more: object
    ) -> None:
        facts = {"submission": command.submission_id, "values": command.values.facts(), **more}
        batch.notes.append(
            Audit(
                id=self.desk.ids.new(), at=now, actor=command.judge, action=action, contest_id=contest.id, facts=facts
            )
        )


@dataclass(frozen=True)
class _Batch:
    """What is asked of the database about some commands, all at once, and what is to be written."""

    pieces: dict[str, Submission]
    contests: dict[str, Contest]
    judges: dict[str, set[str]]
    """By contest, those of the commands who judge it."""
    recused: set[tuple[str, str]]
    """Judge and submission."""
    given: dict[RatingKey, Rating]
    """As it is after the commands that were gone through."""
    new: list[Rating] = field(default_factory=list)
    notes: list[Audit] = field(default_factory=list)
    places: list[RatingKey] = field(default_factory=list)
    """Of the commands that were not refused."""

    @classmethod
    def laid(cls, work: Errand, commands: Sequence[RateSubmission]) -> _Batch:
        """Locks the contests: two clicks, or a click and the end of the judging, take their turns here."""
        people = {command.judge for command in commands}
        wanted = {command.submission_id for command in commands}
        pieces = work.submissions.by_ids(wanted)
        # In one order, so that two transactions never wait for each other.
        locked = [work.lock(each) for each in sorted({piece.contest_id for piece in pieces.values()})]
        contests = {contest.id: contest for contest in locked if contest is not None}
        judges = {each: work.contests.roles.among(each, Role.JUDGE, people) for each in contests}
        recused = work.ratings.marks.recused(wanted, people)
        return cls(pieces, contests, judges, recused, work.ratings.by_judges(wanted, people))

    def require_rateable(self, command: RateSubmission) -> Contest:
        """The contest. Raises Refusal where this judge may not rate this composition now."""
        piece = self.pieces.get(command.submission_id)
        contest = None if piece is None else self.contests.get(piece.contest_id)
        piece, contest = _found(piece, contest)
        is_judge = command.judge in self.judges[contest.id]
        recused = (command.judge, piece.id) in self.recused
        require_rateable(contest, piece, command.judge, is_judge=is_judge, recused=recused)
        require_same_round(contest, command.round)
        return contest

    def judges_of(self, contest: Contest) -> list[str]:
        """Those who have given something to this contest's compositions."""
        theirs = {judge for piece, judge, _ in self.given if self.pieces[piece].contest_id == contest.id}
        return sorted(theirs & self.judges[contest.id])

    def turn_buttons(self, work: Work, turns: Mapping[str, Mapping[str, Turn]], now: datetime) -> None:
        """The buttons of the invitations to what has just been rated say so from now on."""
        edits = []
        for rating in self.new:
            key = turns[rating.contest_id][rating.judge].pile.key(rating.submission_id)
            piece, contest = self.pieces[rating.submission_id], self.contests[rating.contest_id]
            stands = RatingStands(submission_id=piece.id, alias=called(work, contest, piece), round=rating.round)
            about = piece.id
            edits.append(
                Draft(f"stands:{key}", rating.judge, stands, edits=key, contest_id=contest.id, subject_id=about)
            )
        post_edits(work, edits, now)


@dataclass(frozen=True)
class _Follow:
    """What comes after each rating, asked for all at once."""

    turns: Mapping[str, Mapping[str, Turn]]
    pieces: dict[str, Submission]
    drafts: Mapping[RatingKey, RatingDraft]

    @classmethod
    def of(
        cls, work: Work, batch: _Batch, commands: Sequence[RateSubmission], turns: Mapping[str, Mapping[str, Turn]]
    ) -> _Follow:
        ahead = {piece for command in commands for piece in command.ahead}
        waiting = {piece for each in turns.values() for turn in each.values() for piece in turn.waiting[:1]}
        pieces = work.submissions.by_ids(ahead | waiting)
        places = [
            (piece, command.judge, round_of(contest.phase))
            for command in commands
            for piece in command.ahead
            for contest in batch.contests.values()
        ]
        return cls(turns, pieces, work.ratings.drafts.of_places(places))

    def saved(self, work: Work, batch: _Batch, command: RateSubmission, contest: Contest) -> Saved:
        turn = self.turns[contest.id][command.judge]
        pile, alias = turn.pile, called(work, contest, batch.pieces[command.submission_id])
        progress = Progress(pile.done, pile.total)
        ahead = tuple(each for each in command.ahead if each in turn.waiting and each in self.pieces)
        waiting = [called(work, contest, self.pieces[each]) for each in turn.waiting[:1]]
        return Saved(
            progress=progress,
            alias=alias,
            following=self._form(work, contest, command.judge, ahead, progress) if ahead else None,
            waiting=waiting[0] if waiting else None,
            one_by_one=turn.at_once == 1,
            more=turn.more,
        )

    def _form(self, work: Work, contest: Contest, judge: str, ahead: tuple[str, ...], progress: Progress) -> RatingForm:
        piece = self.pieces[ahead[0]]
        place = (piece.id, judge, round_of(contest.phase))
        return form_of(work, contest, piece, progress, None, self.drafts.get(place), ahead[1:])


def _place(
    command: KeepDraft,
    pieces: Mapping[str, Submission],
    contests: Mapping[str, Contest | None],
    judges: Mapping[str, set[str]],
) -> RatingKey | None:
    """Where the draft belongs; None where it could not be sent in."""
    piece = pieces.get(command.submission_id)
    try:
        piece, contest = _found(piece, None if piece is None else contests[piece.contest_id])
        require_rateable(contest, piece, command.judge, is_judge=command.judge in judges[contest.id])
    except Refusal:
        return None
    return piece.id, command.judge, round_of(contest.phase)


def _found(piece: Submission | None, contest: Contest | None) -> tuple[Submission, Contest]:
    if piece is None or contest is None or piece.state != SubmissionState.ACCEPTED:
        raise Refusal("I cannot find that composition any more. Your Home tab shows what there is to rate.")
    return piece, contest
