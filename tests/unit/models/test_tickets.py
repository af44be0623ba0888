"""An engine that hands jobs out gets a ticket for each, in the transaction that queues it; the table stays the record."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from models.jobs import LATER, JobState, Ticket
from models.store import Store

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

    from models.store import Work

MINUTE = timedelta(minutes=1)
NONE = timedelta(0)


@dataclass
class FakeTickets:
    """Remembers what was issued; what it holds is what is ``kept``."""

    issued: list[tuple[str, int, timedelta, int]] = field(default_factory=list)
    due: list[Ticket] = field(default_factory=list)
    handed_in: list[int] = field(default_factory=list)
    kept: set[str] = field(default_factory=set)
    heard: bool = True

    def issue(self, connection: Any, job_id: str, number: int, *, rest: timedelta, priority: int) -> None:
        self.issued.append((job_id, number, rest, priority))
        self.kept.add(job_id)

    def draw(self, connection: Any, worker: int) -> Ticket | None:
        return self.due.pop(0) if self.due else None

    def hand_in(self, connection: Any, ticket_id: int) -> None:
        self.handed_in.append(ticket_id)

    def outstanding(self, connection: Any) -> set[str]:
        return self.kept

    def alive(self, connection: Any, within: timedelta) -> bool:
        return self.heard


@pytest.fixture
def tickets() -> FakeTickets:
    return FakeTickets()


@pytest.fixture
def ticketed(tmp_path: Path, tickets: FakeTickets) -> Iterator[Store]:
    store = Store(f"sqlite:///{tmp_path / 'tickets.db'}", tickets)
    store.create_tables()
    yield store
    store.dispose()


def queue(work: Work, number: int, now: datetime, **more: Any) -> bool:
    return work.jobs.enqueue(f"job-{number}", "check", f"check:{number}", {}, now, **more)


def test_a_job_gets_one_ticket_however_often_its_key_comes(
    ticketed: Store, tickets: FakeTickets, now: datetime
) -> None:
    """A key is never taken twice, so there is no second ticket either: not even when the work is done."""
    with ticketed.write() as work:
        assert queue(work, 1, now, rest=MINUTE)
        assert not work.jobs.enqueue("other", "check", "check:1", {}, now)
    with ticketed.write() as work:
        taken = work.jobs.take(Ticket(7, "job-1", 0), now)
        assert taken is not None
        assert work.jobs.finish(taken.id, taken.claims)
        assert not work.jobs.enqueue("other", "check", "check:1", {}, now)
    assert [("job-1", 0, MINUTE, 0)] == tickets.issued


def test_nobodys_third_comes_before_anothers_first(ticketed: Store, tickets: FakeTickets, now: datetime) -> None:
    """The engine's one number says the priority first, and then how many turns the person has had or waits for."""
    with ticketed.write() as work:
        for number in range(3):
            queue(work, number, now, owner="UADA")
        queue(work, 3, now, owner="UBEN")
        queue(work, 4, now, owner="UCLEO", priority=LATER)
        queue(work, 5, now)
    ranks = {job_id: priority for job_id, _, _, priority in tickets.issued}
    assert ["job-0", "job-3", "job-5", "job-1", "job-2", "job-4"] == sorted(ranks, key=lambda job: (-ranks[job], job))


def test_a_job_that_goes_back_gets_a_new_ticket_and_the_old_one_is_void(
    ticketed: Store, tickets: FakeTickets, now: datetime
) -> None:
    """Whoever still holds the old one takes up nothing, and a worker that was thought dead settles nothing."""
    with ticketed.write() as work:
        queue(work, 1, now)
        first = work.jobs.take(Ticket(7, "job-1", 0), now)
        assert first is not None
        again = work.jobs.take(Ticket(7, "job-1", 0), now)  # its worker's heart stopped
        assert (again, again and again.claims) == (first, 2)
        assert not work.jobs.finish("job-1", 1)
        assert work.jobs.retry("job-1", 2, now + MINUTE, "it failed", now=now)
        assert work.jobs.take(Ticket(7, "job-1", 0), now) is None
        assert work.jobs.take(Ticket(8, "job-1", 1), now) is not None
    assert [("job-1", 0, NONE, 0), ("job-1", 1, MINUTE, 0)] == tickets.issued


def test_a_ticket_is_handed_in_with_what_became_of_its_job(
    ticketed: Store, tickets: FakeTickets, now: datetime
) -> None:
    """In the same transaction, whatever that is; by whoever has the turn, and by nobody who had it before."""
    with ticketed.write() as work:
        for number in range(3):
            queue(work, number, now)
            tickets.due.append(Ticket(10 + number, f"job-{number}", 0))
        jobs = [work.jobs.draw(1, now) for _ in range(3)]
        assert [(f"job-{number}", 10 + number) for number in range(3)] == [(job.id, job.drawn) for job in jobs if job]
        assert not work.jobs.finish("job-0", 0)
        assert [] == tickets.handed_in
        assert work.jobs.finish("job-0", 1)
        assert work.jobs.retry("job-1", 1, now, "it failed", now=now)
        assert work.jobs.fail("job-2", 1, "it failed")
    assert [10, 11, 12] == tickets.handed_in


def test_a_void_ticket_is_thrown_away_and_the_next_one_drawn(
    ticketed: Store, tickets: FakeTickets, now: datetime
) -> None:
    """Its job is done, or was given another ticket."""
    with ticketed.write() as work:
        queue(work, 1, now)
        tickets.due = [Ticket(10, "gone", 0), Ticket(11, "job-1", 5), Ticket(12, "job-1", 0)]
        drawn = work.jobs.draw(1, now)
        assert drawn is not None
        assert ("job-1", [10, 11]) == (drawn.id, tickets.handed_in)
        assert work.jobs.draw(1, now) is None


def test_a_job_without_a_ticket_gets_one(ticketed: Store, tickets: FakeTickets, now: datetime) -> None:
    """A backup that is restored beside an empty engine brings jobs, and no tickets."""
    with ticketed.write() as work:
        for number in (1, 2, 3):
            queue(work, number, now)
        assert work.jobs.take(Ticket(9, "job-2", 0), now) is not None
        tickets.kept = {"job-3"}
        tickets.issued.clear()
        lost = work.jobs.lost()
        assert [True, True] == [work.jobs.reissue(job, now) for job in lost]
        assert [] == work.jobs.lost()
    assert {("job-1", 1), ("job-2", 1)} == {issued[:2] for issued in tickets.issued}
    with ticketed.read() as work:
        job = work.jobs.get("job-2")
        assert job is not None
        assert JobState.QUEUED == job.state


def test_it_is_known_that_no_worker_is_there(ticketed: Store, tickets: FakeTickets, now: datetime) -> None:
    """While nothing waits, or a worker was heard of, nobody needs to know."""
    with ticketed.write() as work:
        queue(work, 1, now)
        assert not work.jobs.unattended(now + 2 * MINUTE, MINUTE)
        tickets.heard = False
        assert not work.jobs.unattended(now, MINUTE)
        assert work.jobs.unattended(now + 2 * MINUTE, MINUTE)


def test_without_an_engine_workers_look_for_themselves(store: Store, now: datetime) -> None:
    """On SQLite the bot's own threads do: nothing is lost, nothing unattended."""
    with store.write() as work:
        queue(work, 1, now, priority=LATER)
        queue(work, 2, now)
        assert ([], False) == (list(work.jobs.lost()), work.jobs.unattended(now + 2 * MINUTE, MINUTE))
        taken = [work.jobs.claim(now, MINUTE) for _ in range(2)]
    assert ["job-2", "job-1"] == [job.id for job in taken if job is not None]
