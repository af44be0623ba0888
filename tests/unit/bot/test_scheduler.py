"""The alarm clock of leaderboards."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.schedule import normalise
from bot.scheduler import GRACE, BoardScheduler, cron_trigger, last_slot
from bot.usecases.boards.boards import Schedule
from tests.makers.fakes import FakeClock

if TYPE_CHECKING:
    from bot.usecases.boards.boards import Boards
    from bot.usecases.records.upkeep import Upkeep


def at(text: str) -> datetime:
    """An ISO time in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("cron", "expected"),
    [
        ("0 12 * * 0", "2026-11-22"),  # a Sunday
        ("0 12 * * 7", "2026-11-22"),
        ("0 12 * * 1", "2026-11-23"),
        ("0 12 * * sat", "2026-11-28"),
        ("0 12 * * 3-5", "2026-11-25"),
        ("0 12 * * fri,tue", "2026-11-24"),
    ],
)
def test_weekdays_count_from_sunday_as_in_every_crontab(cron: str, expected: str) -> None:
    """APScheduler counts from Monday; people and cron do not, so a schedule is kept with names."""
    due = cron_trigger(normalise(cron), "UTC").get_next_fire_time(None, at("2026-11-22T00:00:00"))
    assert expected == due.strftime("%Y-%m-%d")


@dataclass
class TroubledBoards:
    """Two contests with a schedule; the first post of the first one fails, as with a locked database."""

    posted: list[tuple[str, str]] = field(default_factory=list)
    failures: int = 1

    def schedules(self) -> tuple[Schedule, ...]:
        """Both, every five minutes."""
        since = at("2026-11-22T11:00:00")
        return tuple(Schedule(contest, "*/5 * * * *", "UTC", since) for contest in ("one", "two"))

    def post_slot(self, contest_id: str, slot: datetime) -> bool:
        """Take the slot once."""
        if contest_id == "one" and self.failures:
            self.failures -= 1
            raise OSError("database is locked")
        if (contest_id, slot.isoformat()) in self.posted:
            return False
        self.posted.append((contest_id, slot.isoformat()))
        return True


def test_a_board_that_failed_is_posted_at_the_next_look_and_disturbs_no_other() -> None:
    """One contest's trouble is its own, and passes."""
    boards = TroubledBoards()
    clock = FakeClock(at("2026-11-22T12:05:30"))
    scheduler = BoardScheduler(cast("Boards", boards), cast("Upkeep", None), clock)
    scheduler.arm()
    assert [("two", "2026-11-22T12:05:00+00:00")] == boards.posted
    scheduler.arm()
    scheduler.arm()
    assert [("one", "2026-11-22T12:05:00+00:00"), ("two", "2026-11-22T12:05:00+00:00")] == sorted(boards.posted)


def test_what_is_to_be_watched_is_called_again_and_again() -> None:
    """A watch that fails once is called at the next look, and disturbs no other."""
    rung: list[str] = []
    both = threading.Event()

    def failing() -> None:
        rung.append("failing")
        raise OSError("database is locked")

    def fine() -> None:
        rung.append("fine")
        if rung.count("fine") > 1 and rung.count("failing") > 1:
            both.set()

    class Nothing:
        chores = ()

        def schedules(self) -> tuple[Schedule, ...]:
            return ()

        def forget_old_events(self) -> None:
            """Nothing to tidy."""

    clock = FakeClock(datetime.now(UTC))
    nothing = Nothing()
    scheduler = BoardScheduler(cast("Boards", nothing), cast("Upkeep", nothing), clock, 0.05, watches=(failing, fine))
    scheduler.start()
    try:
        assert both.wait(10)
    finally:
        scheduler.stop()


def test_a_slot_is_the_schedules_time_not_the_clocks() -> None:
    """However late the alarm rings, every replica names the same slot."""
    trigger = cron_trigger("*/5 * * * *", "UTC")
    start = at("2026-11-22T11:00:00")
    assert at("2026-11-22T12:05:00") == last_slot(trigger, start, at("2026-11-22T12:05:00"))
    assert at("2026-11-22T12:05:00") == last_slot(trigger, start, at("2026-11-22T12:09:59"))


def test_no_slot_from_before_judging_began() -> None:
    """A contest that starts judging at 12:07 has no board for 12:05."""
    trigger = cron_trigger("*/5 * * * *", "UTC")
    assert last_slot(trigger, at("2026-11-22T12:07:00"), at("2026-11-22T12:08:00")) is None


def test_a_slot_in_the_contests_zone_survives_the_clock_change() -> None:
    """18:00 in Berlin is 16:00 UTC in October's summer time and 17:00 after it."""
    trigger = cron_trigger("0 18 * * *", "Europe/Berlin")
    since = at("2026-10-01T00:00:00")
    assert at("2026-10-24T16:00:00") == last_slot(trigger, since, at("2026-10-24T16:01:00"))
    assert at("2026-10-25T17:00:00") == last_slot(trigger, since, at("2026-10-25T17:01:00"))


def test_a_slot_missed_long_ago_is_left_out() -> None:
    """After a night without the bot nobody wants yesterday's board."""
    trigger = cron_trigger("0 18 * * *", "UTC")
    since = at("2026-11-01T00:00:00")
    assert last_slot(trigger, since, at("2026-11-22T18:00:00") + GRACE + timedelta(seconds=1)) is None


@given(st.integers(0, 10**6), st.integers(1, 59))
def test_a_slot_is_never_in_the_future_nor_before_the_start(seconds: int, every: int) -> None:
    """Whenever the clock looks, the slot lies between the start of judging and now."""
    since = at("2026-11-22T00:00:30")
    now = since + timedelta(seconds=seconds)
    slot = last_slot(cron_trigger(f"*/{every} * * * *", "UTC"), since, now)
    assert slot is None or since <= slot <= now
