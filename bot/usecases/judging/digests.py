"""Reminds a judge of what is left, once a day at most, by daylight, and never one who pauses."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, timedelta
from typing import TYPE_CHECKING

from bot.rules.moments import DAYLIGHT, lately, zone
from bot.rules.phases import JUDGED
from bot.rules.roles import Role
from bot.usecases.judging.invitations import hand_of, piles_of, practice_first
from bot.usecases.judging.letters import JudgingDigest, PaceWord
from bot.usecases.judging.piles import called
from bot.usecases.letters import post

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from bot.usecases.desk import Desk
    from bot.usecases.judging.invitations import Pile
    from models.contests import Contest, ContestRole
    from models.store import Work

QUIET = timedelta(hours=24)
"""So long after a judge's last rating, the beginning, or a word about their pace nobody reminds them."""


@dataclass(frozen=True)
class Digests:
    """What is left, for judges who have not rated for a day."""

    desk: Desk

    def send_due(self) -> int:
        """Write the reminders that are due now; how many. Safe to repeat, by however many replicas."""
        now = self.desk.clock.now()
        with self.desk.store.read() as work:
            running = [contest.id for phase in sorted(JUDGED) for contest in work.contests.in_phase(phase)]
        return sum(self._of_contest(contest_id, now) for contest_id in running)

    def _of_contest(self, contest_id: str, now: datetime) -> int:
        with self.desk.store.read() as work:
            contest = work.contests.get(contest_id)
            due = [] if contest is None else _due(work, contest, now)
        if not due:
            return 0
        with self.desk.anyone() as work:
            contest = work.lock(contest_id)
            if contest is None or contest.phase not in JUDGED:
                return 0
            # Somebody may have rated, or paused, since we looked.
            judges = [role.user_id for role in _due(work, contest, now)]
            piles = piles_of(work, contest, judges)
            rows = work.contests.roles.rows_among(contest_id, Role.JUDGE, judges)
            return sum(_remind(work, contest, rows[judge], piles, now) for judge in judges)


def _due(work: Work, contest: Contest, now: datetime) -> list[ContestRole]:
    rows = work.contests.roles.rows_among(contest.id, Role.JUDGE, work.contests.roles.holders(contest.id, Role.JUDGE))
    last, asked = work.ratings.last_by(contest.id), work.outbox.last_of(PaceWord.kind, contest.id, rows)
    began = contest.final_at or contest.judging_at or now
    return [
        role
        for judge, role in rows.items()
        if role.paused_at is None
        and not any(
            lately(moment, QUIET, now)
            for moment in (began, role.added_at, last.get(judge, began), asked.get(judge, began))
        )
        and _local(work, contest, judge, now).hour in DAYLIGHT
    ]


def _remind(work: Work, contest: Contest, role: ContestRole, piles: Mapping[str, Pile], now: datetime) -> bool:
    judge, pile = role.user_id, piles[role.user_id]
    if not pile.unrated:
        return False
    here = next(iter(hand_of(work, pile).waiting), None)
    piece = None if here is None else work.submissions.get(here)
    digest = JudgingDigest(
        contest_id=contest.id,
        contest_name=contest.name,
        left=len(pile.unrated),
        total=pile.total,
        practice=practice_first(contest, role),
        submission_id=here,
        alias="" if piece is None else called(work, contest, piece),
        round=pile.round.value,
    )
    day = _local(work, contest, judge, now).date().isoformat()
    key = f"digest:{contest.id}:{judge}:{day}"
    return post(work, key, judge, digest, now, contest_id=contest.id, subject_id=here)


def _local(work: Work, contest: Contest, judge: str, now: datetime) -> datetime:
    return now.astimezone(zone(work.people.zone_of(judge, contest.time_zone)) or UTC)
