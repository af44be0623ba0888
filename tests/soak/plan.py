"""When what happens: a contest of four weeks (or of three days) whose judging lies over a change of Berlin's clocks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    import random

ZONE = "Europe/Berlin"
BERLIN = ZoneInfo(ZONE)
DAILY = "30 2,14 * * *"
"""The contest's boards: 2:30 comes twice in autumn, and never in spring."""
HOURLY = "0 * * * *"
"""Those of the small contest beside it."""
HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Length:
    """Days from the beginning, which is a midnight, to each of the contest's steps."""

    change: int
    """The day whose night has the change of clocks."""
    deadline: int
    final: int
    end: int


WEEKS = Length(change=14, deadline=11, final=21, end=27)
DAYS = Length(change=1, deadline=0, final=2, end=2)
"""Of the quick look."""


@dataclass(frozen=True)
class Plan:
    """The calendar. All moments are aware."""

    start: datetime
    length: Length

    @property
    def deadline(self) -> datetime:
        """Until then compositions are taken, and the judging begins half an hour later."""
        return self._at(self.length.deadline, time(18))

    @property
    def judging(self) -> datetime:
        """The organizer begins the judging."""
        return self.deadline + HOUR / 2

    @property
    def final(self) -> datetime:
        """The organizer begins the final."""
        return self._at(self.length.final, time(10, 15))

    @property
    def end(self) -> datetime:
        """The organizer ends the contest."""
        return self._at(self.length.end, time(20, 15))

    @property
    def over(self) -> datetime:
        """Nothing is looked at after that."""
        return self._at(self.length.end + 1, time(0, 5))

    def stops(self) -> list[datetime]:
        """Each full hour, each moment at which a board is due, and those at which the deadline is told of; in order."""
        hours = (self.over - self.start) // HOUR
        full = [self.start.astimezone(UTC) + number * HOUR for number in range(hours + 1)]
        reminders = [self.deadline - timedelta(minutes=minutes) for minutes in (60, 15, 5)]
        steps = [self.deadline, self.judging, self.final, self.end, self.over]
        moments = [*full, *self.boards(), *reminders, *steps]
        return sorted({moment.astimezone(UTC) for moment in moments if self.start <= moment <= self.over})

    def boards(self) -> list[datetime]:
        """The moments of ``DAILY`` in the judging and the final, in UTC, reckoned by hand: not as the scheduler does it."""
        days = [self.start.date() + timedelta(days=number) for number in range(self.length.end + 1)]
        slots = [_first(day, hour) for day in days for hour in (time(2, 30), time(14, 30))]
        return [slot for slot in slots if self.judging <= slot <= self.end]

    def hourly_boards(self) -> list[datetime]:
        """Those of ``HOURLY``: each hour that passes, whatever clocks show."""
        full = [moment for moment in self.stops() if moment.minute == 0]
        return [moment for moment in full if self.judging <= moment <= self.end]

    def night(self, day: int) -> datetime:
        """When the bot goes away that night: in the night of the change right before the board of 2:30."""
        minute = 10 if day == self.length.change else 40
        return _first(self.start.date() + timedelta(days=day), time(2, minute))

    def _at(self, day: int, hour: time) -> datetime:
        return _first(self.start.date() + timedelta(days=day), hour)


def _first(day: date, hour: time) -> datetime:
    """The first moment at which clocks show that; where they skip it, the end of the gap."""
    local = datetime.combine(day, hour, BERLIN)
    back = local.astimezone(UTC).astimezone(BERLIN)
    if back.replace(tzinfo=None) == local.replace(tzinfo=None):
        return local.astimezone(UTC)
    # Skipped: Berlin's gap is the hour from 2:00, and the first minute after it is 1:00 in UTC.
    return datetime.combine(day, time(1), UTC)


def planned(length: Length, *, spring: bool, after: datetime) -> Plan:
    """The first such contest after that moment."""
    day = after.date() + timedelta(days=length.change + 2)
    while _change(day) != (HOUR if spring else -HOUR):
        day += timedelta(days=1)
    first = day - timedelta(days=length.change)
    return Plan(datetime.combine(first, time(0), BERLIN), length)


def _change(day: date) -> timedelta:
    """How much further clocks are in the evening of that day than in its first minute."""
    evening, morning = (datetime.combine(day, hour, BERLIN).utcoffset() for hour in (time(23), time(0)))
    assert evening is not None
    assert morning is not None
    return evening - morning


def daytime(chance: random.Random, day: date) -> datetime:
    """A full hour of that day at which somebody is awake."""
    return _first(day, time(chance.randint(8, 22)))
