"""Keeping the database small."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bot.ports import Clock
    from models.store import Store

EVENTS_KEPT = timedelta(days=1)
"""Slack repeats a delivery within minutes; after an outage of ours it may take hours."""
LOOKS_KEPT = timedelta(hours=1)
"""Nobody is taken to look at their Home tab for so long."""


@dataclass(frozen=True)
class Upkeep:
    """What is tidied while the bot runs."""

    store: Store
    clock: Clock
    chores: Sequence[Callable[[], object]] = ()
    """What else is to be done once an hour; each by itself, so that one's trouble is not another's."""

    def forget_old_events(self) -> None:
        """Drop the ids of Slack's events that can no longer come again, be it by reading what was sent while we were away."""
        now = self.clock.now()
        with self.store.write() as work:
            there_until = work.presence.until() or now
            work.events.prune(before=min(now, there_until) - EVENTS_KEPT)
            work.pace.forget_old()
            work.looks.forget(before=now - LOOKS_KEPT)
