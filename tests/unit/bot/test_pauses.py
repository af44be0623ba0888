"""Crews after a pause that outlasted a lease (a machine that slept): nothing is done twice, whoever was away."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from structlog.testing import capture_logs

from bot.crew import rest
from bot.ports import Posted
from bot.pump import OutboxPump
from bot.turns import Task
from bot.worker import Worker
from models.jobs import JobState
from models.outbox import LetterState
from models.store import Store
from tests.makers.databases import with_tables
from tests.makers.fakes import FakeClock
from tests.makers.stage import ShiftedClock

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bot.ports import Claim, Letter

PATIENCE = 20.0
LONG = 3600.0
"""Far longer than a lease."""
FILE = {"object_key": "a.png", "filename": "a.png", "title": "A"}


@dataclass
class SleepyPostman:
    """Asks for its claim as the real one does; falls asleep right before that, the first time, until it is woken."""

    asleep: threading.Event = field(default_factory=threading.Event)
    wake: threading.Event = field(default_factory=threading.Event)
    delivered: list[str] = field(default_factory=list)
    withdrawn: list[Posted] = field(default_factory=list)
    on_its_way: bool = False
    """It falls asleep right after it has asked, while the letter is on its way to Slack."""

    def deliver(self, letter: Letter, claim: Claim) -> Posted:
        if self.on_its_way:
            claim.renew()
        if not self.asleep.is_set():
            self.asleep.set()
            assert self.wake.wait(PATIENCE)
        if not self.on_its_way:
            claim.renew()
        self.delivered.append(letter.key)
        return Posted("C1", f"{len(self.delivered)}.000100")

    def withdraw(self, posted: Posted) -> None:
        self.withdrawn.append(posted)


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def store(tmp_path: Path, clock: FakeClock) -> Iterator[Store]:
    store = Store(with_tables(tmp_path / "kantor.db"))
    with store.write() as work:
        work.outbox.add("1", "C1", {"kind": "card"}, [FILE], now=clock.now())
        work.jobs.enqueue("1", "check", "check:1", {}, clock.now())
    yield store
    store.dispose()


def letter_state(store: Store) -> LetterState:
    with store.read() as work:
        row = work.outbox.by_key("1")
    assert row is not None
    return row.state


def sleeping(crew: OutboxPump | Worker, asleep: threading.Event) -> threading.Thread:
    """The crew takes up what is due in a thread of its own, and falls asleep over it."""
    thread = threading.Thread(target=crew._step)
    thread.start()
    assert asleep.wait(PATIENCE)
    return thread


def test_two_pumps_send_one_letter(store: Store, clock: FakeClock) -> None:
    """What another pump took up when the lease was over is not sent by the first one, too, when it wakes."""
    postman = SleepyPostman()
    first, second = (OutboxPump(store, postman, clock, pace=0.0) for _ in range(2))
    with capture_logs() as logs:
        thread = sleeping(first, postman.asleep)
        clock.advance(seconds=LONG)
        second._step()
        postman.wake.set()
        thread.join(PATIENCE)

    assert (["1"], LetterState.SENT) == (postman.delivered, letter_state(store))
    assert ["another has taken the letter up, or has sent it"] == [
        entry["reason"] for entry in logs if "reason" in entry
    ]


def test_a_twin_is_taken_back(store: Store, clock: FakeClock) -> None:
    """What was on its way to Slack for longer than a lease, and was sent by another meanwhile, goes again when it arrives."""
    postman = SleepyPostman(on_its_way=True)
    first, second = (OutboxPump(store, postman, clock, pace=0.0) for _ in range(2))
    thread = sleeping(first, postman.asleep)
    clock.advance(seconds=LONG)
    second._step()
    postman.wake.set()
    thread.join(PATIENCE)

    with store.read() as work:
        row = work.outbox.by_key("1")
    assert row is not None
    assert (["1", "1"], "1.000100", [Posted("C1", "2.000100")]) == (postman.delivered, row.sent_ts, postman.withdrawn)


def test_a_pump_that_nobody_overtook_goes_on(store: Store, clock: FakeClock) -> None:
    """A lease that is over, but that nobody else took, is taken anew: the letter goes out at once."""
    postman = SleepyPostman()
    pump = OutboxPump(store, postman, clock, pace=0.0)
    thread = sleeping(pump, postman.asleep)
    clock.advance(seconds=LONG)
    postman.wake.set()
    thread.join(PATIENCE)

    assert (["1"], LetterState.SENT) == (postman.delivered, letter_state(store))


def test_threads_of_one_pump_leave_each_other_theirs(store: Store, clock: FakeClock) -> None:
    """When the machine wakes, no thread takes up what another thread of the same pump is about to send."""
    postman = SleepyPostman()
    pump = OutboxPump(store, postman, clock, pace=0.0)
    thread = sleeping(pump, postman.asleep)
    clock.advance(seconds=LONG)
    pump._step()
    while_asleep = list(postman.delivered)
    postman.wake.set()
    thread.join(PATIENCE)

    assert ([], ["1"]) == (while_asleep, postman.delivered)


def test_threads_of_one_worker_leave_each_other_theirs(store: Store, clock: FakeClock) -> None:
    """A job is done once as well, although its lease ran out in its worker's hands."""
    asleep, wake = threading.Event(), threading.Event()
    runs: list[dict[str, Any]] = []

    def run(args: dict[str, Any]) -> None:
        runs.append(args)
        asleep.set()
        assert wake.wait(PATIENCE)

    worker = Worker(store, clock, {"check": Task(run, lambda _args, _reference: None)})
    thread = sleeping(worker, asleep)
    clock.advance(seconds=LONG)
    worker._step()
    wake.set()
    thread.join(PATIENCE)

    with store.read() as work:
        job = work.jobs.get("1")
    assert job is not None
    assert ([{}], JobState.DONE, 1) == (runs, job.state, job.attempts)


def test_what_is_lost_is_not_kept_any_longer(store: Store, clock: FakeClock) -> None:
    """Where another has taken a letter up, the first pump no longer extends its lease for it, nor calls it its own."""
    postman = SleepyPostman()
    first = OutboxPump(store, postman, clock, pace=0.0)
    thread = sleeping(first, postman.asleep)
    clock.advance(seconds=LONG)
    with store.write() as work:
        work.outbox.claim(work.outbox.due(clock.now()), clock.now(), first._lease)
    first._extend_all()
    held = first._held()
    postman.wake.set()
    thread.join(PATIENCE)

    assert ([], [], LetterState.CLAIMED) == (held, postman.delivered, letter_state(store))


def test_an_hour_is_an_hour_of_the_clock_that_the_bot_goes_by() -> None:
    """Moved on by an hour, it wakes whoever waits for that long; asked to stop, nobody waits at all."""
    clock, stopping, answers = ShiftedClock(), threading.Event(), list[bool]()
    waiting = threading.Thread(target=lambda: answers.append(rest(LONG, clock, stopping)), daemon=True)
    waiting.start()
    clock.shift += timedelta(seconds=LONG)
    waiting.join(PATIENCE)
    stopping.set()
    assert [False, True] == [*answers, rest(LONG, clock, stopping)]
