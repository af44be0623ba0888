"""Somebody sets the machine's clock back by an hour: nothing rests for an hour because of it, neither now nor after a restart."""

from __future__ import annotations

import threading
import time
from collections import deque
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from bot.errors import RateLimited, Unavailable
from bot.pump import OutboxPump
from bot.turns import Task
from bot.worker import Worker
from models.jobs import JobState
from models.outbox import LetterState
from models.store import Store
from tests.makers.databases import with_tables
from tests.makers.fakes import FakeClock, RecordingPostman

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from bot.crew import Crew
    from models.jobs import Job
    from models.outbox import OutboxRow

PATIENCE = 20.0
REST = 30.0


@dataclass
class Flaky:
    """A task that fails as it is told, and is done then."""

    failures: deque[Exception] = field(default_factory=deque)
    runs: int = 0

    def run(self, _args: dict[str, Any]) -> None:
        self.runs += 1
        if self.failures:
            raise self.failures.popleft()


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(with_tables(tmp_path / "kantor.db"))
    yield store
    store.dispose()


@pytest.fixture
def restart() -> Iterator[Callable[[Crew], None]]:
    """Starts a crew, as after a restart, and stops it in the end."""
    crews: list[Crew] = []

    def started(crew: Crew) -> None:
        crews.append(crew)
        crew.start()

    yield started
    for crew in crews:
        crew.stop()


def until(true: Callable[[], bool]) -> None:
    """Wait for a condition; fail where it does not come true."""
    deadline = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < deadline, "it did not happen"
        threading.Event().wait(0.005)


def write(store: Store, clock: FakeClock, key: str = "1") -> None:
    with store.write() as work:
        work.outbox.add(key, "C1", {"kind": "receipt"}, now=clock.now())


def enqueue(store: Store, clock: FakeClock) -> None:
    with store.write() as work:
        work.jobs.enqueue("1", "check", "check:1", {}, clock.now())


def letter(store: Store, key: str = "1") -> OutboxRow:
    with store.read() as work:
        row = work.outbox.by_key(key)
    assert row is not None
    return row


def job(store: Store) -> Job:
    with store.read() as work:
        row = work.jobs.get("1")
    assert row is not None
    return row


def worker(store: Store, clock: FakeClock, task: Flaky) -> Worker:
    return Worker(store, clock, {"check": Task(task.run, lambda _args, _reference: None)})


def test_a_lane_that_slack_closed_opens_in_time(store: Store, clock: FakeClock) -> None:
    """Slack asked for half a minute, and gets that, and no hour."""
    pump = OutboxPump(store, RecordingPostman(failures=[RateLimited(REST)]), clock)
    write(store, clock)
    pump._step()
    clock.turn_back(hours=1)
    pump._look_after()
    clock.advance(seconds=REST - 1)
    pump._step()
    early = letter(store).state
    clock.advance(seconds=1)
    pump._step()

    assert (LetterState.PENDING, LetterState.SENT) == (early, letter(store).state)


def test_a_channel_is_not_mute_for_an_hour(store: Store, clock: FakeClock) -> None:
    """The second between two messages to a channel is a second."""
    pump = OutboxPump(store, RecordingPostman(), clock)
    write(store, clock, "1")
    pump._step()
    clock.turn_back(hours=1)
    write(store, clock, "2")
    clock.advance(seconds=1)
    pump._step()

    assert LetterState.SENT is letter(store, "2").state


@pytest.mark.parametrize("failure", [RateLimited(REST), Unavailable("refused")])
def test_a_job_waits_no_longer_than_it_was_told(store: Store, clock: FakeClock, failure: Exception) -> None:
    """Neither after Slack's 429, in which the worker is quiet, nor in an outage."""
    task = Flaky(deque([failure]))
    crew = worker(store, clock, task)
    enqueue(store, clock)
    crew._step()
    clock.turn_back(hours=1)
    crew._look_after()
    clock.advance(seconds=REST)
    crew._step()

    assert (2, JobState.DONE) == (task.runs, job(store).state)


def test_a_restart_finds_letters_of_a_time_to_come(
    store: Store, clock: FakeClock, restart: Callable[[Crew], None]
) -> None:
    """The clock was set back while the bot was down: a letter that rested half a minute goes out half a minute after the start."""
    write(store, clock)
    OutboxPump(store, RecordingPostman(failures=[RateLimited(REST)]), clock)._step()
    clock.turn_back(hours=1)
    restart(OutboxPump(store, RecordingPostman(), clock, poll=0.02))
    until(lambda: letter(store).set_at <= clock.now())
    rest = letter(store).send_at - clock.now()
    clock.advance(seconds=REST)
    until(lambda: letter(store).state is LetterState.SENT)

    assert timedelta(seconds=REST) == rest


def test_a_restart_finds_what_a_dead_bot_held(store: Store, clock: FakeClock, restart: Callable[[Crew], None]) -> None:
    """A lease of a time to come is over a lease after the start."""
    write(store, clock)
    enqueue(store, clock)
    with store.write() as work:
        work.outbox.claim(work.outbox.due(clock.now()), clock.now(), timedelta(seconds=60))
        work.jobs.claim(clock.now(), timedelta(seconds=60))
    clock.turn_back(hours=1)
    task = Flaky()
    restart(OutboxPump(store, RecordingPostman(), clock, poll=0.02))
    restart(worker(store, clock, task))
    until(lambda: max(letter(store).set_at, job(store).set_at) <= clock.now())
    clock.advance(seconds=60)
    until(lambda: letter(store).state is LetterState.SENT)
    until(lambda: job(store).state is JobState.DONE)

    assert 1 == task.runs


def test_clocks_of_two_machines_differ(store: Store, clock: FakeClock) -> None:
    """A letter that another machine wrote a moment ahead of ours is no sign of a clock that was set back."""
    write(store, clock)
    clock.turn_back(seconds=20)
    with store.read() as work:
        near = work.outbox.is_ahead(clock.now())
    clock.turn_back(seconds=20)
    with store.read() as work:
        far = work.outbox.is_ahead(clock.now())

    assert (False, True) == (near, far)
