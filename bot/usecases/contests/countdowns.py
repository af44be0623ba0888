"""The last hour before a deadline, told in the contest's channel."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC
from typing import TYPE_CHECKING

from bot.rules.moments import due, minutes_left
from bot.rules.phases import Phase
from bot.usecases.contests.letters import Countdown

if TYPE_CHECKING:
    from datetime import datetime

    from bot.usecases.desk import Desk
    from models.contests import Contest
    from models.store import Work


@dataclass(frozen=True)
class Countdowns:
    """Remind people of a deadline."""

    desk: Desk

    def ring(self) -> int:
        """Post what is due now, each reminder of each deadline once, whoever calls this and how often; how many were posted."""
        now = self.desk.clock.now()
        with self.desk.store.read() as work:
            waiting = [contest.id for contest in work.contests.in_phase(Phase.OPEN) if _letter(work, contest, now)]
        return sum(self._post(contest_id, now) for contest_id in waiting)

    def _post(self, contest_id: str, now: datetime) -> bool:
        with self.desk.anyone() as work:
            # The lock comes before the look: the deadline may be moved, or the contest move on, at this very moment.
            contest = work.lock(contest_id)
            letter = None if contest is None else _letter(work, contest, now)
            if contest is None or letter is None:
                return False
            key, message = letter
            return work.about(contest).post(key, contest.channel_id, message)


def _letter(work: Work, contest: Contest, now: datetime) -> tuple[str, Countdown] | None:
    """The reminder that is due and was not posted yet, with its key; None where there is none."""
    if contest.phase != Phase.OPEN:
        return None
    minutes = due(contest.deadline, deadline_known_since(work, contest), now)
    # The deadline is in the key: a moved one is counted down anew.
    key = f"countdown:{contest.id}:{contest.deadline.astimezone(UTC).isoformat()}:{minutes}"
    if minutes is None or work.outbox.by_key(key) is not None:
        return None
    message = Countdown(
        contest_name=contest.name,
        minutes=minutes_left(contest.deadline, now),
        deadline=contest.deadline,
        time_zone=contest.time_zone,
        intake=contest.intake,
    )
    return key, message


def deadline_known_since(work: Work, contest: Contest) -> datetime:
    """When the contest opened, or its deadline was moved last: its news has just said how much time is left."""
    moved = [edit.applied_at for edit in work.contests.edits_of(contest.id, {"deadline"}) if edit.applied_at]
    return max([contest.opened_at or contest.created_at, *moved])
