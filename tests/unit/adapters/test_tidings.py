"""What one process commits on PostgreSQL another one hears at once; and where it cannot be heard, nothing breaks."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

import psycopg
import pytest
from structlog.testing import capture_logs

from bot.adapters.tidings import Tidings
from models.store import LETTERS, Store
from tests.makers.fakes import FakeClock
from tests.makers.postgres import postgres_store
from tests.makers.stage import eventually

if TYPE_CHECKING:
    from collections.abc import Iterator

PATIENCE = 30.0
CUT = """
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
"""


class Ear:
    """Counts the rings."""

    def __init__(self) -> None:
        self.rings = 0
        self._changed = threading.Condition()

    def __call__(self) -> None:
        with self._changed:
            self.rings += 1
            self._changed.notify_all()

    def has_heard(self, rings: int) -> bool:
        """Whether there were so many, sooner or later."""
        with self._changed:
            return self._changed.wait_for(lambda: self.rings >= rings, PATIENCE)


@pytest.fixture
def store() -> Iterator[Store]:
    with postgres_store() as store:
        yield store


@contextmanager
def listening(url: str) -> Iterator[Ear]:
    """An ear at the bell of letters: it has heard something as soon as it hears at all."""
    ear = Ear()
    tidings = Tidings(url, LETTERS, ear, again=0.01)
    tidings.start()
    try:
        yield ear
    finally:
        tidings.stop()


def write(store: Store, key: str) -> None:
    """A letter, where there is none of that key."""
    with store.write() as work:
        work.outbox.add(key, "C1", {"kind": "receipt"}, now=FakeClock().now())


def _write_and_fail(store: Store) -> None:
    with store.write() as work:
        work.outbox.add("0", "C1", {"kind": "receipt"}, now=FakeClock().now())
        raise ZeroDivisionError


def test_all_who_send_letters_hear_of_one_that_a_worker_wrote(store: Store) -> None:
    """However many bots there are; and nothing of a transaction that wrote none, or that failed."""
    worker = Store(store.url, rings=True)
    with listening(store.url) as one, listening(store.url) as other:
        assert one.has_heard(1)
        assert other.has_heard(1)
        with worker.write() as work:
            work.presence.note(FakeClock().now())
        with pytest.raises(ZeroDivisionError):
            _write_and_fail(worker)
        write(worker, "1")
        assert one.has_heard(2)
        assert other.has_heard(2)
        write(worker, "1")  # it is there already
        write(worker, "2")
        assert one.has_heard(3)
        assert (3, 3) == (one.rings, other.rings if other.has_heard(3) else 0)
    worker.dispose()


def test_who_sends_letters_does_not_ring(store: Store) -> None:
    """Commits that ring wait for each other, and a bot knows of its own letters anyway."""
    worker = Store(store.url, rings=True)
    with listening(store.url) as ear:
        assert ear.has_heard(1)
        write(store, "1")
        write(worker, "2")
        assert ear.has_heard(2)
        assert 2 == ear.rings
    worker.dispose()


def test_after_the_servers_restart_it_hears_again(store: Store) -> None:
    """And has heard something then: it may have rung meanwhile."""
    worker = Store(store.url, rings=True)
    with listening(store.url) as ear:
        assert ear.has_heard(1)
        with psycopg.connect(store.url, autocommit=True) as outside:
            outside.execute(CUT)
        assert ear.has_heard(2)
        before = ear.rings
        write(worker, "1")
        assert ear.has_heard(before + 1)
    worker.dispose()


def test_where_nobody_can_be_heard_it_says_so_once_and_ends_when_it_is_told() -> None:
    """Whoever waits looks by themselves, as ever."""
    with capture_logs() as said, listening("postgresql://nobody@/nowhere?host=/nowhere") as ear:
        eventually(lambda: said, "the word that nobody is heard")
    assert (1, 0) == (len(said), ear.rings)
