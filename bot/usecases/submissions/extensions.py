"""More time for one person, with a reason."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.errors import Problems, Refusal
from bot.rules.moments import spoken, to_utc
from bot.rules.phases import Phase
from bot.rules.words import quoted
from bot.usecases.happenings import MoreTime
from bot.usecases.submissions.latefiles import let_in
from bot.usecases.submissions.letters import ExtensionNote
from bot.usecases.who import remember
from models.contests import Extension
from models.submissions import SubmissionState

if TYPE_CHECKING:
    from datetime import datetime

    from bot.ports import Profile
    from bot.usecases.desk import Desk, Matter
    from models.contests import Contest

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
