"""Who looks at their Home tab at this time, whichever of several bots they opened it with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.usecases.desk import Desk

NEWS = timedelta(minutes=1)
"""That somebody still looks is written down so often at the most."""


@dataclass(frozen=True)
class Looks:
    """Remember it for all bots on one database."""

    desk: Desk
    lifetime: timedelta
    """So long after somebody opened the Home tab, or used it, we take it that they see it."""

    def open(self, user_id: str, chosen: str) -> str:
        """Somebody opened it, or chose a contest on it (otherwise ``chosen`` is empty): the contest that they see."""
        with self.desk.anyone() as work:
            chosen = chosen or work.looks.chosen(user_id, since=work.now - self.lifetime) or ""
            work.looks.note(user_id, chosen, now=work.now)
        return chosen

    def chosen(self, user_id: str) -> str | None:
        """The contest that they have chosen, or an empty word; None where they do not look."""
        with self.desk.anyone(reads=True) as work:
            return work.looks.chosen(user_id, since=work.now - self.lifetime)

    def use(self, user_id: str, chosen: str) -> None:
        """They see it for a while longer."""
        with self.desk.anyone(reads=True) as work:
            is_known = work.looks.chosen(user_id, since=work.now - NEWS) is not None
        if not is_known:
            with self.desk.anyone() as work:
                work.looks.note(user_id, chosen, now=work.now)
