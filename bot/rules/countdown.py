"""The moments before a deadline at which people are reminded of it, and how long it is until then."""

from __future__ import annotations

import math
from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

MINUTES = (60, 15, 5)
"""Before the deadline."""
LATE = timedelta(minutes=5)
"""A reminder that is later than that, after an outage, says nothing of use any more."""
DAY, LAST = timedelta(hours=24), timedelta(hours=2)
"""Between these before their deadline a person without a composition is reminded: in the last hour the channel is."""
FRESH = timedelta(hours=12)
"""So long after the opening, or after the deadline was set, everybody knows it."""
DAYLIGHT = range(9, 18)
"""Hours of a person's own day in which reminders come that nobody asked for."""
_DAYS_FROM, _HOURS_FROM = timedelta(hours=48), timedelta(minutes=90)


def due(deadline: datetime, since: datetime, now: datetime) -> int | None:
    """The reminder that is due: one of ``MINUTES``, never more than one; None where there is none.

    Args:
        deadline: What it is about.
        since: When the contest opened, or its deadline was set: reminders of a moment before that are left out.
        now: The present moment.
    """
    if now >= deadline:
        return None
    rung = (
        minutes
        for minutes in MINUTES
        if since <= deadline - timedelta(minutes=minutes) <= now <= deadline - timedelta(minutes=minutes) + LATE
    )
    return min(rung, default=None)


def is_last_day(deadline: datetime, since: datetime, now: datetime, hour: int) -> bool:
    """Whether a person is reminded now that their time is nearly over.

    Args:
        deadline: Their own.
        since: When they were told of it last, as far as we know.
        now: The present moment.
        hour: What their clock shows, 0 to 23.
    """
    return LAST < deadline - now <= DAY and now - since >= FRESH and hour in DAYLIGHT


def left(deadline: datetime, now: datetime) -> str:
    """``in 3 days``, ``in 26 hours``, ``in 1 minute``: whole ones, so that nobody counts on more; empty once it has passed."""
    rest = deadline - now
    if rest <= timedelta(0):
        return ""
    if rest >= _DAYS_FROM:
        return f"in {rest // timedelta(days=1)} days"
    if rest >= _HOURS_FROM:
        hours = rest // timedelta(hours=1)
        return f"in {hours} {'hour' if hours == 1 else 'hours'}"
    minutes = rest // timedelta(minutes=1)
    if not minutes:
        return "in less than a minute"
    return f"in {minutes} {'minute' if minutes == 1 else 'minutes'}"


def minutes_left(deadline: datetime, now: datetime) -> int:
    """Whole minutes until the deadline, begun ones counted."""
    return math.ceil((deadline - now) / timedelta(minutes=1))
