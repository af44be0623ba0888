"""A person's own compositions: which version counts, other titles, taking one out again."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.errors import Refusal
from bot.rules.moments import left
from bot.rules.naming import cleaned_title, submission_name
from bot.rules.phases import OVER, Phase
from bot.rules.words import quoted
from bot.usecases.finding import contests_to_show
from bot.usecases.happenings import VersionChosen, Withdrawn
from bot.usecases.submissions.arrivals import Incoming, deadline_of
from bot.usecases.submissions.handins import require_own
from bot.usecases.submissions.versions import GONE, let_count, past_tries, standing
from models.submissions import SubmissionState

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from bot.usecases.desk import Desk, Matter
    from models.contests import Contest
    from models.store import Work
    from models.submissions import Submission


@dataclass(frozen=True)
class PieceVersion:
    """One file of a composition."""

    submission_id: str
    number: int
    state: str
    """A word of ``SubmissionState``."""
    filename: str
    uploaded_at: datetime
    refusal: str | None
    counts: bool
    may_count: bool
    """Whether the author may let it count now."""


@dataclass(frozen=True)
class Composition:
    """One of the person's compositions; ``submission_id`` is its newest version's."""

    submission_id: str
    title: str
    versions: tuple[PieceVersion, ...]
    """Newest first; those that were refused only where nothing came after them."""
    may_change: bool
    """Whether it may be replaced and renamed now."""
    may_withdraw: bool

    @property
    def counting(self) -> int | None:
        """The version that counts; None where none does."""
        return next((version.number for version in self.versions if version.counts), None)


@dataclass(frozen=True)
class MyContest:
    """What the person has in one contest."""

    name: str
    channel_id: str
    phase: Phase
    intake: str
    deadline: datetime
    """The person's own."""
    time_zone: str
    """The person's."""
    used: int
    limit: int
    open: bool
    """Whether something new would count now."""
    compositions: tuple[Composition, ...]
    folded: int = 0
    """Earlier tries that came to nothing, and are not among them."""
    left: str = ""
    """How long it is until the deadline (``bot.rules.moments.left``)."""


@dataclass(frozen=True)
class Mine:
    """All that a person has handed in to contests that run, or ended lately; contests without anything of theirs are left out."""

    contests: tuple[MyContest, ...]


@dataclass(frozen=True)
class Compositions:
    """What authors do with what they have handed in."""

    desk: Desk

    def mine(self, user_id: str) -> Mine:
        """The person's compositions, contest by contest, newest contest first."""
        incoming = Incoming.just(user_id, self.desk.clock.now())
        with self.desk.store.read() as work:
            contests = [_my_contest(work, incoming, contest) for contest in contests_to_show(work)]
        return Mine(tuple(contest for contest in contests if contest.compositions))

    def title(self, user_id: str, submission_id: str) -> str:
        """The title, for the window in which it is changed. Raises Refusal where it may not be changed now."""
        with self.desk.store.read() as work:
            piece, contest = require_own(work, user_id, submission_id)
            _require_change(work, Incoming.just(user_id, self.desk.clock.now()), contest)
            return piece.title

    def withdraw(self, user_id: str, submission_id: str) -> None:
        """Take a composition out, with all of its versions. Safe to repeat. Until the judging ends.

        Ratings stay in the database. Judges who had it get their next piece.
        """
        with self._own(user_id, submission_id) as (work, piece):
            contest = work.contest
            if contest.phase in OVER:
                raise Refusal(
                    f"*{quoted(contest.name)}* is over, so its results stand. If something is wrong, ask an organizer."
                )
            versions = [one for one in work.submissions.versions(piece.root_id) if one.state not in GONE]
            if any(one.state != SubmissionState.WITHDRAWN for one in versions):
                for one in versions:
                    one.state = SubmissionState.WITHDRAWN
                work.note("submission.withdrawn", submission=piece.id, name=piece.name)
                work.happened(Withdrawn(user_id, versions))

    def let_count(self, user_id: str, submission_id: str) -> None:
        """Let an earlier version count, or one that was withdrawn. Safe to repeat.

        Raises Refusal after the deadline, where it never passed its check, and over the limit.
        """
        with self._own(user_id, submission_id) as (work, piece):
            contest = work.contest
            if piece.state != SubmissionState.ACCEPTED:
                _require_change(work, Incoming.just(user_id, self.desk.clock.now()), contest)
                _require_eligible(work, contest, piece)
                self._bring_back(work, piece)
                work.note("submission.chosen", submission=piece.id, name=piece.name, version=piece.version)
                work.happened(VersionChosen(user_id, work.submissions.versions(piece.root_id)))

    def rename(self, user_id: str, submission_id: str, title: str) -> None:
        """Give a composition another title, and the name that goes with it. Raises Refusal (field ``title``)."""
        wanted = cleaned_title(title)
        if not wanted:
            raise Refusal("Please write a title, such as Morning Tide.", field="title")
        with self._own(user_id, submission_id) as (work, piece):
            contest = work.contest
            _require_change(work, Incoming.just(user_id, self.desk.clock.now()), contest)
            if wanted != piece.title:
                before, person = piece.name, work.people.get(user_id)
                called = submission_name(
                    contest.slug,
                    person.name if person else user_id,
                    wanted,
                    lambda some: work.submissions.names_among(contest.id, some) - {before},
                )
                for version in work.submissions.versions(piece.root_id):
                    version.title, version.name = wanted, called
                work.note("submission.renamed", submission=piece.id, before=before, after=called)

    @contextmanager
    def _own(self, user_id: str, submission_id: str) -> Iterator[tuple[Matter, Submission]]:
        """The composition, its contest locked before their states are looked at."""
        with self.desk.anyone(user_id) as errand:
            piece, contest = require_own(errand, user_id, submission_id)
            yield errand.about(errand.lock(contest.id) or contest), piece

    def _bring_back(self, work: Work, piece: Submission) -> None:
        let_count(standing(work, piece.root_id), piece)
        for version in work.submissions.versions(piece.root_id):
            if version.state == SubmissionState.WITHDRAWN and version.alias is not None:
                version.state = SubmissionState.SUPERSEDED


