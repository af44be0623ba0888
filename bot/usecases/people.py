"""Who may do what, what a person sees on the Home tab, and answers to plain words in the direct messages."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.announcements import AccountReply, HelpReply, dump
from bot.errors import Refusal, Unavailable
from bot.ports import Profile
from bot.rules.phases import Phase
from bot.usecases.finding import join_first, require_contest
from bot.usecases.home import (
    AccountState,
    HomeAccount,
    HomeContest,
    HomeSubmission,
    HomeView,
    JudgeProgress,
    OrganizerCounts,
    contests_to_show,
    home_contest,
)
from bot.usecases.roles import Role

if TYPE_CHECKING:
    from datetime import datetime

    from bot.ports import Clock, Directory
    from models.contest import Contest
    from models.store import Store, Work

__all__ = [
    "AccountState",
    "HomeAccount",
    "HomeContest",
    "HomeSubmission",
    "HomeView",
    "JudgeProgress",
    "OrganizerCounts",
    "People",
    "Role",
]

_ACCOUNT_WORDS = frozenset({"account", "accounts", "credentials", "login", "password", "konto"})


@dataclass(frozen=True)
class People:
    """Roles, the Home tab, plain words."""

    store: Store
    directory: Directory
    clock: Clock
    organizer_ids: frozenset[str] = frozenset()

    def roles(self, user_id: str, contest_id: str | None = None) -> frozenset[Role]:
        """The person's roles in that contest; without one, organizer of any and judge of any that is not finished.

        May raise Unavailable.
        """
        profile = self.profile(user_id)
        if profile is None or profile.is_bot or profile.is_deleted:
            return frozenset()
        with self.store.read() as work:
            given = _given(work, user_id, contest_id)
        if profile.is_admin or user_id in self.organizer_ids:
            given |= {Role.ORGANIZER}
        return given if profile.is_guest else given | {Role.PARTICIPANT}

    def require_organizer(self, user_id: str, contest_id: str | None = None) -> None:
        """Raises Refusal unless the person organizes (that contest, where one is named)."""
        if Role.ORGANIZER not in self.roles(user_id, contest_id):
            raise Refusal(
                "That is for the organizers of the contest. Please ask one of them, or a workspace admin; "
                "`/kantor help` lists what you can do."
            )

    def help(self, user_id: str) -> frozenset[Role]:
        """The roles whose commands the help should list."""
        return self.roles(user_id)

    def profile(self, user_id: str) -> Profile | None:
        """The person as Slack knows them, or as we remember them while Slack is silent; None for an unknown id.

        Raises Unavailable where Slack is silent and we never met them.
        """
        try:
            return self.directory.profile(user_id)
        except KeyError:
            return None
        except Unavailable:
            with self.store.read() as work:
                known = work.people.get(user_id)
            if known is None:
                raise
            return Profile(user_id, known.name, known.time_zone, is_admin=known.is_admin)

    def home(self, user_id: str) -> HomeView:
        """What the person's Home tab shows: the contests in whose channels they are, or in which they have a part."""
        with self.store.read() as work:
            candidates = contests_to_show(work)
        parts = [(contest, self.roles(user_id, contest.id)) for contest in candidates]
        shown = [(contest, roles) for contest, roles in parts if self._sees(user_id, contest, roles)]
        with self.store.read() as work:
            contests = tuple(home_contest(work, contest, user_id, roles) for contest, roles in shown)
        return HomeView(roles=self.roles(user_id), contests=contests)

    def answer(self, user_id: str, channel_id: str, text: str, slack_event_id: str) -> None:
        """Answer plain words in the direct messages, once an event: a letter to ``channel_id`` (the DM)."""
        if not text.strip():
            return
        roles = self._roles_or_none(user_id)
        asks = not _ACCOUNT_WORDS.isdisjoint(re.findall(r"[a-z]+", text.lower()))
        outside = self._outside(user_id) if asks else frozenset()
        now = self.clock.now()
        with self.store.write() as work:
            # The letter's key says which event it answers: a redelivery writes no second one.
            reply = _account_reply(work, channel_id, roles, outside) if asks else HelpReply(roles=roles)
            message = dump(reply)
            work.outbox.add(f"answer:{slack_event_id}", channel_id, message, now=now)

    def _sees(self, user_id: str, contest: Contest, roles: frozenset[Role]) -> bool:
        if not roles.isdisjoint({Role.ORGANIZER, Role.JUDGE}):
            return True
        if not roles or contest.phase == Phase.DRAFT:
            return False
        try:
            return self.directory.is_member(contest.channel_id, user_id)
        except Unavailable:
            return False

    def _outside(self, user_id: str) -> frozenset[str]:
        """Ids of the running contests in whose channels the person is not, as far as Slack tells."""
        with self.store.read() as work:
            contests = work.contests.unfinished()
        try:
            return frozenset(one.id for one in contests if not self.directory.is_member(one.channel_id, user_id))
        except Unavailable:
            return frozenset()

    def _roles_or_none(self, user_id: str) -> tuple[Role, ...]:
        # An answer with less help is better than none, or one that comes an hour late.
        try:
            return tuple(sorted(self.roles(user_id)))
        except Unavailable:
            return ()


def remember(work: Work, profile: Profile, now: datetime) -> None:
    """Keep what Slack says of a person, for boards and for the time when Slack is silent."""
    zone, admin = profile.time_zone, profile.is_admin
    work.people.remember(profile.user_id, name=profile.name, time_zone=zone, is_admin=admin, now=now)


def _given(work: Work, user_id: str, contest_id: str | None) -> frozenset[Role]:
    roles = work.contests.roles.of_person(user_id)
    if contest_id is not None:
        return frozenset(Role(row.role) for row in roles if row.contest_id == contest_id)
    running = {contest.id for contest in work.contests.unfinished()}
    return frozenset(Role(row.role) for row in roles if row.role == Role.ORGANIZER or row.contest_id in running)


def _account_reply(
    work: Work, channel_id: str, roles: tuple[Role, ...], outside: frozenset[str]
) -> AccountReply | HelpReply:
    try:
        contest = require_contest(work, channel_id)
    except Refusal as refusal:
        return HelpReply(roles=roles, sentence=refusal.sentence)
    if contest.id in outside:
        return HelpReply(roles=roles, sentence=join_first(contest))
    return AccountReply(contest_id=contest.id, contest_name=contest.name, channel_id=contest.channel_id)
