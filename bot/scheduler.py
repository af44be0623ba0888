"""The alarm clock: rings when a contest's leaderboard is due, and looks whether a deadline is near.

The times live in our tables; APScheduler's jobs are in memory only and are armed anew from the database, so a restart or a second
replica changes nothing: ``Boards.post_slot`` takes each slot once, whoever calls it, and ``Countdowns.ring`` says each thing once.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import structlog
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.cron import CronTrigger

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from bot.ports import Clock
    from bot.usecases.boards.boards import Boards, Schedule
    from bot.usecases.records.upkeep import Upkeep

log = structlog.get_logger()

GRACE = timedelta(minutes=10)
"""A slot that passed while nobody was running is still posted this long afterwards; older ones are left out."""


def cron_trigger(cron: str, time_zone: str) -> CronTrigger:
    """The trigger of a contest's schedule (``bot.rules.schedule.normalise``: weekdays by name) in an IANA time zone."""
    return CronTrigger.from_crontab(cron, timezone=time_zone)


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
        watches: Called at each of these looks; each decides by itself whether something is due.
    """

    def __init__(
        self,
        boards: Boards,
        upkeep: Upkeep,
        clock: Clock,
        look_every: float = 5.0,
        *,
        watches: Sequence[Callable[[], object]] = (),
    ) -> None:
        self._boards = boards
        self._upkeep = upkeep
        self._clock = clock
        self._look_every = look_every
        self._watches = watches
        self._alarm = BackgroundScheduler(timezone="UTC", job_defaults={"coalesce": True, "misfire_grace_time": 600})
        self._armed: dict[str, Schedule] = {}

    def start(self) -> None:
        """Arm the clock from the database, and keep it so."""
        self._alarm.add_job(self.arm, "interval", seconds=self._look_every, next_run_time=self._clock.now())
        for watch in self._watches:
            self._alarm.add_job(watch, "interval", seconds=self._look_every, next_run_time=self._clock.now())
        for chore in (self._upkeep.forget_old_events, *self._upkeep.chores):
            self._alarm.add_job(chore, "interval", hours=1, next_run_time=self._clock.now())
        self._alarm.start()

    def stop(self) -> None:
        """Stop ringing; waits for a board that is being written."""
        self._alarm.shutdown(wait=True)

    def arm(self) -> None:
        """One alarm for each contest with a schedule; a slot that passed a moment ago, or failed, is caught up."""
        wanted = {schedule.contest_id: schedule for schedule in self._boards.schedules()}
        for contest_id in self._armed.keys() - wanted.keys():
            self._alarm.remove_job(contest_id)
            del self._armed[contest_id]
        for contest_id, schedule in wanted.items():
            if self._armed.get(contest_id) != schedule:
                self._set(schedule)
            self._ring(schedule)

    def _set(self, schedule: Schedule) -> None:
        trigger = cron_trigger(schedule.cron, schedule.time_zone)
        self._alarm.add_job(self._ring, trigger, (schedule,), id=schedule.contest_id, replace_existing=True)
        self._armed[schedule.contest_id] = schedule

    def _ring(self, schedule: Schedule) -> None:
        """Post the board of the last slot, if that has not been done."""
        slot = last_slot(cron_trigger(schedule.cron, schedule.time_zone), schedule.since, self._clock.now())
        if slot is None:
            return
        try:
            posted = self._boards.post_slot(schedule.contest_id, slot)
        except Exception:  # one contest's trouble must not silence the others; the next look tries again
            log.exception("board_failed", contest_id=schedule.contest_id, slot=slot.isoformat())
            return
        if posted:
            log.info("board_posted", contest_id=schedule.contest_id, slot=slot.isoformat())
