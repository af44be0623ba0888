"""Reminds people of a request to help that waits for them, and of what they have agreed to: by daylight, and nobody twice a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC
from typing import TYPE_CHECKING

from bot.rules.duties import Duty, Reminder, Standing, reminder
from bot.rules.moments import zone
from bot.rules.phases import Phase
from bot.rules.roles import Role
from bot.usecases.letters import post
from bot.usecases.people.duties import asking_of, begins, expected, standing_of
from bot.usecases.people.letters import DutyAsked, DutyReminder
from bot.usecases.people.nudges import ONCE, left_in_peace

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from bot.usecases.desk import Desk, Matter
    from models.contests import Contest
    from models.duties import DutyRequest
    from models.store import Work


@dataclass(frozen=True)
class DutyReminders:
    """After two days without an answer, and a day before it begins."""

    desk: Desk

    def send_due(self) -> int:
        """Write the reminders that are due now; how many. Safe to repeat, by however many replicas."""
        now = self.desk.clock.now()
        with self.desk.store.read() as work:
            due = [contest.id for contest in work.contests.unfinished() if any(_due(work, contest, now))]
        return sum(self._of_contest(contest_id) for contest_id in due)

    def _of_contest(self, contest_id: str) -> int:
        with self.desk.anyone() as errand:
            contest = errand.lock(contest_id)
            if contest is None:
                return 0
            work, reminded = errand.about(contest), set[str]()
            # Somebody may have answered since we looked; and who was asked for two things is reminded of one a day.
            for request, which in list(_due(work, contest, work.now)):
                if request.user_id not in reminded and _remind(work, request, which):
                    reminded.add(request.user_id)
            return len(reminded)


def _due(work: Work, contest: Contest, now: datetime) -> Iterator[tuple[DutyRequest, Reminder]]:
    requests = work.duties.of_contest(contest.id)
    asked = work.outbox.recipients_lately({DutyAsked.kind}, ONCE, now)
    rested = set(left_in_peace(work, [each.user_id for each in requests], now)) - asked
    for request in requests:
        local = now.astimezone(zone(work.people.zone_of(request.user_id, contest.time_zone)) or UTC)
        ahead = contest.phase in {Phase.DRAFT, Phase.OPEN} or request.duty is not Duty.JUDGE
        when = begins(contest, request) if ahead else None
        known = work.outbox.known([_key(request, which, when) for which in Reminder])
        which = reminder(
            standing_of(work, contest, request),
            request.asked_at,
            when,
            now,
            hour=local.hour,
            sent=[each for each in Reminder if _key(request, each, when) in known],
        )
        if which is not None and request.user_id in rested:
            yield request, which


def _key(request: DutyRequest, which: Reminder, begins: datetime | None) -> str:
    # Of something that was put off they are reminded anew.
    day = "" if begins is None or which is Reminder.WAITS else f":{begins.astimezone(UTC).isoformat()}"
    return f"duty_reminder:{request.id}:{which}{day}"


def _remind(work: Matter, request: DutyRequest, which: Reminder) -> bool:
    contest, stands = work.contest, standing_of(work, work.contest, request)
    judges = {
        *work.contests.roles.holders(contest.id, Role.JUDGE),
        *(
            each.user_id
            for each in work.duties.of_contest(contest.id)
            if each.duty is Duty.JUDGE and standing_of(work, contest, each) is Standing.WAITING
        ),
    }
    asking = asking_of(work, contest, request, expected(work, contest), len(judges))
    letter = DutyReminder(contest_name=contest.name, asking=asking, reminder=which, standing=stands, why=request.why)
    key = _key(request, which, begins(contest, request))
    request.reminded_at = work.now
    return post(work, key, request.user_id, letter, work.now, contest_id=contest.id, subject_id=request.id)
