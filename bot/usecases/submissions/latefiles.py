"""Files that came after the deadline: they wait for an organizer's decision. More time for one person, with a reason."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING

from bot.errors import Problems, Refusal
from bot.rules.moments import spoken, to_utc
from bot.rules.phases import Phase
from bot.rules.words import quoted
from bot.usecases.blindness import whose
from bot.usecases.happenings import LateDecided, MoreTime
from bot.usecases.judging.counting import ratings_of
from bot.usecases.submissions.arrivals import deadline_of
from bot.usecases.submissions.letters import ExtensionNote, LateAlarm, LateDecision, LateReceipt
from bot.usecases.submissions.versions import standing
from bot.usecases.who import remember
from models.contests import Extension
from models.submissions import SubmissionState

if TYPE_CHECKING:
    from datetime import datetime

    from bot.ports import Profile
    from bot.usecases.desk import Desk, Errand, Matter
    from bot.usecases.submissions.letters import Receipt
    from models.contests import Contest
    from models.store import Work
    from models.submissions import Submission


DECLINED = "late"
"""Our own refusal code, beside those of judge.midi.RefusalCode."""


@dataclass(frozen=True)
class LateFile:
    """A file that waits for a decision."""

    submission_id: str
    author: str
    """User id."""
    title: str
    version: int
    uploaded_at: datetime
    seconds_late: int


@dataclass(frozen=True)
class LateList:
    """What waits in one contest."""

    contest_name: str
    waiting: tuple[LateFile, ...]
    channel_id: str = ""


@dataclass(frozen=True)
class Decided:
    """What became of a late file."""

    title: str
    author: str
    accepted: bool


@dataclass(frozen=True)
class LateFiles:
    """Show them, and decide."""

    desk: Desk

    def waiting(self, actor: str, channel_id: str) -> LateList:
        """What waits in the contest that is meant. Raises Refusal for people who are no organizers of it."""
        with self.desk.organizer(actor, channel_id=channel_id, reads=True) as work:
            contest = work.contest
            pieces = work.submissions.in_state(contest.id, SubmissionState.LATE)
            waiting = tuple(_late(work, contest, piece) for piece in pieces)
            return LateList(contest.name, waiting, contest.channel_id)

    def decide(self, actor: str, submission_id: str, *, accept: bool, reason: str = "") -> Decided:
        """Let it in, to be checked like any other, or not; the author is told. Safe to repeat.

        Raises Refusal for people who are no organizers, where another decision was taken, and where it is too late to let it in.
        """
        with self.desk.store.read() as looking:
            contest_id = _found(looking, submission_id).contest_id
        with self.desk.organizer(actor, contest_id) as work:
            contest, piece = work.contest, _found(work, submission_id)
            if piece.state != SubmissionState.LATE:
                _require_same(piece, accept=accept)
            elif accept:
                _require_open(contest)
                let_in(work, piece)
                _tell(work, piece, reason, accepted=True)
            else:
                piece.state, piece.refusal_code = SubmissionState.REFUSED, DECLINED
                piece.refusal_sentence = "It came after the deadline, and an organizer has decided not to take it."
                _tell(work, piece, reason, accepted=False)
            work.happened(LateDecided(piece.user_id))
            return Decided(piece.title, piece.user_id, accept)


def _found(work: Work, submission_id: str) -> Submission:
    piece = work.submissions.get(submission_id)
    if piece is None:
        raise Refusal("I cannot find that file any more. `/kantor late` shows what waits.")
    return piece


def _tell(work: Matter, piece: Submission, reason: str, *, accepted: bool) -> None:
    contest, counts = work.contest, standing(work, piece.root_id)
    decision = LateDecision(
        user_id=piece.user_id,
        title=piece.title,
        contest_name=contest.name,
        accepted=accepted,
        reason=reason,
        standing=None if counts is None else counts.version,
        ratings=ratings_of(work, contest, counts) if accepted else 0,
    )
    work.post_about(f"late_decision:{piece.id}", piece, decision)
    settled = _alarm(work, contest, piece).model_copy(update={"decided_by": work.actor, "accepted": accepted})
    for letter in work.outbox.about(piece.id, LateAlarm.kind):
        # The letters of the other organizers lose their buttons, too.
        work.post(f"late_decided:{piece.id}:{letter.recipient}", letter.recipient, settled, edits=letter.key)
    action = "submission.late_accepted" if accepted else "submission.late_declined"
    work.note(action, submission=piece.id, author=piece.user_id, reason=reason)


def let_in(work: Errand, piece: Submission) -> None:
    """A late file counts after all: it goes to its check."""
    piece.state = SubmissionState.RECEIVED
    args = {"submission_id": piece.id}
    key = f"check:{piece.id}:late"
    work.jobs.enqueue(
        work.desk.ids.new(), "check_submission", key, args, work.now, owner=piece.user_id, contest_id=piece.contest_id
    )


def tell_of_late_file(work: Matter, piece: Submission, receipt: Receipt) -> None:
    """The author learns that it waits, and the organizers that they are to decide."""
    contest = work.contest
    note = LateReceipt(
        user_id=piece.user_id,
        title=piece.title,
        contest_name=contest.name,
        deadline=deadline_of(work, contest, piece.user_id),
        time_zone=work.people.zone_of(piece.user_id, contest.time_zone),
        seconds_late=receipt.seconds_late,
        standing=receipt.standing,
    )
    work.post_about(f"receipt:{piece.id}", piece, note)
    work.post_to_organizers(f"late:{piece.id}", _alarm(work, contest, piece), about=piece)


def _alarm(work: Work, contest: Contest, piece: Submission) -> LateAlarm:
    late = _late(work, contest, piece)
    return LateAlarm(
        submission_id=piece.id,
        contest_name=contest.name,
        **whose(piece),
        uploaded_at=piece.uploaded_at,
        seconds_late=late.seconds_late,
        version=piece.version,
    )


def _late(work: Work, contest: Contest, piece: Submission) -> LateFile:
    late = piece.uploaded_at - deadline_of(work, contest, piece.user_id)
    return LateFile(
        submission_id=piece.id,
        author=piece.user_id,
        title=piece.title,
        version=piece.version,
        uploaded_at=piece.uploaded_at,
        seconds_late=max(0, ceil(late.total_seconds())),
    )


def _require_open(contest: Contest) -> None:
    if contest.phase not in {Phase.OPEN, Phase.JUDGING}:
        where = "The final has begun" if contest.phase == Phase.FINAL else f"*{quoted(contest.name)}* is over"
        raise Refusal(f"{where}, so a new piece can no longer take part. You can still decline the file.")


def _require_same(piece: Submission, *, accept: bool) -> None:
    """A second press of the same button is fine; the other one comes too late."""
    declined = piece.state == SubmissionState.REFUSED and piece.refusal_code == DECLINED
    if piece.state == SubmissionState.WITHDRAWN:
        raise Refusal(f"<@{piece.user_id}> has withdrawn it, so there is nothing to decide.")
    if declined == accept:
        done = "declined" if declined else "accepted"
        raise Refusal(f"Another organizer has {done} it already. `/kantor late` shows what still waits.")


MAX_REASON = 300


@dataclass(frozen=True)
class Granted:
    """Who has how much more time."""

    user_id: str
    until: datetime
    reason: str


@dataclass(frozen=True)
class ExtensionForm:
    """What the window shows."""

    contest_id: str
    contest_name: str
    deadline: datetime
    time_zone: str
    """The contest's: the organizer writes in it."""
    now: datetime
    person: str | None
    """User id; None where it is to be chosen."""
    before: Granted | None
    """What that person has already."""
    granted: tuple[Granted, ...]
    """All of the contest's."""