def _my_contest(work: Work, incoming: Incoming, contest: Contest) -> MyContest:
    may_change = incoming.takes(work, contest)
    deadline = deadline_of(work, contest, incoming.user_id)
    sent = work.submissions.of_person(contest.id, incoming.user_id)
    past = past_tries(sent)
    roots: dict[str, list[Submission]] = {}
    for piece in sent:
        if piece.root_id not in past:
            roots.setdefault(piece.root_id, []).append(piece)
    return MyContest(
        name=contest.name,
        channel_id=contest.channel_id,
        phase=contest.phase,
        intake=contest.intake,
        deadline=deadline,
        time_zone=work.people.zone_of(incoming.user_id, contest.time_zone),
        used=len(work.submissions.counting(contest.id, incoming.user_id)),
        limit=contest.submission_limit,
        open=may_change,
        left=left(deadline, incoming.now),
        compositions=tuple(_composition(contest, pieces, may_change=may_change) for pieces in roots.values()),
        folded=len(past),
    )


def _composition(contest: Contest, pieces: Sequence[Submission], *, may_change: bool) -> Composition:
    newest = pieces[-1]
    is_in = any(piece.state not in {*GONE, SubmissionState.WITHDRAWN} for piece in pieces)
    return Composition(
        submission_id=newest.id,
        title=newest.title,
        versions=tuple(
            _version(piece, may_change=may_change)
            for piece in reversed(pieces)
            if piece is newest or piece.state not in GONE
        ),
        may_change=may_change,
        may_withdraw=is_in and contest.phase not in OVER,
    )


def _version(piece: Submission, *, may_change: bool) -> PieceVersion:
    return PieceVersion(
        submission_id=piece.id,
        number=piece.version,
        state=piece.state,
        filename=piece.filename,
        uploaded_at=piece.uploaded_at,
        refusal=piece.refusal_sentence,
        counts=piece.state == SubmissionState.ACCEPTED,
        may_count=may_change and _was_accepted(piece) and piece.state != SubmissionState.ACCEPTED,
    )


def _was_accepted(piece: Submission) -> bool:
    # The alias is given at the acceptance, and kept.
    return piece.alias is not None


def _require_change(work: Work, incoming: Incoming, contest: Contest) -> None:
    if not incoming.takes(work, contest):
        raise Refusal(
            f"*{quoted(contest.name)}* takes no changes any more: the time for compositions is over. If something is wrong, ask an organizer."
        )


def _require_eligible(work: Work, contest: Contest, piece: Submission) -> None:
    if not _was_accepted(piece):
        raise Refusal("That version never passed its check, so it cannot count. Please upload it once more.")
    counting = work.submissions.counting(contest.id, piece.user_id)
    if piece.root_id not in counting and len(counting) >= contest.submission_limit:
        raise Refusal(
            f"*{quoted(contest.name)}* takes {contest.submission_limit} compositions a person, and yours are in already. "
            "Please withdraw another one first."
        )
