"""What a person sees on the Home tab, and which commands the help lists for them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.errors import Unavailable
from bot.rules.roles import HELPERS
from bot.usecases.finding import contest_in, contests_to_show
from bot.usecases.people.home import TOGETHER, HomeView, home_contest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.rules.roles import Role
    from bot.usecases.desk import Desk
    from models.contests import Contest

    Shown = tuple[Contest, frozenset[Role]]


@dataclass(frozen=True)
class People:
    """The Home tab, and the help."""

    desk: Desk

    def help(self, user_id: str) -> frozenset[Role]:
        """The roles whose commands the help should list."""
        return self.desk.who.roles_if_known(user_id)

    def meant_from_outside(self, user_id: str, channel_id: str) -> Contest | None:
        """The contest that a word in that channel is taken for, where it is not the channel's own and could be another.

        May raise Unavailable.
        """
        with self.desk.store.read() as work:
            if contest_in(work, channel_id) is not None:
                return None
            others = contests_to_show(work)
        seen = [each for each in others if self.desk.who.sees(user_id, each)]
        running = [each for each in seen if each.finished_at is None]
        # Where several run, ``contest_meant`` has asked already.
        return (running or seen)[0] if len(seen) > 1 and len(running) < 2 else None

    def home(self, user_id: str, chosen: str = "") -> HomeView:
        """What the person's Home tab shows: the contests in whose channels they are, or in which they have a part.

        Of more than a few only one is shown whole: the one with the id ``chosen``, or else the newest that runs.
        """
        with self.desk.store.read() as work:
            candidates = contests_to_show(work)
        shown = [(each, self.desk.who.roles(user_id, each.id)) for each in candidates if self._shows(user_id, each)]
        choices = tuple((each.id, each.name) for each, _ in shown) if len(shown) > TOGETHER else ()
        whole = [_chosen(shown, chosen)] if choices else shown
        others = [each for each in shown if each not in whole and not each[1].isdisjoint(HELPERS)]
        with self.desk.store.read() as work:
            contests, beside = (
                tuple(home_contest(work, contest, user_id, roles, self.desk.clock.now()) for contest, roles in part)
                for part in (whole, others)
            )
        return HomeView(roles=self.desk.who.roles(user_id), contests=contests, choices=choices, others=beside)

    def _shows(self, user_id: str, contest: Contest) -> bool:
        # A Home tab with less on it is better than none.
        try:
            return self.desk.who.sees(user_id, contest)
        except Unavailable:
            return False


def _chosen(shown: Sequence[Shown], contest_id: str) -> Shown:
    running = (each for each in shown if each[0].finished_at is None)
    return next((each for each in shown if each[0].id == contest_id), next(running, shown[0]))
