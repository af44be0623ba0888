"""The last hour before a deadline."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.moments import DAYLIGHT, LATE, MINUTES, due, left, minutes_left
from bot.rules.phases import Phase
from bot.usecases.contests.editing import EditContest
from bot.usecases.contests.settings import Part
from bot.usecases.submissions.latefiles import Extend
from tests.makers.world import ADA, BEN, CHANNEL, CLEO, JUDY, LOUNGE, OLIVE, World, small_world

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
    later = {"deadline": datetime.fromisoformat("2026-11-20T15:28")}
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


@pytest.mark.parametrize(
    ("before", "said"),
    [
        (timedelta(days=9, hours=5), "in 9 days"),
        (timedelta(days=2), "in 2 days"),
        (timedelta(hours=47, minutes=59), "in 47 hours"),
        (timedelta(minutes=119), "in 1 hour"),
        (timedelta(minutes=89, seconds=59), "in 89 minutes"),
        (timedelta(seconds=61), "in 1 minute"),
        (timedelta(seconds=59), "in less than a minute"),
        (timedelta(0), ""),
        (timedelta(days=-1), ""),
    ],
)
def test_how_long_it_is_until_then(before: timedelta, said: str) -> None:
    """Whole days, hours, minutes, never more than there are; nothing once it has passed."""
    assert said == left(DEADLINE, DEADLINE - before)


def nudged(world: World) -> list[str]:
    """Who was written to on the last day, in order."""
    return [letter.recipient for letter in world.letters("composer_nudge")]


def a_long_contest(world: World, **changes: Any) -> str:
    """Open since the 20th, until the 25th at 15:00 in Berlin; Ada, Ben and Cleo were welcomed, and Ada has a piece."""
    contest = world.contest(deadline=datetime.fromisoformat("2026-11-25T15:00"), **changes)
    for user_id in (ADA, BEN, CLEO):
        world.onboarding.joined(user_id, CHANNEL)
    world.accepted(ADA)
    return contest


def look_each_hour(world: World, hours: range) -> list[int]:
    """At so many hours before that deadline, twice each: the hours at which somebody was written to."""
    end, rang = datetime(2026, 11, 25, 14, tzinfo=UTC), []
    for before in hours:
        world.clock.moment = end - timedelta(hours=before)
        rang += [before] * bool(world.last_day.remind())
        assert 0 == world.last_day.remind()
    return rang


def test_the_last_day_is_told_once_to_those_without_a_piece(world: World) -> None:
    """Not to who has sent something in, judges, or people who have left the channel; with their own time and what is left of it."""
    a_long_contest(world)
    world.contests.add_judges(OLIVE, CHANNEL, [JUDY])
    world.directory.members[CHANNEL].remove(CLEO)
    assert [24] == look_each_hour(world, range(72, -3, -1))
    assert [BEN] == nudged(world)
    (letter,) = world.letters("composer_nudge")
    assert "in 24 hours" == letter.message["left"]


def test_nobody_is_written_to_at_night(world: World) -> None:
    """Of the hours of the last day only those count that are day where the person is."""
    a_long_contest(world)
    for user_id, zone in ((BEN, "Pacific/Auckland"), (CLEO, "America/Los_Angeles")):
        with world.store.write() as work:
            person = work.people.get(user_id)
            assert person is not None
            person.time_zone = zone
    look_each_hour(world, range(72, -3, -1))
    hours = {
        letter.recipient: letter.created_at.astimezone(ZoneInfo(letter.message["time_zone"])).hour
        for letter in world.letters("composer_nudge")
    }
    assert {BEN, CLEO} == set(hours)
    assert set(hours.values()) <= set(DAYLIGHT)


def test_who_was_just_told_is_left_in_peace(world: World) -> None:
    """By the welcome, by an organizer's reminder, or by the news of a deadline that was moved."""
    contest = world.contest(deadline=datetime.fromisoformat("2026-11-25T15:00"))
    world.clock.moment = datetime(2026, 11, 25, 8, tzinfo=UTC)
    world.onboarding.joined(BEN, CHANNEL)
    assert [] == look_each_hour(world, range(6, 0, -1))
    form = world.editing.form(OLIVE, contest, Part.BASICS)
    world.clock.moment = datetime(2026, 11, 25, 13, tzinfo=UTC)
    later = {"deadline": datetime.fromisoformat("2026-11-26T12:00")}
    world.editing.apply(
        OLIVE, world.editing.prepare(EditContest(OLIVE, contest, Part.BASICS, later, form.seen)).edit_id
    )
    world.clock.moment = datetime(2026, 11, 25, 15, tzinfo=UTC)
    assert 0 == world.last_day.remind()
    world.clock.moment = datetime(2026, 11, 26, 8, tzinfo=UTC)
    assert 1 == world.last_day.remind()


def test_an_organizers_reminder_stands_for_the_last_days(world: World) -> None:
    """Nobody is reminded twice within a day."""
    a_long_contest(world)
    world.clock.moment = datetime(2026, 11, 24, 12, tzinfo=UTC)
    shown = world.nudges.preview(OLIVE, CHANNEL)
    world.nudges.send(OLIVE, shown.contest_id, shown.nudge_id, judges=False)
    assert [] == look_each_hour(world, range(23, 2, -1))
    assert [BEN, CLEO] == nudged(world)


def test_who_has_more_time_is_reminded_before_their_own_end(world: World) -> None:
    """And not before everybody's."""
    contest = a_long_contest(world)
    world.extensions.extend(Extend(OLIVE, contest, BEN, datetime.fromisoformat("2026-11-27T15:00"), "Ill"))
    look_each_hour(world, range(24, 0, -1))
    assert [CLEO] == nudged(world)
    look_each_hour(world, range(-24, -46, -1))
    assert [CLEO, BEN] == nudged(world)


def test_two_replicas_remind_once(world: World) -> None:
    """Both look at the same moment."""
    a_long_contest(world)
    world.clock.moment = datetime(2026, 11, 24, 15, tzinfo=UTC)
    with ThreadPoolExecutor(4) as threads:
        assert 2 == sum(threads.map(lambda _: world.last_day.remind(), range(4)))
    assert [BEN, CLEO] == nudged(world)


def test_wherever_a_deadline_is_asked_for_it_says_how_long_that_is(world: World) -> None:
    """Home, the window for a piece, one's own list, rules, the word "deadline", status, find, what opening brings."""
    draft = world.contest(Phase.DRAFT)
    (said,) = [line for line in world.contests.preview_next(OLIVE, CHANNEL).effects if "until" in line]
    assert "(14:00 UTC), in 2 hours." in said
    world.contests.advance(OLIVE, draft, Phase.DRAFT)
    world.accepted(ADA)
    world.clock.moment = DEADLINE - timedelta(minutes=80)
    (home,) = world.people.home(ADA).contests
    (door,) = world.hand_ins.form(ADA, CHANNEL).contests
    (mine,) = world.compositions.mine(ADA).contests
    (found,) = world.search.find(ADA, "Bach").contests
    rules = world.rulebook.rules(ADA, CHANNEL)
    assert {"in 80 minutes"} == {each.left for each in (home, door, mine, found, rules)}
    assert world.contests.status(ADA, CHANNEL).deadline_text.endswith(", in 80 minutes")
    world.answers.answer(ADA, "D0ADA", "deadline", "Ev1")
    assert "in 80 minutes" == world.letters("rules")[0].message["left"]
