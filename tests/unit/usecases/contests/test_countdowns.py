"""The last hour before a deadline."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.countdown import LATE, MINUTES, due, minutes_left
from bot.rules.phases import Phase
from bot.usecases.contests.editable import Basics, Part
from bot.usecases.contests.editing import EditContest
from tests.makers.world import CHANNEL, LOUNGE, OLIVE, World, small_world

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

DEADLINE = datetime(2026, 11, 20, 14, 0, tzinfo=UTC)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with small_world(tmp_path) as world:
        yield world


def told(world: World) -> list[int]:
    """The minutes of the reminders so far."""
    return [letter.message["minutes"] for letter in world.letters("countdown")]


def set_clock(world: World, before: float) -> None:
    """So many minutes before the deadline."""
    world.clock.moment = DEADLINE - timedelta(minutes=before)


@given(st.floats(-10, 130), st.floats(0, 200))
def test_at_most_one_reminder_is_due_and_never_a_late_one(before: float, since: float) -> None:
    """Whatever the time, it is one of three moments, at most five minutes ago, and after the deadline none."""
    now = DEADLINE - timedelta(minutes=before)
    opened = DEADLINE - timedelta(minutes=since)
    minutes = due(DEADLINE, opened, now)
    if minutes is None:
        return
    rang = DEADLINE - timedelta(minutes=minutes)
    assert minutes in MINUTES
    assert opened <= rang <= now <= rang + LATE
    assert now < DEADLINE


@pytest.mark.parametrize(
    ("before", "expected"),
    [(60.1, None), (60, 60), (55, 60), (54.9, None), (15, 15), (5, 5), (0.1, 5), (0, None), (-1, None)],
)
def test_the_edges(before: float, expected: int | None) -> None:
    """From the very moment on, for five minutes, and never at the deadline itself."""
    now = DEADLINE - timedelta(minutes=before)
    assert expected == due(DEADLINE, DEADLINE - timedelta(days=1), now)


def test_begun_minutes_count() -> None:
    """14:30 minutes are "15 minutes left"."""
    assert 15 == minutes_left(DEADLINE, DEADLINE - timedelta(seconds=14 * 60 + 30))


def test_each_reminder_comes_once(world: World) -> None:
    """However often it is looked; three in the last hour, in the contest's channel."""
    world.contest()
    countdowns = world.countdowns
    for before in (90, 60, 59.9, 40, 15, 14.5, 5, 4, 0, -1):
        set_clock(world, before)
        countdowns.ring()
        countdowns.ring()
    assert [60, 15, 5] == told(world)
    assert {CHANNEL} == {letter.recipient for letter in world.letters("countdown")}


def test_two_replicas_say_it_once(world: World) -> None:
    """Both look at the same moment."""
    world.contest()
    set_clock(world, 15)
    countdowns = world.countdowns
    with ThreadPoolExecutor(4) as threads:
        rung = list(threads.map(lambda _: countdowns.ring(), range(4)))
    assert 1 == sum(rung)
    assert [15] == told(world)


def test_after_an_outage_only_the_latest_comes(world: World) -> None:
    """Nobody was running from T-70 to T-12: one reminder, which says how much is really left; after T-10 none until T-5."""
    world.contest()
    countdowns = world.countdowns
    set_clock(world, 70)
    countdowns.ring()
    set_clock(world, 12)
    countdowns.ring()
    assert [12] == told(world)
    world.contest(slug="other", channel_id=LOUNGE)
    set_clock(world, 9)
    countdowns.ring()
    assert [12] == told(world)


def test_a_moved_deadline_is_counted_down_anew(world: World) -> None:
    """What was said about the old one is not said again, and the news itself has told how much is left."""
    contest = world.contest()
    countdowns = world.countdowns
    for before in (60, 15):
        set_clock(world, before)
        countdowns.ring()
    set_clock(world, 14)
    form = world.editing.form(OLIVE, contest, Part.BASICS)
    later = Basics("Bach Jam", "bach-jam", CHANNEL, "Europe/Berlin", datetime.fromisoformat("2026-11-20T15:28"))
    shown = world.editing.prepare(EditContest(OLIVE, contest, Part.BASICS, later, form.seen))
    world.editing.apply(OLIVE, shown.edit_id)
    for before in (13, 5, -13, -23):
        set_clock(world, before)
        countdowns.ring()
    assert [60, 15, 15, 5] == told(world)
    assert DEADLINE + timedelta(minutes=28) == datetime.fromisoformat(
        world.letters("countdown")[-1].message["deadline"]
    )


@pytest.mark.parametrize("phase", [Phase.DRAFT, Phase.JUDGING, Phase.FINISHED])
def test_only_open_contests_are_counted_down(world: World, phase: Phase) -> None:
    """A draft tells nobody, and after the uploads have closed there is nothing to hurry for."""
    world.contest(phase)
    set_clock(world, 15)
    world.countdowns.ring()
    assert [] == told(world)


def test_a_contest_that_opens_in_the_last_minutes_is_not_reminded_of_the_past(world: World) -> None:
    """Opened at T-13: its news has just said until when, so the next reminder is that of T-5."""
    contest = world.contest(Phase.DRAFT)
    set_clock(world, 13)
    world.contests.advance(OLIVE, contest, Phase.DRAFT)
    countdowns = world.countdowns
    countdowns.ring()
    set_clock(world, 5)
    countdowns.ring()
    assert [5] == told(world)


@pytest.mark.parametrize(
    ("wall", "zone", "deadline"),
    [
        ("2027-10-31T02:30", "Europe/Berlin", "2027-10-31T00:30"),  # comes twice: the first
        ("2027-10-31T03:15", "Europe/Berlin", "2027-10-31T02:15"),  # an hour before it is 2:15 in winter
        ("2028-03-26T03:20", "Europe/Berlin", "2028-03-26T01:20"),  # an hour before it is 1:20
        ("2027-04-04T02:10", "Australia/Lord_Howe", "2027-04-03T15:40"),
    ],
)
def test_the_last_hour_has_sixty_minutes_whatever_clocks_do(world: World, wall: str, zone: str, deadline: str) -> None:
    """Looked at each minute around a clock change: three reminders, at their minutes before the true deadline."""
    end = datetime.fromisoformat(f"{deadline}+00:00")
    contest = world.contest(deadline=datetime.fromisoformat(wall), time_zone=zone)
    countdowns = world.countdowns
    rung = []
    for before in range(150, -60, -1):
        world.clock.moment = end - timedelta(minutes=before)
        if countdowns.ring():
            rung.append(before)
    assert [60, 15, 5] == rung == told(world)
    with world.store.read() as work:
        kept = work.contests.get(contest)
    assert kept is not None
    assert end == kept.deadline
