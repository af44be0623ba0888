"""Moments in sentences, wall-clock times as moments, and when people are reminded of a deadline."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

if TYPE_CHECKING:
    from datetime import datetime


# Not strftime's: those follow the locale of the process.
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)

_LONGEST_REPEAT = 3
"""Hours that clocks show twice at most: one nearly everywhere, two or three where a region changed its zone."""


def lately(moment: datetime, span: timedelta, now: datetime) -> bool:
    """Whether it is less than ``span`` ago.

    What lies ahead was written before somebody set the machine's clock back. Nobody knows how long ago, so it counts as lately
    while it is no further ahead than ``span``: else whoever waits would wait until the clock shows the old time again.
    """
    return abs(now - moment) < span


def zone(name: str) -> ZoneInfo | None:
    """The time zone of that IANA name, such as ``Europe/Berlin``; None where there is none."""
    try:
        return ZoneInfo(name.strip())
    except (ZoneInfoNotFoundError, ValueError, OSError):  # OSError: the name of a folder, such as "Europe"
        return None


def to_utc(wall: datetime, zone_name: str) -> datetime | None:
    """The moment at which clocks of that zone show ``wall`` (naive); None where clocks skip it.

    Where clocks show it twice, the first one, which ``spoken`` says. Raises ValueError for an unknown zone.
    """
    place = zone(zone_name)
    if place is None:
        message = f"no such time zone: {zone_name!r}"
        raise ValueError(message)
    moment = wall.replace(tzinfo=place, fold=0).astimezone(UTC)
    return moment if moment.astimezone(place).replace(tzinfo=None) == wall else None


def wall_clock(moment: datetime, zone_name: str) -> datetime:
    """What clocks of that zone show then (naive), to the minute; UTC stands in for an unknown zone."""
    return moment.astimezone(zone(zone_name) or UTC).replace(tzinfo=None, second=0, microsecond=0)


def next_to_write(moment: datetime, zone_name: str) -> datetime:
    """What a window for a time in that zone may begin with (naive, to the minute): that moment, or whole hours later.

    Later only where clocks show its time for the second time: written into the window, it would be read as the first.
    """
    later = [moment + timedelta(hours=hours) for hours in range(_LONGEST_REPEAT + 1)]
    firsts = (each for each in later if each.astimezone(zone(zone_name) or UTC).fold == 0)
    return wall_clock(next(firsts, later[-1]), zone_name)


def spoken(moment: datetime, zone_name: str) -> str:
    """``Friday 20 November at 15:00 (14:00 UTC)``; the day beside UTC only where it is another one.

    Where clocks show that time twice, it says which one is meant: ``(00:30 UTC, before clocks go back)``.

    Args:
        moment: Aware.
        zone_name: IANA name; UTC stands in for an unknown one.
    """
    utc = moment.astimezone(UTC)
    there = moment.astimezone(zone(zone_name) or UTC)
    which = _which(there)
    if there.utcoffset() == utc.utcoffset():
        return f"{_day(utc)} at {utc:%H:%M} UTC{f' ({which})' if which else ''}"
    beside = f"{utc:%H:%M} UTC" if there.date() == utc.date() else f"{_day(utc)} at {utc:%H:%M} UTC"
    return f"{_day(there)} at {there:%H:%M} ({beside}{f', {which}' if which else ''})"


def until(moment: datetime, zone_name: str, left: str) -> str:
    """As ``spoken``, and how long that is from now (``bot.rules.moments.left``), where that is still to come."""
    return f"{spoken(moment, zone_name)}, {left}" if left else spoken(moment, zone_name)


def _which(there: datetime) -> str:
    """Which of the two is meant, where clocks of its zone show that time twice; empty where they do not."""
    if there.replace(fold=0).utcoffset() == there.replace(fold=1).utcoffset():
        return ""
    return "after clocks go back" if there.fold else "before clocks go back"


def _day(moment: datetime) -> str:
    return f"{_DAYS[moment.weekday()]} {moment.day} {_MONTHS[moment.month - 1]}"


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