@dataclass(frozen=True)
class Extend:
    """The submitted window. A Refusal's ``field`` is ``user_id``, ``until`` or ``reason``."""

    actor: str
    contest_id: str
    user_id: str
    until: datetime
    """Naive: by the clocks of the contest's time zone."""
    reason: str


@dataclass(frozen=True)
class Extended:
    """More time has been given."""

    contest_name: str
    user_id: str
    until: datetime
    time_zone: str
    """The contest's."""
    let_in: int
    """How many of the person's late files count by that."""


@dataclass(frozen=True)
class Extensions:
    """Show what there is, and give more time."""

    desk: Desk

    def form(self, actor: str, channel_id: str, user_id: str | None) -> ExtensionForm:
        """The window. Raises Refusal for people who are no organizers, and where nothing is taken any more."""
        with self.desk.organizer(actor, channel_id=channel_id, reads=True) as work:
            contest, now = work.contest, work.now
            _require_running(contest)
            granted = tuple(Granted(row.user_id, row.until, row.reason) for row in work.contests.extensions(contest.id))
        before = next((each for each in granted if each.user_id == user_id), None)
        return ExtensionForm(
            contest_id=contest.id,
            contest_name=contest.name,
            deadline=contest.deadline,
            time_zone=contest.time_zone,
            now=now,
            person=user_id,
            before=before,
            granted=granted,
        )

    def extend(self, command: Extend) -> Extended:
        """Write it down and tell the person; late files of theirs that came before it count. Safe to repeat. Raises Refusal."""
        self.desk.who.require_organizer(command.actor, command.contest_id)
        problems = Problems()
        profile = problems.of(None, self._person, command.user_id)
        reason = problems.of("", _because, command.reason)
        with self.desk.organizer(command.actor, command.contest_id) as work:
            contest, now = work.contest, work.now
            _require_running(contest)
            until = problems.of(now, _until, contest, command, now)
            problems.settle()
            assert profile is not None
            remember(work, profile, now)
            _grant(work, command, until, reason)
            let = _let_in(work, command.user_id, until)
            work.happened(MoreTime(command.user_id))
        return Extended(contest.name, command.user_id, until, contest.time_zone, let)

    def _person(self, user_id: str) -> Profile:
        profile = self.desk.who.profile(user_id)
        if profile is None or not profile.is_ours:
            raise Refusal("That is nobody who could take part. Please choose a person.", field="user_id")
        return profile


