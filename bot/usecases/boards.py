"""Leaderboards: on request, and in the channel on the contest's schedule."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from bot.announcements import BoardPost
    from bot.ports import Clock
    from models.store import Store


@dataclass(frozen=True)
class Schedule:
    """When a contest's board is posted."""

    contest_id: str
    cron: str
    """Five fields; days of the week by name only, so that no two readers of cron disagree."""
    time_zone: str
    since: datetime
    """The last slot that was posted, or the beginning of the judging (UTC)."""


@dataclass(frozen=True)
class Boards:
    """Make boards, and post them."""

    store: Store
    clock: Clock

    def show(self, user_id: str, channel_id: str) -> BoardPost:
        """The board of now. Raises Refusal where there is no contest."""
        raise NotImplementedError

    def post_slot(self, contest_id: str, slot: datetime) -> bool:
        """Post the board of that slot, once; False where it was posted already, or the contest is not being judged."""
        raise NotImplementedError

    def schedules(self) -> tuple[Schedule, ...]:
        """The contests that are being judged and have a schedule."""
        raise NotImplementedError
