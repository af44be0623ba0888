"""Newcomers: whoever joins a contest's channel, or first shows up, is told what this is and how it goes."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.errors import Unavailable
from bot.rules.phases import Phase
from bot.usecases.desk import KANTOR
from bot.usecases.people.checklists import FIRST_STEPS, checklist_key, refresh_checklist, send_checklist
from bot.usecases.people.letters import Checklist, FirstSteps
from bot.usecases.who import remember

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.usecases.desk import Desk
    from models.contests import Contest


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
            locked = [work.contests.lock(each.id) for each in theirs]  # so that they are still open
            for contest in locked:
                if contest is not None:
                    send_checklist(work.about(contest), user_id)