def _grant(work: Matter, command: Extend, until: datetime, reason: str) -> None:
    contest, now = work.contest, work.now
    user_id, before = command.user_id, work.contests.extension(contest.id, command.user_id)
    if before is not None and (before.until, before.reason) == (until, reason):
        return
    facts = {"person": user_id, "until": until.isoformat(), "reason": reason}
    facts |= {} if before is None else {"before": before.until.isoformat()}
    work.contests.extend(
        Extension(
            contest_id=contest.id,
            user_id=user_id,
            until=until,
            reason=reason,
            granted_by=command.actor,
            granted_at=now,
        )
    )
    zone = work.people.zone_of(user_id, contest.time_zone)
    note = ExtensionNote(
        contest_name=contest.name, until=until, time_zone=zone, reason=reason, granted_by=command.actor
    )
    work.post(f"extension:{contest.id}:{user_id}:{now.isoformat()}", user_id, note)
    work.note("extension.granted", **facts)


def _let_in(work: Matter, user_id: str, until: datetime) -> int:
    late = [
        piece
        for piece in work.submissions.of_person(work.contest.id, user_id)
        if piece.state == SubmissionState.LATE and piece.uploaded_at <= until
    ]
    for piece in late:
        let_in(work, piece)
    return len(late)


def _require_running(contest: Contest) -> None:
    if contest.phase not in {Phase.DRAFT, Phase.OPEN, Phase.JUDGING}:
        raise Refusal(f"*{quoted(contest.name)}* takes no compositions any more, so more time would be of no use.")


def _because(text: str) -> str:
    """The reason as it is kept. Raises Refusal."""
    reason = " ".join(text.split())[:MAX_REASON]
    if not reason:
        raise Refusal("Please say why: the person reads it, and it stays in the audit trail.", field="reason")
    return reason


def _until(contest: Contest, command: Extend, now: datetime) -> datetime:
    until = to_utc(command.until, contest.time_zone)
    if until is None:
        raise Refusal("On that day clocks skip this hour. Please choose a time an hour later.", field="until")
    if until <= now:
        present = spoken(now, contest.time_zone)
        raise Refusal(f"That moment has passed: it is {present} now. Please choose a later one.", field="until")
    if until <= contest.deadline:
        deadline = spoken(contest.deadline, contest.time_zone)
        raise Refusal(f"Everybody has until {deadline}. Please choose a later moment.", field="until")
    return until
