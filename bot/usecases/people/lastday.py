"""The last day before a deadline, told to those who have sent nothing in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC
from typing import TYPE_CHECKING

from bot.rules.countdown import FRESH, is_last_day
from bot.rules.moments import zone
from bot.rules.phases import Phase
from bot.usecases.contests.countdowns import deadline_known_since
from bot.usecases.letters import Draft, post_all
from bot.usecases.people.letters import Checklist
from bot.usecases.people.nudges import composer_nudge, left_in_peace
from bot.usecases.people.takingpart import without_a_composition
from bot.usecases.submissions.letters import ExtensionNote

if TYPE_CHECKING:
    from datetime import datetime

    from bot.usecases.desk import Desk
    from bot.usecases.people.letters import ComposerNudge
    from models.contests import Contest
    from models.store import Work


@dataclass(frozen=True)
class LastDay:
    """Remind people who have no composition, by daylight, once a deadline."""

    desk: Desk

    def remind(self) -> int:
        """Write to whoever is to be reminded now; to how many. Safe to repeat, by however many replicas. May raise Unavailable."""
        now = self.desk.clock.now()
        with self.desk.store.read() as work:
            near = [each for each in work.contests.in_phase(Phase.OPEN) if _due(work, each, now)]
        # Of people who have left the channel Slack alone knows.
        here = {each.id: self.desk.who.directory.everybody_in(each.channel_id) for each in near}
        return sum(self._remind(each.id, here[each.id], now) for each in near)

    def _remind(self, contest_id: str, here: frozenset[str], now: datetime) -> int:
        with self.desk.anyone() as work:
            contest = work.contests.lock(contest_id)
            # Somebody may have sent something in since we looked.
            nudges = {} if contest is None else _due(work, contest, now)
            due = [
                Draft(_key(contest_id, person, nudge), person, nudge, contest_id=contest_id)
                for person, nudge in nudges.items()
                if person in here
            ]
            known = work.outbox.known([each.key for each in due])
            new = [draft for draft in due if draft.key not in known]
            post_all(work, new, now)
            return len(new)


def _key(contest_id: str, person: str, nudge: ComposerNudge) -> str:
    # The deadline is in the key: of a moved one they are reminded anew.
    return f"last_day:{contest_id}:{nudge.deadline.astimezone(UTC).isoformat()}:{person}"


def _due(work: Work, contest: Contest, now: datetime) -> dict[str, ComposerNudge]:
    """What each of those reads who are to be reminded now."""
    if contest.phase != Phase.OPEN:
        return {}
    since = deadline_known_since(work, contest)
    told = work.outbox.recipients_lately({Checklist.kind, ExtensionNote.kind}, FRESH, now)
    people = [each for each in left_in_peace(work, without_a_composition(work, contest), now) if each not in told]
    nudges = {each: composer_nudge(work, contest, each, now) for each in people}
    return {
        each: nudge
        for each, nudge in nudges.items()
        if is_last_day(nudge.deadline, since, now, now.astimezone(zone(nudge.time_zone) or UTC).hour)
    }
