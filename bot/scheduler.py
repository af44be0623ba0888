"""The alarm clock: rings when a contest's leaderboard is due, and looks whether a deadline is near.

The times live in our tables; APScheduler's jobs are in memory only and are armed anew from the database, so a restart or a second
replica changes nothing: ``Boards.post_slot`` takes each slot once, whoever calls it, and ``Countdowns.ring`` says each thing once.
"""

from __future__ import annotations

import math
import threading
from bisect import bisect_left
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import structlog
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.cron import CronTrigger

from bot.attempts import attempt
from bot.crew import rest
from bot.rules.schedule import is_hourly

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bot.ports import Clock
    from bot.usecases.boards.boards import Boards, Schedule
    from bot.usecases.records.upkeep import Upkeep

log = structlog.get_logger()

GRACE = timedelta(minutes=10)
"""A slot that passed while nobody was running is still posted this long afterwards; older ones are left out."""


MINUTE = timedelta(minutes=1)
"""Slots lie on whole minutes, so the next one is at least this far away."""
HOUR = 3600.0
STRIDE = timedelta(hours=12)
"""No zone changes its clocks twice within it."""


class Slots(BaseTrigger):  # type: ignore[misc]  # APScheduler is not typed
    """The times of a schedule, reckoned in UTC: each once, whatever clocks do; what arms the alarm is what catches up.

    A time that clocks skip in spring moves to the first minute after the gap. A time that they show twice in autumn counts once,
    the first time; but a schedule for every hour of the day goes on by real time.

    Args:
        cron: Five fields (``bot.rules.schedule.normalise``: weekdays by name).
        time_zone: IANA name.
    """

    def __init__(self, cron: str, time_zone: str) -> None:
        self._zone = ZoneInfo(time_zone)
        self._hourly = is_hourly(cron)
        # Wall-clock times are looked up as if they were UTC's: there no time is missing, and none comes twice.
        self._walls = CronTrigger.from_crontab(cron, timezone=UTC)

    def get_next_fire_time(self, previous_fire_time: datetime | None, now: datetime) -> datetime | None:
        """APScheduler's question: the first slot from ``now`` on, and after the previous one."""
        return self.first(now if previous_fire_time is None else max(now, previous_fire_time + MINUTE))

    def first(self, earliest: datetime) -> datetime | None:
        """The first slot at ``earliest`` (aware) or later, in UTC; None where there will never be one."""
        moment: datetime | None = earliest.astimezone(UTC)
        while moment is not None:
            later, found = self._look(moment)
            if found is not None or later is None:
                return found
            moment = _further(moment, later)
        return None

    def _look(self, moment: datetime) -> tuple[datetime | None, datetime | None]:
        """Where to look on, and the slot where one was found; there is none at all where both are None."""
        offset = self._offset(moment)
        wall = self._wall_from(moment + offset)
        if wall is None:
            return None, None
        slot = wall - offset
        change = self._change(moment, slot)
        if change is None:
            is_second = self._hourly is False and slot.astimezone(self._zone).fold == 1
            return (slot + MINUTE, None) if is_second else (None, slot)
        # Clocks change first. A slot that falls into a gap moves to its end; otherwise the look goes on under the new offset.
        is_skipped = wall < change + self._offset(change)
        return (None, change) if is_skipped else (change, None)

    def _wall_from(self, wall: datetime) -> datetime | None:
        found: datetime | None = self._walls.get_next_fire_time(None, wall)
        return found

    def _offset(self, moment: datetime) -> timedelta:
        return moment.astimezone(self._zone).utcoffset() or timedelta(0)

    def _change(self, after: datetime, until: datetime) -> datetime | None:
        """The first moment in (after, until] with another offset than ``after``, to the minute; None where clocks stay."""
        here, low = self._offset(after), after
        while low < until:
            high = min(low + STRIDE, until)
            if self._offset(high) != here:
                return self._bisected(low, high, here)
            low = _further(low, high)
        return None

    def _bisected(self, low: datetime, high: datetime, before: timedelta) -> datetime:
        minutes = range(1, math.ceil((high - low) / MINUTE) + 1)
        start = low.replace(second=0, microsecond=0)
        step = bisect_left(minutes, 1, key=lambda minute: int(self._offset(start + minute * MINUTE) != before))
        return start + minutes[step] * MINUTE


def _further(before: datetime, after: datetime) -> datetime:
    """``after``, once it is proved that it is later: a search that stands still would never end."""
    if after <= before:
        message = f"a search for a slot stands still at {before.isoformat()}"
        raise RuntimeError(message)
    return after


def last_slot(slots: Slots, since: datetime, now: datetime) -> datetime | None:
    """The last slot from ``since`` up to ``now`` and at most ``GRACE`` ago; None where there was none."""
    last = None
    due = slots.first(max(since, now - GRACE))
    while due is not None and due <= now:
        last = due
        due = slots.first(due + MINUTE)
    return last


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
        self._stopping = threading.Event()
        # Not alarms: those ring at a time, and would be silent for an hour where the machine's clock is set back by one.
        self._rounds = [
            threading.Thread(
                target=self._again_and_again, args=(self._look, self._look_every), name="kantor-looks", daemon=True
            ),
            threading.Thread(target=self._again_and_again, args=(self._tidy, HOUR), name="kantor-chores", daemon=True),
        ]

    def start(self) -> None:
        """Arm the clock from the database, and keep it so."""
        self._alarm.start()
        for rounds in self._rounds:
            rounds.start()

    def stop(self) -> None:
        """Stop ringing; waits for a board that is being written."""
        self._stopping.set()
        for rounds in self._rounds:
            rounds.join()
        self._alarm.shutdown(wait=True)

    def _again_and_again(self, errand: Callable[[], None], seconds: float) -> None:
        while True:
            errand()
            if rest(seconds, self._clock, self._stopping):
                return

    def _look(self) -> None:
        self._each(self.arm, *self._watches)

    def _tidy(self) -> None:
        self._each(self._upkeep.forget_old_events, *self._upkeep.chores)

    def _each(self, *actions: Callable[[], object]) -> None:
        for action in actions:
            failure = None if self._stopping.is_set() else attempt(action)
            if failure is not None:  # the trouble of one is not another's; the next time tries again
                log.error("a look failed", exc_info=failure)

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
        trigger = Slots(schedule.cron, schedule.time_zone)
        self._alarm.add_job(self._ring, trigger, (schedule,), id=schedule.contest_id, replace_existing=True)
        self._armed[schedule.contest_id] = schedule

    def _ring(self, schedule: Schedule) -> None:
        """Post the board of the last slot, if that has not been done."""
        slot = last_slot(Slots(schedule.cron, schedule.time_zone), schedule.since, self._clock.now())
        if slot is None:
            return
        try:
            posted = self._boards.post_slot(schedule.contest_id, slot)
        except Exception:  # one contest's trouble must not silence the others; the next look tries again
            log.exception("board_failed", contest_id=schedule.contest_id, slot=slot.isoformat())
            return
        if posted:
            log.info("board_posted", contest_id=schedule.contest_id, slot=slot.isoformat())
