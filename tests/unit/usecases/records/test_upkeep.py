"""Keeping the database small."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import TYPE_CHECKING, cast

from bot.adapters.clock import SystemClock
from bot.scheduler import BoardScheduler
from bot.usecases.records.upkeep import EVENTS_KEPT, Upkeep
from models.store import Store
from tests.makers.databases import with_tables
from tests.makers.fakes import FakeClock

if TYPE_CHECKING:
    from pathlib import Path

    from bot.usecases.boards.boards import Boards


class NoBoards:
    """No contest has a schedule."""

    def schedules(self) -> tuple[()]:
        """None."""
        return ()


def test_every_chore_is_done_and_one_that_fails_disturbs_no_other(tmp_path: Path) -> None:
    """The alarm clock does them when it starts, each by itself."""
    done = [threading.Event(), threading.Event()]

    def fails() -> None:
        done[0].set()
        raise OSError("a disk is full")

    store = Store(with_tables(tmp_path / "kantor.db"))
    clock = SystemClock()
    upkeep = Upkeep(store, clock, (fails, done[1].set))
    scheduler = BoardScheduler(cast("Boards", NoBoards()), upkeep, clock)
    scheduler.start()
    try:
        assert [True, True] == [each.wait(10) for each in done]
    finally:
        scheduler.stop()
        store.dispose()


def test_old_events_are_forgotten_and_young_ones_still_known(tmp_path: Path) -> None:
    """A redelivery within a day is still recognised."""
    clock = FakeClock()
    store = Store(with_tables(tmp_path / "kantor.db"))
    with store.write() as work:
        work.events.see("old", now=clock.now() - EVENTS_KEPT - timedelta(seconds=1))
        work.events.see("young", now=clock.now() - EVENTS_KEPT + timedelta(seconds=1))
    Upkeep(store, clock).forget_old_events()
    with store.write() as work:
        seen_again = [work.events.see(event_id, now=clock.now()) for event_id in ("old", "young")]
    store.dispose()
    assert [True, False] == seen_again


def test_nothing_is_forgotten_that_may_be_read_after_an_absence(tmp_path: Path) -> None:
    """After three weeks away the bot reads on from where it was, and still knows what it had dealt with by then."""
    clock = FakeClock()
    store = Store(with_tables(tmp_path / "kantor.db"))
    with store.write() as work:
        work.events.see("just before it went", now=clock.now() - timedelta(minutes=5))
        work.presence.note(clock.now())
    clock.advance(days=21)
    Upkeep(store, clock).forget_old_events()
    with store.write() as work:
        assert not work.events.see("just before it went", now=clock.now())
        work.presence.note(clock.now())
    Upkeep(store, clock).forget_old_events()
    with store.write() as work:
        assert work.events.see("just before it went", now=clock.now())
    store.dispose()
