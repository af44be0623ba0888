"""The alarm clock of leaderboards."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, cast
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.rules.schedule import normalise
from bot.scheduler import GRACE, BoardScheduler, Slots, last_slot
from bot.usecases.boards.boards import Schedule
from tests.makers.fakes import FakeClock
from tests.makers.stage import ShiftedClock, eventually

if TYPE_CHECKING:
    from bot.usecases.boards.boards import Boards
    from bot.usecases.records.upkeep import Upkeep

HOUR = timedelta(hours=1)


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
    due = Slots(normalise(cron), "UTC").first(at("2026-11-22T00:00:00"))
    assert due is not None
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


@pytest.mark.parametrize("ahead", [timedelta(0), timedelta(hours=1)])
def test_what_is_to_be_watched_is_called_again_and_again(ahead: timedelta) -> None:
    """A watch that fails once is called at the next look, and disturbs no other. No look waits until the clock shows some time."""
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

    clock = ShiftedClock(ahead)
    nothing = Nothing()
    scheduler = BoardScheduler(cast("Boards", nothing), cast("Upkeep", nothing), clock, 0.05, watches=(failing, fine))
    scheduler.start()
    try:
        assert both.wait(10)
    finally:
        scheduler.stop()


@dataclass
class Hours:
    """A contest with a board each full hour, and what is tidied each hour, counted."""

    clock: ShiftedClock
    posted: list[datetime] = field(default_factory=list)
    tidied: int = 0
    chores = ()

    def schedules(self) -> tuple[Schedule, ...]:
        """Each full hour since the last one."""
        return (Schedule("one", "0 * * * *", "UTC", self.posted[-1] if self.posted else self.clock.now() - 3 * HOUR),)

    def post_slot(self, _: str, slot: datetime) -> bool:
        """Take each slot once."""
        if slot in self.posted:
            return False
        self.posted.append(slot)
        return True

    def forget_old_events(self) -> None:
        """Count."""
        self.tidied += 1


def test_a_clock_that_is_moved_on_by_hours_has_its_boards_and_chores() -> None:
    """Nobody waits for the machine's time: at each full hour that the clock comes to there is one board, and the chores."""
    clock = ShiftedClock()
    clock.shift = HOUR - (clock.now() - datetime.min.replace(tzinfo=UTC)) % HOUR + timedelta(seconds=5)
    hours = Hours(clock)
    scheduler = BoardScheduler(cast("Boards", hours), cast("Upkeep", hours), clock)
    scheduler.start()
    try:
        for number in range(1, 5):
            eventually(lambda: (len(hours.posted), hours.tidied) == (number, number), "its board and its chores")  # noqa: B023 - asked at once
            clock.shift += HOUR
    finally:
        scheduler.stop()
    assert [HOUR] * 3 == [later - earlier for earlier, later in pairwise(hours.posted)][:3]


def test_a_slot_is_the_schedules_time_not_the_clocks() -> None:
    """However late the alarm rings, every replica names the same slot."""
    trigger = Slots("*/5 * * * *", "UTC")
    start = at("2026-11-22T11:00:00")
    assert at("2026-11-22T12:05:00") == last_slot(trigger, start, at("2026-11-22T12:05:00"))
    assert at("2026-11-22T12:05:00") == last_slot(trigger, start, at("2026-11-22T12:09:59"))


def test_no_slot_from_before_judging_began() -> None:
    """A contest that starts judging at 12:07 has no board for 12:05."""
    trigger = Slots("*/5 * * * *", "UTC")
    assert last_slot(trigger, at("2026-11-22T12:07:00"), at("2026-11-22T12:08:00")) is None


def test_a_slot_in_the_contests_zone_survives_the_clock_change() -> None:
    """18:00 in Berlin is 16:00 UTC in October's summer time and 17:00 after it."""
    trigger = Slots("0 18 * * *", "Europe/Berlin")
    since = at("2026-10-01T00:00:00")
    assert at("2026-10-24T16:00:00") == last_slot(trigger, since, at("2026-10-24T16:01:00"))
    assert at("2026-10-25T17:00:00") == last_slot(trigger, since, at("2026-10-25T17:01:00"))


def test_a_slot_missed_long_ago_is_left_out() -> None:
    """After a night without the bot nobody wants yesterday's board."""
    trigger = Slots("0 18 * * *", "UTC")
    since = at("2026-11-01T00:00:00")
    assert last_slot(trigger, since, at("2026-11-22T18:00:00") + GRACE + timedelta(seconds=1)) is None


@given(st.integers(0, 10**6), st.integers(1, 59))
def test_a_slot_is_never_in_the_future_nor_before_the_start(seconds: int, every: int) -> None:
    """Whenever the clock looks, the slot lies between the start of judging and now."""
    since = at("2026-11-22T00:00:30")
    now = since + timedelta(seconds=seconds)
    slot = last_slot(Slots(f"*/{every} * * * *", "UTC"), since, now)
    assert slot is None or since <= slot <= now


def slots_between(cron: str, zone: str, start: str, end: str) -> list[str]:
    """What is posted by a scheduler that rings each slot as it comes: HH:MM in UTC."""
    hours = (at(end) - at(start)) // timedelta(hours=1)
    return [f"{slot:%H:%M}" for slot in _ringing(Slots(cron, zone), at(start), hours)]


