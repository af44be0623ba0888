"""The rules of a contest, as the person who asks needs them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.rules.charter import told
from bot.rules.moments import left
from bot.rules.prizes import told_of
from bot.usecases.judging.charters import charter_of
from bot.usecases.people.letters import RulesReply
from bot.usecases.submissions.arrivals import deadline_of

if TYPE_CHECKING:
    from datetime import datetime

    from bot.usecases.desk import Desk
    from models.contests import Contest
    from models.store import Work


@dataclass(frozen=True)
class Rulebook:
    """Tell the rules."""

    desk: Desk

    def rules(self, user_id: str, channel_id: str) -> RulesReply:
        """Of the contest of that channel, or else of the one that the person sees. Raises Refusal; may raise Unavailable."""
        contest = self.desk.who.contest_meant(user_id, channel_id)
        with self.desk.store.read() as work:
            return rules_of(work, contest, user_id, self.desk.clock.now())


def rules_of(work: Work, contest: Contest, user_id: str, now: datetime) -> RulesReply:
    """The contest's rules, with the person's own deadline in their own zone."""
    deadline, fixed = deadline_of(work, contest, user_id), work.charters.version(contest.id, contest.rules_version)
    return RulesReply(
        contest_name=contest.name,
        channel_id=contest.channel_id,
        phase=contest.phase,
        intake=contest.intake,
        deadline=deadline,
        left=left(deadline, now),
        time_zone=work.people.zone_of(user_id, contest.time_zone),
        extended=deadline > contest.deadline,
        limit=contest.submission_limit,
        judged=told(charter_of(contest).document if fixed is None else json.loads(fixed.document)),
        version=contest.rules_version,
        sha256="" if fixed is None else fixed.sha256,
        prizes=told_of(contest.texts),
        text=str(contest.texts.get("rules") or ""),
    )
