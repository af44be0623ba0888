"""Who may do what, and what a person sees on the Home tab."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.errors import Refusal, Unavailable
from bot.rules.phases import Phase
from bot.usecases.finding import contest_in, join_first, no_contest, the_one_meant
from bot.usecases.people.home import TOGETHER, HomeView, contests_to_show, has_pool
from bot.usecases.people.homefacts import home_contest
from bot.usecases.roles import Role

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from bot.ports import Clock, Directory, Profile
    from models.contests import Contest
    from models.store import Store, Work

    Shown = tuple[Contest, frozenset[Role]]

HELPERS = frozenset({Role.ORGANIZER, Role.JUDGE})


@dataclass(frozen=True)
class People:
    """Roles, the Home tab."""

    store: Store
    directory: Directory
    clock: Clock
    organizer_ids: frozenset[str] = frozenset()

    def roles(self, user_id: str, contest_id: str | None = None) -> frozenset[Role]:
        """The person's roles in that contest; without one, organizer of any and judge of any that is not finished.

        May raise Unavailable: what we remember of people does not say who has been made a guest or deactivated since.
        """
        profile = self.profile(user_id)
        if profile is None or not profile.is_ours:
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

    def roles_if_known(self, user_id: str, contest_id: str | None = None) -> frozenset[Role]:
        """As ``roles``, and none while Slack is silent: an answer with less in it is better than none, or one an hour late."""
        try:
            return self.roles(user_id, contest_id)
        except Unavailable:
            return frozenset()

    def help(self, user_id: str) -> frozenset[Role]:
        """The roles whose commands the help should list."""
        return self.roles_if_known(user_id)

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

        ``is_there``: Slack itself took the word in that channel (a command), which it does from members only. The channel that
        a button names is what its sender says, and is looked up. Raises Refusal where there is none that the person may know
        of, or where several run. May raise Unavailable.
        """
        with self.store.read() as work:
            here, others = contest_in(work, channel_id), contests_to_show(work)
        if here is not None and not is_there:
            self.require_sight(user_id, here)
        meant = here or the_one_meant([each for each in others if self._sees(user_id, each)])
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

    def require_entitled(self, contest: Contest, user_id: str) -> Profile:
        """The person, where they may have an account of that contest. Raises Refusal; may raise Unavailable."""
        if contest.phase == Phase.FINISHED:
            raise Refusal(f"*{contest.name}* is over, so it hands out no accounts any more.")
        profile = self.profile(user_id)
        if profile is None or not profile.is_ours:
            raise Refusal(
                "I do not know you as a member of this workspace, so I cannot give you an account. Please ask an organizer."
            )
        if not self.directory.is_member(contest.channel_id, user_id):
            invited = " As a guest you need an organizer to let you in." if profile.is_guest else ""
            raise Refusal(f"{join_first(contest)}{invited}")
        if profile.is_guest:
            raise Refusal(
                "Accounts are for full members of this workspace, and you are here as a guest. Please ask an organizer of the contest."
            )
        return profile

    def home(self, user_id: str, chosen: str = "") -> HomeView:
        """What the person's Home tab shows: the contests in whose channels they are, or in which they have a part.

        Of more than a few only one is shown whole: the one with the id ``chosen``, or else the newest that runs.
        """
        with self.store.read() as work:
            candidates = contests_to_show(work)
        shown = [(each, self.roles(user_id, each.id)) for each in candidates if self._shows(user_id, each)]
        choices = tuple((each.id, each.name) for each, _ in shown) if len(shown) > TOGETHER else ()
        whole = [_chosen(shown, chosen)] if choices else shown
        others = [each for each in shown if each not in whole and not each[1].isdisjoint(HELPERS)]
        with self.store.read() as work:
            contests, beside = (
                tuple(home_contest(work, contest, user_id, roles, self.clock.now()) for contest, roles in part)
                for part in (whole, others)
            )
        return HomeView(roles=self.roles(user_id), contests=contests, choices=choices, others=beside)

    def _shows(self, user_id: str, contest: Contest) -> bool:
        # A Home tab with less on it is better than none.
        try:
            return self._sees(user_id, contest)
        except Unavailable:
            return False

    def takes_part(self, user_id: str, contest: Contest) -> bool:
        """Whether the person may send something in, and has no other part in the contest. May raise Unavailable."""
        helps = not self.roles(user_id, contest.id).isdisjoint(HELPERS)
        return not helps and self._is_among(user_id, contest)

    def require_sight(self, user_id: str, contest: Contest) -> None:
        """Raises Refusal unless the person may know of that contest. May raise Unavailable."""
        if not self._may_know(user_id, contest):
            raise no_contest()

    def _may_know(self, user_id: str, contest: Contest) -> bool:
        """As ``_sees``, and in its own channel also before it begins."""
        return self._sees(user_id, contest) or self._is_among(user_id, contest)

    def _sees(self, user_id: str, contest: Contest) -> bool:
        if not self.roles(user_id, contest.id).isdisjoint(HELPERS):
            return True
        return contest.phase != Phase.DRAFT and self._is_among(user_id, contest)

    def _is_among(self, user_id: str, contest: Contest) -> bool:
        """Guests, too, once somebody has let them into the channel."""
        profile = self.profile(user_id)
        if profile is None or not profile.is_ours:
            return False
        return self.directory.is_member(contest.channel_id, user_id)


def _chosen(shown: Sequence[Shown], contest_id: str) -> Shown:
    running = (each for each in shown if each[0].finished_at is None)
    return next((each for each in shown if each[0].id == contest_id), next(running, shown[0]))


def require_pool(work: Work, contest: Contest) -> None:
    """Raises Refusal where nobody ever brought accounts for that contest."""
    if not has_pool(work, contest):
        raise Refusal(
            f"*{contest.name}* has no accounts to hand out, and you can take part without one. "
            "If you were promised an account, please ask an organizer."
        )


def remember(work: Work, profile: Profile, now: datetime) -> None:
    """Keep what Slack says of a person: names of compositions are made of theirs, while Slack is silent, too."""
    zone, admin = profile.time_zone, profile.is_admin
    ours = profile.is_ours
    work.people.remember(profile.user_id, name=profile.name, time_zone=zone, is_admin=admin, is_ours=ours, now=now)


def _given(work: Work, user_id: str, contest_id: str | None) -> frozenset[Role]:
    roles = work.contests.roles.of_person(user_id)
    if contest_id is not None:
        return frozenset(Role(row.role) for row in roles if row.contest_id == contest_id)
    running = {contest.id for contest in work.contests.unfinished()}
    return frozenset(Role(row.role) for row in roles if row.role == Role.ORGANIZER or row.contest_id in running)
