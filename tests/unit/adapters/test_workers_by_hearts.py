"""procrastinate's list of workers: who is alive, and whose tickets are there for others."""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg
import pytest

from bot.adapters.tickets import ProcrastinateTickets, WorkersByHearts
from bot.errors import Unavailable
from migrations.run import upgrade
from models.jobs import UnknownWorkerError
from models.store import Store
from tests.makers.fakes import FakeClock
from tests.makers.postgres import postgres_database

if TYPE_CHECKING:
    from collections.abc import Iterator

NOW = FakeClock().now()
LEASE = 60.0


@pytest.fixture
def store() -> Iterator[Store]:
    with postgres_database(tables=False) as url:
        upgrade(url)
        store = Store(url, ProcrastinateTickets())
        with store.write() as work:
            for number in ("1", "2"):
                work.jobs.enqueue(number, "check", number, {}, NOW)
        yield store
        store.dispose()


@pytest.fixture
def roll(store: Store) -> WorkersByHearts:
    return WorkersByHearts(store.url, LEASE)


def drawn(store: Store, worker: int) -> str | None:
    """Id of the job that it draws."""
    with store.write() as work:
        job = work.jobs.draw(worker, NOW)
    return None if job is None else job.id


def age(store: Store, worker: int) -> None:
    """Its heart has stood still for two leases."""
    with psycopg.connect(store.url) as connection:
        stopped = "UPDATE procrastinate_workers SET last_heartbeat = now() - make_interval(secs => %s) WHERE id = %s"
        connection.execute(stopped, [2 * LEASE, worker])


def test_what_the_dead_were_at_is_drawn_by_the_living(store: Store, roll: WorkersByHearts) -> None:
    """And nothing of what the living are at; a heart that beats again in time is alive."""
    dead, living = roll.enter(), roll.enter()
    assert ["1", "2"] == [drawn(store, worker) for worker in (dead, living)]
    age(store, living)
    roll.beat(living)
    age(store, dead)
    roll.put_back_of_the_dead()
    assert ["1", None] == [drawn(store, living) for _ in range(2)]


def test_who_was_taken_for_dead_draws_nothing_until_it_has_entered_anew(store: Store, roll: WorkersByHearts) -> None:
    """A machine that slept: the others have struck it out."""
    worker = roll.enter()
    age(store, worker)
    roll.put_back_of_the_dead()
    with pytest.raises(UnknownWorkerError):
        drawn(store, worker)
    assert "1" == drawn(store, roll.enter())


def test_who_leaves_leaves_its_tickets_to_others(store: Store, roll: WorkersByHearts) -> None:
    """At once: nobody waits until its heart is known to have stopped."""
    worker, other = roll.enter(), roll.enter()
    assert "1" == drawn(store, worker)
    roll.leave(worker)
    roll.put_back_of_the_dead()
    assert ["1", "2"] == [drawn(store, other) for _ in range(2)]


def test_a_ticket_that_nobody_here_is_serving_is_put_back(store: Store, roll: WorkersByHearts) -> None:
    """A draw whose commit was not heard of is one, and a job that could not be settled."""
    worker = roll.enter()
    assert ["1", "2", None] == [drawn(store, worker) for _ in range(3)]
    roll.put_back_but(["2"], worker)
    assert ["1", None] == [drawn(store, worker) for _ in range(2)]


def test_a_database_that_is_away_is_said_to_be() -> None:
    """As of everything outside that may come back."""
    with pytest.raises(Unavailable):
        WorkersByHearts("postgresql://nobody@/nowhere?host=/nowhere", LEASE).enter()
