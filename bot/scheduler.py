"""The alarm clock: rings when a contest's leaderboard is due.

The times live in our tables; APScheduler's jobs are in memory only and are armed anew from the database, so a restart or a second
replica changes nothing: ``Boards.post_slot`` takes each slot once, whoever calls it.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import structlog
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.cron import CronTrigger

if TYPE_CHECKING:
    from datetime import datetime

    from bot.ports import Clock
    from bot.usecases.boards import Boards, Schedule
    from bot.usecases.upkeep import Upkeep

log = structlog.get_logger()

GRACE = timedelta(minutes=10)
"""A slot that passed while nobody was running is still posted this long afterwards; older ones are left out."""

_DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")


def _weekdays(field: str) -> str:
    """The weekday field of a crontab, with names: cron counts from Sunday = 0, APScheduler from Monday = 0."""
    if field == "*":
        return field
    days: set[int] = set()
    for part in field.lower().split(","):
        span, _, step = part.partition("/")
        first, _, last = span.partition("-")
        low = 0 if first == "*" else _day(first)
        high = 6 if first == "*" else _day(last) if last else low
        high += 7 if high < low else 0
        days.update(day % 7 for day in range(low, high + 1, int(step or 1)))
    return ",".join(_DAYS[day] for day in sorted(days))


def _day(word: str) -> int:
    return _DAYS.index(word[:3]) if word[:1].isalpha() else int(word)


def cron_trigger(cron: str, time_zone: str) -> CronTrigger:
    """The trigger of a five-field crontab line in an IANA time zone. Raises ValueError where it is none."""
    minute, hour, day, month, weekday = cron.split()
    return CronTrigger(
        minute=minute, hour=hour, day=day, month=month, day_of_week=_weekdays(weekday), timezone=time_zone
    )


def last_slot(trigger: CronTrigger, since: datetime, now: datetime) -> datetime | None:
    """The last time the trigger was due after ``since``, up to ``now`` and at most ``GRACE`` ago; None where it was not."""
    slot = None
    due = trigger.get_next_fire_time(None, max(since, now - GRACE))
    while due is not None and due <= now:
        slot = due
        due = trigger.get_next_fire_time(due, due + timedelta(seconds=1))
    return slot


class BoardScheduler:
    """Posts each contest's board at its times.

    Args:
        boards: The use cases of leaderboards.
        upkeep: What is to be tidied once an hour.
        clock: Tells the time.
        look_every: Seconds between looks at the contests' schedules, so that a new or changed one is armed soon.
    """

    def __init__(self, boards: Boards, upkeep: Upkeep, clock: Clock, look_every: float = 5.0) -> None:
        self._boards = boards
        self._upkeep = upkeep
        self._clock = clock
        self._look_every = look_every
        self._alarm = BackgroundScheduler(timezone="UTC", job_defaults={"coalesce": True, "misfire_grace_time": 600})
        self._armed: dict[str, Schedule] = {}

    def start(self) -> None:
        """Arm the clock from the database, and keep it so."""
        self._alarm.add_job(self.arm, "interval", seconds=self._look_every, next_run_time=self._clock.now())
        self._alarm.add_job(self._upkeep.forget_old_events, "interval", hours=1, next_run_time=self._clock.now())
        self._alarm.start()

    def stop(self) -> None:
        """Stop ringing; waits for a board that is being written."""
        self._alarm.shutdown(wait=True)

    def arm(self) -> None:
        """One alarm for each contest with a schedule; what passed a moment ago is caught up."""
        wanted = {schedule.contest_id: schedule for schedule in self._boards.schedules()}
        for contest_id in self._armed.keys() - wanted.keys():
            self._alarm.remove_job(contest_id)
            del self._armed[contest_id]
        for contest_id, schedule in wanted.items():
            if self._armed.get(contest_id) != schedule:
                self._set(schedule)

    def _set(self, schedule: Schedule) -> None:
        self._armed[schedule.contest_id] = schedule
        trigger = cron_trigger(schedule.cron, schedule.time_zone)
        self._alarm.add_job(self._ring, trigger, (schedule, trigger), id=schedule.contest_id, replace_existing=True)
        self._ring(schedule, trigger)

    def _ring(self, schedule: Schedule, trigger: CronTrigger) -> None:
        slot = last_slot(trigger, schedule.since, self._clock.now())
        if slot is not None and self._boards.post_slot(schedule.contest_id, slot):
            log.info("board_posted", contest_id=schedule.contest_id, slot=slot.isoformat())