@pytest.mark.parametrize(
    ("cron", "zone", "start", "hours", "expected"),
    [
        (
            "0 * * * *",
            "Europe/Berlin",
            "2026-10-25T00:00:00",
            3,
            ["00:00", "01:00", "02:00"],
        ),  # 2:00 summer, 2:00 winter, 3:00
        ("0 */1 * * *", "Europe/Berlin", "2026-10-25T00:00:00", 3, ["00:00", "01:00", "02:00"]),
        ("0 0-23 * * *", "Europe/Berlin", "2026-10-25T00:00:00", 3, ["00:00", "01:00", "02:00"]),
        ("0 0-12,13-23 * * *", "Europe/London", "2026-10-25T00:00:00", 3, ["00:00", "01:00", "02:00"]),
        ("0 1-3 * * *", "Europe/Berlin", "2026-10-24T23:00:00", 5, ["23:00", "00:00", "02:00"]),
        ("30 2 * * *", "Europe/Berlin", "2026-10-25T00:00:00", 24, ["00:30"]),
        ("0 1 * * *", "America/New_York", "2026-11-01T00:00:00", 24, ["05:00"]),
        ("0 1 * * *", "Europe/London", "2026-10-25T00:00:00", 24, ["00:00"]),
        ("30 2 * * *", "Europe/Berlin", "2026-03-29T00:00:00", 24, ["01:00"]),  # skipped: 3:00 summer time
        ("0 * * * *", "Europe/Berlin", "2026-03-29T00:00:00", 3, ["00:00", "01:00", "02:00"]),
        ("45 1 * * *", "Australia/Lord_Howe", "2026-04-04T12:00:00", 24, ["14:45"]),  # 1:30 to 2:00 comes twice
        ("45 * * * *", "Australia/Lord_Howe", "2026-04-04T14:00:00", 3, ["14:45", "15:15", "16:15"]),
        ("15 2 * * *", "Australia/Lord_Howe", "2026-10-03T12:00:00", 24, ["15:30"]),  # 2:00 to 2:30 is missing
        ("30 2 * * *", "Africa/Casablanca", "2026-02-15T00:00:00", 24, ["01:30"]),
        ("0 3 * * *", "Pacific/Chatham", "2026-04-04T12:00:00", 24, ["13:15"]),  # 2:45 to 3:45 comes twice
    ],
)
def test_each_slot_comes_once_on_the_day_of_a_clock_change(
    cron: str, zone: str, start: str, hours: int, expected: list[str]
) -> None:
    """A gap moves to its end; what comes twice is posted once, and twice where it is every hour's."""
    end = (datetime.fromisoformat(start) + timedelta(hours=hours)).isoformat()
    assert expected == slots_between(cron, zone, start, end)


def clock_changes(zone: str) -> list[datetime]:
    """The moments of 2024-2030, to the hour before, at which that zone's clocks change: looked for by days first, since each worker does it."""
    first, day, hour = at("2024-01-01T00:00:00"), timedelta(days=1), timedelta(hours=1)
    days = _before_changes(zone, [first + number * day for number in range(366 * 7)], day)
    return _before_changes(zone, [start + number * hour for start in days for number in range(24)], hour)


def _before_changes(zone: str, moments: list[datetime], step: timedelta) -> list[datetime]:
    """Those of them a step after which that zone's clocks go otherwise."""
    place = ZoneInfo(zone)
    return [
        each for each in moments if each.astimezone(place).utcoffset() != (each + step).astimezone(place).utcoffset()
    ]


ZONES = (
    "Europe/Berlin",
    "America/New_York",
    "Australia/Lord_Howe",
    "Africa/Casablanca",
    "Pacific/Chatham",
    "Asia/Gaza",
)
CHANGES = [(zone, change) for zone in ZONES for change in clock_changes(zone)]


@settings(max_examples=300)
@given(
    st.sampled_from(CHANGES),
    st.sampled_from(["*/5 * * * *", "0 * * * *", "30 * * * *", "*/20 1-3 * * *"])
    | st.builds("{} {} * * *".format, st.integers(0, 59), st.integers(0, 23)),
)
def test_around_every_clock_change_slots_go_forward_and_each_days_comes_once(
    change: tuple[str, datetime], cron: str
) -> None:
    """Over two days: always later, nothing twice, a daily one once a day, and catching up names the slots that were armed."""
    zone, moment = change
    slots, start = Slots(cron, zone), moment - timedelta(days=1)
    rung = [slot for slot in _ringing(slots, start, 48) if slot.astimezone(UTC) < start + timedelta(hours=48)]
    assert rung == sorted(set(rung))
    if cron == "0 * * * *" and moment.astimezone(ZoneInfo(zone)).minute == 0 and zone != "Australia/Lord_Howe":
        assert len(rung) == 48
    if cron.split()[1].isdecimal():
        days = [slot.astimezone(ZoneInfo(zone)).date() for slot in rung]
        assert len(days) == len(set(days))
        assert len(days) in {1, 2, 3}
    assert rung[:50] == [last_slot(slots, start, slot + timedelta(seconds=30)) for slot in rung[:50]]


def _ringing(slots: Slots, start: datetime, hours: int) -> list[datetime]:
    found, due = list[datetime](), slots.first(start)
    while due is not None and due < start + timedelta(hours=hours):
        found.append(due)
        due = slots.get_next_fire_time(due, due)
    return found


@pytest.mark.parametrize("zone", ["Europe/Berlin", "Europe/London", "America/New_York"])
def test_arming_in_the_repeated_hour_comes_to_an_end(zone: str) -> None:
    """Within ten minutes of a restart in that hour the scheduler looked for its last slot for ever."""
    for change in clock_changes(zone):
        for minutes in range(0, 180, 7):
            now = change + timedelta(minutes=minutes)
            slot = last_slot(Slots("*/5 * * * *", zone), now - timedelta(hours=3), now)
            assert now.replace(minute=now.minute // 5 * 5, second=0) == slot
