"""The moments before a deadline at which people are reminded of it."""

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


def minutes_left(deadline: datetime, now: datetime) -> int:
    """Whole minutes until the deadline, begun ones counted."""
    return math.ceil((deadline - now) / timedelta(minutes=1))
