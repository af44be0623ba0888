"""Who somebody is: what Slack says of a person, and what a contest does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.errors import Refusal, Unavailable
from bot.rules.phases import Phase
from bot.rules.roles import HELPERS, Role
from bot.usecases.finding import contest_in, contests_to_show, no_contest, the_one_meant

if TYPE_CHECKING:
    from datetime import datetime

    from bot.ports import Directory, Profile
    from models.contests import Contest
    from models.store import Store, Work


@dataclass(frozen=True)
class Visitor:
    """What Slack and the settings say of somebody: asked before the transaction that it is needed in."""

    user_id: str
    profile: Profile | None
    """None for an id that Slack does not know."""
    organizes_all: bool
    """By the settings, or as an admin of the workspace."""

    def roles(self, work: Work, contest_id: str | None = None) -> frozenset[Role]:
        """The person's roles in that contest; without one, organizer of any and judge of any that is not finished."""
        if self.profile is None or not self.profile.is_ours:
            return frozenset()
        given = _given(work, self.user_id, contest_id) | ({Role.ORGANIZER} if self.organizes_all else frozenset())
        return given if self.profile.is_guest else given | {Role.PARTICIPANT}

    def require_organizer(self, work: Work, contest_id: str | None = None) -> None:
        """Raises Refusal unless the person organizes (that contest, where one is named)."""
        if Role.ORGANIZER not in self.roles(work, contest_id):
            raise Refusal(
                "That is for the organizers of the contest. Please ask one of them, or a workspace admin; "
                "`/kantor help` lists what you can do."
            )


@dataclass(frozen=True)
class Who:
    """Asks Slack who somebody is, and where they are."""

    store: Store
    directory: Directory
    organizer_ids: frozenset[str] = frozenset()

    def ask(self, user_id: str) -> Visitor:
        """The person. May raise Unavailable: what we remember does not say who has been made a guest or deactivated since."""
        profile = self.profile(user_id)
        admin = profile is not None and profile.is_admin
        return Visitor(user_id, profile, admin or user_id in self.organizer_ids)

    def roles(self, user_id: str, contest_id: str | None = None) -> frozenset[Role]:
        """As ``Visitor.roles``. May raise Unavailable."""
        person = self.ask(user_id)
        with self.store.read() as work:
            return person.roles(work, contest_id)

    def require_organizer(self, user_id: str, contest_id: str | None = None) -> None:
        """As ``Visitor.require_organizer``. May raise Unavailable."""
        person = self.ask(user_id)
        with self.store.read() as work:
            person.require_organizer(work, contest_id)

    def roles_if_known(self, user_id: str, contest_id: str | None = None) -> frozenset[Role]:
        """As ``roles``, and none while Slack is silent: an answer with less in it is better than none, or one an hour late."""
        try:
            return self.roles(user_id, contest_id)
        except Unavailable:
            return frozenset()

    def has_all_before_them(self, user_id: str) -> bool:
        """Whether the person organizes, and there has never been a contest: then they are told how one begins."""
        with self.store.read() as work:
            if work.contests.newest_first():
                return False
        return Role.ORGANIZER in self.roles_if_known(user_id)

    def profile(self, user_id: str) -> Profile | None:
        """The person as Slack knows them; None for an unknown id. May raise Unavailable."""
        try:
            return self.directory.profile(user_id)
        except KeyError:
            return None

    def zone_of(self, user_id: str, otherwise: str) -> str:
        """The person's own time zone (IANA); ``otherwise`` while Slack is silent about them."""
        try:
            profile = self.profile(user_id)
        except Unavailable:
            return otherwise
        return otherwise if profile is None else profile.time_zone or otherwise

    def contest_meant(self, user_id: str, channel_id: str, *, is_there: bool = False) -> Contest:
        """The contest that the person's word in that channel is about: its own, or else the one of those that they see.

        ``is_there``: Slack itself took the word in that channel (a command), which it does from members only, if not of this workspace alone. The channel that
        a button names is what its sender says, and is looked up. Raises Refusal where there is none that the person may know
        of, or where several run. May raise Unavailable.
        """
        with self.store.read() as work:
            here, others = contest_in(work, channel_id), contests_to_show(work)
        if here is not None and is_there:
            self._require_ours(user_id)
        elif here is not None:
            self.require_sight(user_id, here)
        meant = here or the_one_meant([each for each in others if self.sees(user_id, each)])
        if meant is None:
            raise no_contest()
        return meant

    def contest_for_account(self, user_id: str, channel_id: str) -> Contest:
        """As ``contest_meant``; where only one runs, that one, also for those outside: they are told to join its channel."""
        with self.store.read() as work:
            here, running = contest_in(work, channel_id), work.contests.unfinished()
        if here is None and len(running) == 1:
            return running[0]
        return here or self.contest_meant(user_id, channel_id)

    def takes_part(self, user_id: str, contest: Contest) -> bool:
        """Whether the person may send something in, and has no other part in the contest. May raise Unavailable."""
        helps = not self.roles(user_id, contest.id).isdisjoint(HELPERS)
        return not helps and self._is_among(user_id, contest)

    def require_sight(self, user_id: str, contest: Contest) -> None:
        """Raises Refusal unless the person may know of that contest. May raise Unavailable."""
        if not self._may_know(user_id, contest):
            raise no_contest()

    def _require_ours(self, user_id: str) -> None:
        """Raises Refusal for people of other workspaces in a shared channel; while Slack is silent, that somebody is there has to do."""
        try:
            profile = self.profile(user_id)
        except Unavailable:
            return
        if profile is None or not profile.is_ours:
            raise no_contest()

    def _may_know(self, user_id: str, contest: Contest) -> bool:
        """As ``sees``, and in its own channel also before it begins."""
        return self.sees(user_id, contest) or self._is_among(user_id, contest)

    def sees(self, user_id: str, contest: Contest) -> bool:
        """Whether that contest is one of theirs: they have a part in it, or it runs in a channel of theirs. May raise Unavailable."""
        if not self.roles(user_id, contest.id).isdisjoint(HELPERS):
            return True
        return contest.phase != Phase.DRAFT and self._is_among(user_id, contest)

    def _is_among(self, user_id: str, contest: Contest) -> bool:
        """Guests, too, once somebody has let them into the channel."""
        profile = self.profile(user_id)
        if profile is None or not profile.is_ours:
            return False
        return self.directory.is_member(contest.channel_id, user_id)


def remember(work: Work, profile: Profile, now: datetime) -> None:
    """Keep what Slack says of a person: names of compositions are made of theirs, while Slack is silent, too."""
    zone, admin = profile.time_zone, profile.is_admin
    ours = profile.is_ours
    work.people.remember(profile.user_id, name=profile.name, time_zone=zone, is_admin=admin, is_ours=ours, now=now)


def _given(work: Work, user_id: str, contest_id: str | None) -> frozenset[Role]:
    roles = work.contests.roles.of_person(user_id)
    if contest_id is not None:
        return frozenset(row.role for row in roles if row.contest_id == contest_id)
    running = {contest.id for contest in work.contests.unfinished()}
    return frozenset(row.role for row in roles if row.role == Role.ORGANIZER or row.contest_id in running)
