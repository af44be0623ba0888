"""The newcomer's checklist: a letter to each person of a contest that is rewritten as things happen.

Whoever joins a contest's channel, or first shows up, is told what this is and how it goes. What happens elsewhere is followed
here, in the same transaction (``followers``); people who never got one get none by that.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Literal

from bot.errors import Unavailable
from bot.rules.phases import Phase
from bot.usecases.desk import KANTOR
from bot.usecases.happenings import Received
from bot.usecases.messages import dump
from bot.usecases.people.home import AccountState, account_of
from bot.usecases.people.letters import Checklist, FirstSteps
from bot.usecases.who import remember
from models.outbox import LetterState
from models.submissions import SubmissionState

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from bot.usecases.desk import Desk, Matter
    from bot.usecases.happenings import ContestPrepared, Happening, OfPerson
    from models.contests import Contest
    from models.store import Work
    from models.submissions import Submission


REFRESH = "refresh_checklists"
"""Name of the job that rewrites all checklists of a contest; its only argument is ``contest_id``."""

FIRST_STEPS = "first_steps:"
"""How the keys of the letters begin that tell organizers how a contest begins."""

RUSH = 20
"""With so many letters on their way newcomers who upload get no checklist."""

_FURTHEST = (
    SubmissionState.REFUSED,
    SubmissionState.FAILED,
    SubmissionState.RECEIVED,
    SubmissionState.CHECKING,
    SubmissionState.LATE,
    SubmissionState.ACCEPTED,
)
"""Of several compositions the checklist names the one that came furthest; others (withdrawn, superseded) do not count."""


_ACCOUNT: dict[AccountState, Literal["none", "free", "held", "empty", "returned"]] = {
    AccountState.NO_POOL: "none",
    AccountState.AVAILABLE: "free",
    AccountState.HELD: "held",
    AccountState.EMPTY: "empty",
    AccountState.RETURNED: "returned",
}


def send_checklist(work: Matter, user_id: str) -> bool:
    """Send a person the checklist of a contest that is open. False where it is not, they have it, or help to run it."""
    contest = work.contest
    if contest.phase != Phase.OPEN or work.contests.roles.any_of(contest.id, user_id):
        return False
    return work.post(checklist_key(contest.id, user_id), user_id, checklist(work, contest, user_id, work.now))


def refresh_checklist(work: Matter, user_id: str) -> bool:
    """Rewrite the person's checklist, where they have one and it says something else now. Whether they have one."""
    key = checklist_key(work.contest.id, user_id)
    first = work.outbox.by_key(key)
    if first is None or first.state is LetterState.FAILED:
        return first is not None
    latest = work.outbox.latest_edit(key) or first
    message = checklist(work, work.contest, user_id, work.now)
    if latest.message != dump(message):
        # By the letter before it: what was said before may well be said again, when a composition is withdrawn.
        work.post(f"{key}:{latest.id}", user_id, message, edits=key)
    return True


def one_changes(work: Matter, of: OfPerson) -> None:
    """The person's own follows.

    People who were here before the contest opened have none yet: their first file is the first that we see of them.
    """
    has_one = refresh_checklist(work, of.user_id)
    # In a rush the receipts come first, and whoever has uploaded knows how it goes.
    if not has_one and isinstance(of, Received) and work.outbox.waiting() < RUSH:
        send_checklist(work, of.user_id)


def all_change(work: Matter, _: Happening) -> None:
    """``refresh_checklist`` for everybody who has one of this contest, soon: when its phase or its deadline changes."""
    # A job: 200 of them take two seconds, and whoever has pressed a button waits for its transaction.
    contest, now = work.contest, work.now
    key = f"{REFRESH}:{contest.id}:{now.isoformat()}"
    work.jobs.enqueue(
        sha256(key.encode()).hexdigest()[:32], REFRESH, key, {"contest_id": contest.id}, now, contest_id=contest.id
    )


def begin_is_done(work: Matter, _: ContestPrepared) -> None:
    """The first contest is prepared: whoever was told how one begins reads on from there."""
    done = FirstSteps(contest_name=work.contest.name, channel_id=work.contest.channel_id)
    for organizer in work.outbox.recipients_of(FirstSteps.kind, None):
        key = f"{FIRST_STEPS}{organizer}"
        work.post(f"{key}:done", organizer, done, edits=key)


