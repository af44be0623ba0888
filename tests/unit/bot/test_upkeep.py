"""Keeping the database small."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from bot.usecases.upkeep import EVENTS_KEPT, Upkeep
from models.store import Store
from tests.makers.fakes import FakeClock

if TYPE_CHECKING:
    from pathlib import Path


def test_old_events_are_forgotten_and_young_ones_still_known(tmp_path: Path) -> None:
    """A redelivery within a day is still recognised."""
    clock = FakeClock()
    store = Store(f"sqlite:///{tmp_path / 'kantor.db'}")
    store.create_tables()
    with store.write() as work:
        work.events.see("old", now=clock.now() - EVENTS_KEPT - timedelta(seconds=1))
        work.events.see("young", now=clock.now() - EVENTS_KEPT + timedelta(seconds=1))
    Upkeep(store, clock).forget_old_events()
    with store.write() as work:
        seen_again = [work.events.see(event_id, now=clock.now()) for event_id in ("old", "young")]
    store.dispose()
    assert [True, False] == seen_again
