"""The thread that notes that the bot is there, and reads whenever it may not have been."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from bot.errors import Unavailable
from bot.presence import STANDSTILL, Presence
from bot.usecases.submissions.absences import OVERLAP, Absences
from bot.usecases.submissions.arrivals import Upload
from tests.makers.stage import eventually
from tests.makers.world import ADA, BEN, CHANNEL, OLIVE, World, small_world

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

    from bot.usecases.submissions.absences import Room


@dataclass
class Box:
    """What Slack has kept, by room; rooms in ``out`` do not answer."""

    sent: dict[str, list[Upload]] = field(default_factory=dict)
    out: set[str] = field(default_factory=set)
    allowed: bool = True
    looks: list[datetime] = field(default_factory=list)
    """Since when each look at the channel asked."""

    def direct_messages(self) -> list[str] | None:
        return [room for room in self.sent if room.startswith("D")] if self.allowed else None

    def uploads(self, room: Room, since: datetime) -> list[Upload]:
        if room.channel_id == CHANNEL:
            self.looks.append(since)
        if room.channel_id in self.out:
            raise Unavailable("Slack is silent")
        return self.sent.get(room.channel_id, [])


@dataclass
class Line:
    """The connection to Slack, and a clock that nobody sets."""

    name: str | None = "first"
    seconds: float = 0.0


def slept(line: Line) -> bool:
    """The machine has, once more: in the middle of a look nobody would notice."""
    line.seconds += STANDSTILL + 1
    return True


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with small_world(tmp_path) as world:
        yield world


def sent(world: World, file_id: str, user_id: str = ADA, channel_id: str = CHANNEL) -> Upload:
    """A file that somebody sends now."""
    at = world.clock.now().timestamp()
    room = {"channel_id": channel_id, "is_dm": channel_id.startswith("D"), "thread_ts": None}
    kind = {"mimetype": "audio/midi", "filetype": "mid", "filename": f"{file_id}.mid", "size": 300}
    return Upload(file_id=file_id, user_id=user_id, message_ts=f"{at:.6f}", **room, **kind)  # type: ignore[arg-type]  # told together


@contextmanager
def running(world: World, box: Box, line: Line) -> Iterator[Presence]:
    """The thread, in a hurry."""
    absences = Absences(world.desk, box, world.submissions)
    presence = Presence(
        absences, threading.Event(), lambda: line.seconds, backoff=(0.0,), look_every=0.01, note_every=0.0
    )
    presence.start(lambda: line.name)
    try:
        yield presence
    finally:
        presence.stop(10)


def until(world: World) -> datetime | None:
    """Until when the bot was there."""
    with world.store.read() as work:
        return work.presence.until()


def noted(world: World) -> None:
    """Wait until the bot says that it is there now, with nothing left to be read."""
    eventually(lambda: until(world) == world.clock.now(), "a note")


def been_there(world: World) -> None:
    """The bot was there until now."""
    with world.store.write() as work:
        work.presence.note(world.clock.now())


def names(world: World) -> set[str]:
    """The files that were taken in."""
    with world.store.read() as work:
        return {
            piece.slack_file_id
            for contest in work.contests.newest_first()
            for piece in work.submissions.of_contest(contest.id)
        }


def test_the_first_start_has_nothing_to_catch_up(world: World) -> None:
    """Nobody knows since when; it only notes that it is there."""
    world.contest()
    box = Box()
    with running(world, box, Line()):
        noted(world)
    assert [] == box.looks
    assert [] == world.letters("been_away")


def test_while_one_connection_holds_it_reads_once(world: World) -> None:
    """What comes by the connection needs no reading."""
    world.contest()
    been_there(world)
    box = Box()
    with running(world, box, Line()):
        for _ in range(3):
            world.clock.advance(seconds=10)
            noted(world)
    assert 1 == len(box.looks)


def test_without_a_connection_it_is_not_there(world: World) -> None:
    """The note stays where it was, and all since then is read when there is a connection again."""
    world.contest()
    been_there(world)
    box, line, before = Box(), Line(name=None), world.clock.now()
    with running(world, box, line):
        world.clock.advance(hours=1)
        box.sent[CHANNEL] = [sent(world, "F1")]
        line.name = "second"
        noted(world)
    assert [before - timedelta(minutes=10)] == box.looks
    assert {"F1"} == names(world)


def test_another_connection_and_a_sleep_make_it_read(world: World) -> None:
    """So does whoever could not write an upload down."""
    world.contest()
    been_there(world)
    box, line = Box(), Line()
    with running(world, box, line) as presence:
        eventually(lambda: len(box.looks) == 1)
        line.name = "second"
        eventually(lambda: len(box.looks) == 2)
        eventually(lambda: slept(line) and len(box.looks) > 2)
        noted(world)
        looks = len(box.looks)
        presence.missed()
        eventually(lambda: len(box.looks) > looks)


def test_a_silent_room_does_not_keep_the_others_out(world: World) -> None:
    """What can be read is taken at once; the note stays until all has been read, and the count is of all tries."""
    world.contest()
    been_there(world)
    before = world.clock.now()
    world.clock.advance(minutes=1)
    box = Box({CHANNEL: [sent(world, "F1")], f"D{BEN}": [sent(world, "F2", BEN, f"D{BEN}")]}, out={CHANNEL})
    with running(world, box, Line()):
        eventually(lambda: names(world) == {"F2"})
        assert before == until(world)
        box.out.clear()
        noted(world)
    assert {"F1", "F2"} == names(world)
    assert [2] == [letter.message["taken"] for letter in world.letters("been_away", OLIVE)]


def test_without_the_scope_the_letter_says_what_was_not_read(world: World) -> None:
    """Organizers are not told that all is well in rooms that nobody looked into."""
    world.contest()
    been_there(world)
    world.clock.advance(hours=1)
    with running(world, Box(allowed=False), Line()):
        noted(world)
    (letter,) = world.letters("been_away", OLIVE)
    assert (0, False) == (letter.message["taken"], letter.message["direct"])


def test_where_no_contest_is_on_nobody_is_written_to(world: World) -> None:
    """There is nobody to whom it matters."""
    been_there(world)
    world.clock.advance(days=1)
    with running(world, Box(), Line()):
        noted(world)
    assert [] == world.letters("been_away")


def test_one_of_several_bots_reads_from_where_it_fell_behind(world: World) -> None:
    """The others on the same database were there all the time, and said so; what this one was told it could not write down."""
    world.contest()
    been_there(world)
    box, line = Box(out={CHANNEL}), Line(name=None)
    with running(world, box, line) as presence:
        presence.missed()
        missed = world.clock.now()
        world.clock.advance(hours=1)
        been_there(world)
        box.out.clear()
        line.name = "first"
        eventually(lambda: box.looks, "a look")
        noted(world)
    assert missed - OVERLAP == box.looks[-1]


def test_what_may_not_have_reached_us_is_read_and_told_only_where_it_was(world: World) -> None:
    """Over HTTP silence is no absence: nobody is written to for it, but for what was found."""
    world.contest()
    been_there(world)
    box = Box()
    with running(world, box, Line()) as presence:
        noted(world)
        doubted = world.clock.now()
        world.clock.advance(hours=1)
        noted(world)
        presence.doubt(doubted)
        eventually(lambda: doubted - OVERLAP in box.looks, "a look")
        noted(world)
        assert [] == world.letters("been_away")
        world.clock.advance(minutes=30)
        box.sent[CHANNEL] = [sent(world, "F1")]
        presence.doubt(doubted)
        eventually(lambda: names(world) == {"F1"})
        eventually(lambda: world.letters("been_away", OLIVE), "a letter")
    assert [1] == [letter.message["taken"] for letter in world.letters("been_away", OLIVE)]


def test_who_may_have_heard_nothing_before_the_last_note_reads_from_further_back(world: World) -> None:
    """As over HTTP, where a note says that we served, and not that anybody called."""
    world.contest()
    been_there(world)
    before, box = world.clock.now(), Box()
    absences = Absences(world.desk, box, world.submissions, timedelta(hours=2))
    presence = Presence(absences, threading.Event(), lambda: 0.0, look_every=0.01, note_every=0.0)
    presence.start(lambda: "http")
    eventually(lambda: box.looks, "a look")
    presence.stop(10)
    assert [before - timedelta(hours=2)] == box.looks