def checklist_key(contest_id: str, user_id: str) -> str:
    """The key of the letter that all later ones rewrite."""
    return f"checklist:{contest_id}:{user_id}"


def checklist(work: Work, contest: Contest, user_id: str, now: datetime) -> Checklist:
    """How far the person has come."""
    extension = work.contests.extension(contest.id, user_id)
    piece = _furthest(work, contest, user_id)
    return Checklist(
        contest_name=contest.name,
        channel_id=contest.channel_id,
        phase=contest.phase,
        intake=contest.intake,
        deadline=contest.deadline if extension is None else max(extension.until, contest.deadline),
        time_zone=work.people.zone_of(user_id, contest.time_zone),
        limit=contest.submission_limit,
        account=_ACCOUNT[account_of(work, contest, user_id, now).state],
        piece="" if piece is None else piece.title,
        piece_state="" if piece is None else piece.state.value,
        heard=piece is not None and work.verdicts.of_submission(piece.id) is not None,
    )


def _furthest(work: Work, contest: Contest, user_id: str) -> Submission | None:
    pieces = [piece for piece in work.submissions.of_person(contest.id, user_id) if piece.state in _FURTHEST]
    return max(pieces, key=lambda piece: (_FURTHEST.index(piece.state), piece.number), default=None)


AT_ONCE = 10
"""Checklists that are rewritten in one transaction."""


@dataclass(frozen=True)
class Onboarding:
    """Welcome people, once a person and contest."""

    desk: Desk

    def begin(self) -> None:
        """The bot is there: where there has never been a contest, the organizers of the settings are told how one begins. Once."""
        for organizer in sorted(self.desk.who.organizer_ids):
            self._show_first_steps(organizer)

    def _show_first_steps(self, user_id: str) -> None:
        if not self.desk.who.has_all_before_them(user_id):
            return
        with self.desk.anyone(user_id) as work:
            work.post(f"{FIRST_STEPS}{user_id}", user_id, FirstSteps())

    def joined(self, user_id: str, channel_id: str) -> None:
        """Somebody came into a channel: where its contest is open they get the checklist. A repeat changes nothing.

        Raises Unavailable: whether it is a person who takes part, only Slack knows.
        """
        with self.desk.store.read() as work:
            contest = work.contests.running_in(channel_id)
        self._welcome(user_id, [contest] if contest is not None and contest.phase == Phase.OPEN else [])

    def met(self, user_id: str) -> None:
        """Somebody looks at Kantor, or writes to it, who may have been in the channel before its contest opened."""
        self._show_first_steps(user_id)
        with self.desk.store.read() as work:
            unwelcomed = [
                contest
                for contest in work.contests.in_phase(Phase.OPEN)
                if work.outbox.by_key(checklist_key(contest.id, user_id)) is None
            ]
        # While Slack is silent the next time will do.
        with suppress(Unavailable):
            self._welcome(user_id, unwelcomed)

    def refresh(self, contest_id: str) -> None:
        """The job of ``checklists.all_change``: a few at a time, so that nobody waits for the database. Safe to repeat."""
        with self.desk.store.read() as work:
            recipients = work.outbox.recipients_of(Checklist.kind, contest_id)
        for start in range(0, len(recipients), AT_ONCE):
            with self.desk.person(KANTOR, contest_id) as work:
                for user_id in recipients[start : start + AT_ONCE]:
                    refresh_checklist(work, user_id)

    def _welcome(self, user_id: str, contests: Sequence[Contest]) -> None:
        theirs = [contest for contest in contests if self.desk.who.takes_part(user_id, contest)]
        profile = self.desk.who.profile(user_id) if theirs else None
        if profile is None:
            return
        with self.desk.anyone(user_id) as work:
            remember(work, profile, work.now)
            locked = [
                work.lock(each.id) for each in sorted(theirs, key=lambda each: each.id)
            ]  # so that they are still open
            for contest in locked:
                if contest is not None:
                    send_checklist(work.about(contest), user_id)
