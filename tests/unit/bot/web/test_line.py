"""Over HTTP nobody says that nobody calls: when silence, or a late try, is a reason to read what may be missing."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from bot.web.line import PATIENCE, SETTLE_EVERY, Silence
from tests.makers.fakes import FakeClock

if TYPE_CHECKING:
    from datetime import datetime

SECOND = timedelta(seconds=1)


class Watched:
    """Somebody who listens, and what they came to doubt."""

    def __init__(self) -> None:
        self.clock = FakeClock()
        self.doubts: list[datetime] = []
        self.silence = Silence(self.clock, self.doubts.append)
        self.began = self.clock.now()

    def wait(self, time: timedelta) -> None:
        """So long nothing is told; somebody looks every minute."""
        end = self.clock.now() + time
        while self.clock.now() < end:
            self.clock.advance(seconds=min(60.0, (end - self.clock.now()).total_seconds()))
            self.silence.look()


def test_while_events_come_one_after_the_other_nothing_is_doubted() -> None:
    """Slack tries for six minutes: what could not be told in a shorter pause was told after it."""
    watched = Watched()
    for _ in range(40):
        watched.wait(PATIENCE)
        watched.silence.broken(0)
    assert [] == watched.doubts


def test_silence_is_looked_into_once_an_hour() -> None:
    """From the last event on; and then from there on."""
    watched = Watched()
    watched.wait(timedelta(minutes=5))
    watched.silence.broken(0)
    watched.wait(timedelta(hours=3))
    assert watched.began + timedelta(minutes=5) == watched.doubts[0]
    assert [SETTLE_EVERY, SETTLE_EVERY] == [
        later - earlier for earlier, later in zip(watched.doubts[1:], watched.doubts[2:], strict=False)
    ] + [SETTLE_EVERY] * (4 - len(watched.doubts))


def test_a_pause_that_is_over_is_not_forgotten() -> None:
    """What was lost in it is read within the hour, though events come again."""
    watched = Watched()
    watched.wait(PATIENCE + SECOND)
    for _ in range(60):
        watched.silence.broken(0)
        watched.wait(timedelta(minutes=1))
    assert [watched.began] == watched.doubts
    watched.wait(timedelta(minutes=5))
    assert 1 == len(watched.doubts)


def test_a_pause_that_nobody_looked_at_is_seen_by_the_event_that_ends_it() -> None:
    """The machine may have been too busy to look."""
    watched = Watched()
    watched.clock.advance(hours=2)
    watched.silence.broken(0)
    watched.silence.look()
    assert [watched.began] == watched.doubts


def test_a_late_try_is_looked_into_at_once_and_a_rush_of_them_once_in_six_minutes() -> None:
    """Slack could not tell it at first: others it may have given up on. The second try comes at once, and says little."""
    watched = Watched()
    for _ in range(3):
        watched.wait(timedelta(minutes=5))
        watched.silence.broken(1)
    assert [] == watched.doubts
    first = watched.clock.now()
    for _ in range(4):
        watched.silence.broken(2)
        watched.silence.broken(3)
        watched.wait(SECOND)
    assert [first - PATIENCE] == watched.doubts
    watched.wait(PATIENCE)
    assert [first - PATIENCE, first + SECOND - PATIENCE] == watched.doubts
