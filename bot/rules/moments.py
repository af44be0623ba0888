"""Moments in sentences, and wall-clock times as moments."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

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
    """As ``spoken``, and how long that is from now (``bot.rules.countdown.left``), where that is still to come."""
    return f"{spoken(moment, zone_name)}, {left}" if left else spoken(moment, zone_name)


def _which(there: datetime) -> str:
    """Which of the two is meant, where clocks of its zone show that time twice; empty where they do not."""
    if there.replace(fold=0).utcoffset() == there.replace(fold=1).utcoffset():
        return ""
    return "after clocks go back" if there.fold else "before clocks go back"


def _day(moment: datetime) -> str:
    return f"{_DAYS[moment.weekday()]} {moment.day} {_MONTHS[moment.month - 1]}"
