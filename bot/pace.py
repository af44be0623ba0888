"""Whom the pump may write to at this moment: known here, and on PostgreSQL shared by all bots (``models.pace``)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from models.engines import is_postgres
from models.outbox import Lane

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.ports import Clock
    from models.outbox import OutboxRow
    from models.store import Store, Work

FAR = timedelta.max
NOTHING = timedelta(0)
_LANES = {f"lane:{lane}": lane for lane in Lane}
"""As they are called where recipients stand beside them."""


@dataclass(frozen=True)
class Waits:
    """Who waits, and for how long yet."""

    resting: dict[str, timedelta]
    """Recipients that get no messages now."""
    closed: dict[Lane, timedelta]
    """Slack asked us to wait: nothing goes in these lanes."""

    @property
    def shortest(self) -> timedelta:
        """Until the first of them is over."""
        return min([*self.resting.values(), *self.closed.values()], default=FAR)


class Pacer:
    """Keeps Slack's second between two messages to one recipient, and the pauses that Slack asks for.

    Whoever calls it holds the pump's lock, but for ``is_closed`` and ``settle``, which only look.

    Args:
        store: Where all bots on one PostgreSQL write it down for each other.
        clock: Its elapsed time counts, which nobody sets.
        pace: Seconds between two messages to one recipient.
        soon: Seconds from when a letter is taken up until it is on its way. A bot that was killed holds its recipients for no longer
            than that and a pace: the letter's own lease keeps its line in order.
    """

    def __init__(self, store: Store, clock: Clock, pace: float, soon: timedelta) -> None:
        self._clock, self._pace, self._soon = clock, timedelta(seconds=pace), soon
        self._until: dict[str, timedelta] = {}
        """Until when, in the clock's elapsed time, a recipient or a lane is shut by what we did."""
        self.is_shared = is_postgres(store.url)
        """Whether others may be there: then whoever is done with a recipient says so, whatever became of the letter."""

    def waits(self, work: Work) -> Waits:
        """Who waits at this moment, because of us or of others."""
        passed = self._clock.elapsed()
        self._until = {name: until for name, until in self._until.items() if until > passed}
        ours = {name: until if until == FAR else until - passed for name, until in self._until.items()}
        known = work.pace.waits() | ours
        return Waits(
            {name: wait for name, wait in known.items() if name not in _LANES},
            {lane: known[name] for name, lane in _LANES.items() if name in known},
        )

    def take(self, work: Work, recipients: frozenset[str]) -> frozenset[str]:
        """Those of these that are free; for all others they are ours from now on, until ``settle``."""
        return work.pace.take(recipients, self._soon + self._pace)

    def hold(self, row: OutboxRow) -> None:
        """It is taken up: one message at a time."""
        if row.lane is Lane.MESSAGES:
            self._until[row.recipient] = FAR

    def sent(self, row: OutboxRow) -> None:
        """It has gone out, or was tried: now its recipient rests."""
        if row.lane is Lane.MESSAGES:
            self._until[row.recipient] = self._clock.elapsed() + self._pace

    def put_back(self, row: OutboxRow) -> None:
        """It was not even tried."""
        if row.lane is Lane.MESSAGES:
            del self._until[row.recipient]

    def settle(self, work: Work, rows: Iterable[OutboxRow]) -> None:
        """We are done with these: what we know of their recipients and lanes is what all others go by."""
        passed = self._clock.elapsed()
        names = {row.recipient for row in rows if row.lane is Lane.MESSAGES} | _LANES.keys()
        until = {name: self._until[name] for name in names if name in self._until}
        # Far: another thread has taken the recipient up since, and will say when it is done.
        work.pace.shut({name: moment - passed for name, moment in until.items() if moment != FAR})

    def close(self, lane: Lane, seconds: float) -> None:
        """Slack asks all of us to wait; the next ``settle`` tells the others."""
        self._until[f"lane:{lane}"] = self._clock.elapsed() + timedelta(seconds=seconds)

    def is_closed(self, lane: Lane) -> bool:
        """Whether Slack asked us to wait in that lane, as far as this bot knows."""
        return self._until.get(f"lane:{lane}", NOTHING) > self._clock.elapsed()
