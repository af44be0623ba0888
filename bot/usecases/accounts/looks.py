"""How often one person may look at passwords: a hand that empties a pool, or a stolen session, is slow."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from bot.errors import Refusal
from bot.rules.moments import spoken

if TYPE_CHECKING:
    from bot.usecases.desk import Matter

LOOKS, WITHIN = 3, timedelta(hours=1)
"""So many windows show one person a password within that time, of all contests together."""


def note_look(work: Matter, view_id: str) -> None:
    """That window shows the person a password; one that has shown it counts once. Raises Refusal where it is one too many."""
    contest, user_id, now = work.contest, work.actor, work.now
    before = [look for look in work.accounts.looks.since(user_id, now - WITHIN) if look.at <= now]
    new = work.accounts.looks.note(contest.id, user_id, view_id, now=now)
    if new and len(before) >= LOOKS:
        again = spoken(before[-LOOKS].at + WITHIN, work.people.zone_of(user_id, contest.time_zone))
        raise Refusal(
            f"I have shown you {LOOKS} passwords within an hour, and show no more than that. Please come back on {again}."
        )
