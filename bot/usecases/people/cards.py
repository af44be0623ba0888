"""Whether somebody wants the judges' feedback: on the end of a contest it comes unasked, and not everybody likes that."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.errors import Refusal
from bot.usecases.who import remember

if TYPE_CHECKING:
    from bot.usecases.desk import Desk


@dataclass(frozen=True)
class Cards:
    """Switch them off and on."""

    desk: Desk

    def switch(self, user_id: str) -> bool:
        """The other way than it was, in all contests; whether the person gets feedback from now on. Raises Refusal; may raise Unavailable."""
        profile = self.desk.who.profile(user_id)
        if profile is None or not profile.is_ours:
            raise Refusal("That is for people of this workspace.")
        with self.desk.anyone(user_id) as work:
            remember(work, profile, work.now)
            person = work.people.get(user_id)
            assert person is not None
            person.cards_off_at = work.now if person.cards_off_at is None else None
            return person.cards_off_at is None
