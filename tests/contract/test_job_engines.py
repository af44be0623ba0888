"""Both engines of jobs keep the same promises: the table with threads of the bot's on SQLite, and procrastinate on PostgreSQL.

Workers are processes of their own here, and a kill is SIGKILL.
"""

from __future__ import annotations

import multiprocessing
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from bot.adapters.tickets import ProcrastinateTickets
from bot.crew import TRIES
from models.jobs import LATER, JobState
from models.store import Store
from tests.makers.databases import with_tables
from tests.makers.postgres import postgres_database
from tests.makers.working import BACKOFF, SkewedClock, lines, main

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from multiprocessing.context import ForkServerProcess
    from pathlib import Path

    from models.jobs import Job

pytestmark = pytest.mark.processes

PATIENCE = 50.0
MINUTE = 60.0
LOADED = multiprocessing.get_context("forkserver")
"""Workers are forked from a process that has loaded what they need, which is most of what a start costs, and does nothing else."""
LOADED.set_forkserver_preload([main.__module__])


@dataclass
class Engine:
    """A database with its workers."""

    url: str
    folder: Path
    store: Store
    workers: list[ForkServerProcess] = field(default_factory=list)

    def start(self, *, lease: float = 60.0, skew: float = 0.0) -> ForkServerProcess:
        """One worker more, which does one job at a time; it is there when this returns."""
        here = self.said("here")
        worker = LOADED.Process(target=main, args=(self.url, str(self.folder), str(lease), str(skew)))
        worker.start()
        self.workers.append(worker)
        until(lambda: self.said("here") > here)
        return worker

    def queue(self, name: str, n: str, *, skew: float = 0.0, **more: Any) -> bool:
        """A job, from a machine whose clock is so many seconds ahead."""
        args = {"n": n, "times": more.pop("times", 0), "outage": more.pop("outage", False)}
        key = more.pop("key", n)
        with self.store.write() as work:
            return work.jobs.enqueue(n, name, key, args, SkewedClock(skew).now(), **more)

    def said(self, *words: str) -> int:
        """How often a task said something that begins so."""
        return sum(line.split()[: len(words)] == list(words) for line in lines(self.folder))

    def noted(self) -> list[str]:
        return [line.split()[1] for line in lines(self.folder) if line.startswith("note")]

    def job(self, n: str) -> Job:
        with self.store.read() as work:
            job = work.jobs.get(n)
        assert job is not None
        return job

    def until_done(self, *numbers: str) -> None:
        until(lambda: all(self.job(n).state is JobState.DONE for n in numbers))


def until(true: Callable[[], bool]) -> None:
    """Wait for a condition; fail where it does not come true."""
    deadline = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < deadline, "it did not happen"
        threading.Event().wait(0.02)


@contextmanager
def database(kind: str, folder: Path) -> Iterator[tuple[str, Store]]:
    """An empty one, with all its tables."""
    if kind == "sqlite":
        url = with_tables(folder / "kantor.db")
        yield url, Store(url)
        return
    with postgres_database() as url:
        yield url, Store(url, ProcrastinateTickets())


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    with database(request.param, tmp_path) as (url, store):
        engine = Engine(url, tmp_path, store)
        yield engine
        for worker in engine.workers:
            worker.kill()
            worker.join()
        store.dispose()


def test_a_rollback_leaves_no_job(engine: Engine) -> None:
    """What a transaction wanted done is not done where the transaction fails."""
    with pytest.raises(ZeroDivisionError):
        _queue_and_fail(engine.store)
    assert engine.queue("note", "2")
    engine.start()
    engine.until_done("2")
    assert ["2"] == engine.noted()


def _queue_and_fail(store: Store) -> None:
    with store.write() as work:
        work.jobs.enqueue("1", "note", "1", {"n": "1"}, SkewedClock(0).now())
        raise ZeroDivisionError


def test_a_key_is_taken_once(engine: Engine) -> None:
    """Neither while the first of its jobs waits nor when it is done, and it is done once."""
    assert [True, False] == [engine.queue("note", n, key="same") for n in ("1", "2")]
    engine.start()
    engine.until_done("1")
    assert not engine.queue("note", "3", key="same")
    assert engine.queue("note", "4")
    engine.until_done("4")
    assert ["1", "4"] == engine.noted()


def test_what_fails_is_tried_again_after_longer_and_longer_pauses(engine: Engine) -> None:
    """Until it works; and where it never does, people are told, once."""
    engine.start()
    engine.queue("fail", "1", times=2)
    engine.until_done("1")
    assert (3, 3) == (engine.said("try", "1"), engine.job("1").attempts)
    moments = [float(line.split()[2]) for line in lines(engine.folder) if line.startswith("try 1")]
    pauses = [after - before for before, after in pairwise(moments)]
    assert all(pause >= asked for pause, asked in zip(pauses, BACKOFF, strict=False))

    engine.queue("fail", "2", times=99)
    until(lambda: engine.job("2").state is JobState.FAILED)
    assert (TRIES, 1) == (engine.said("try", "2"), engine.said("sorry", "2"))


def test_what_was_given_up_can_be_tried_again_or_dropped(engine: Engine) -> None:
    """As if it were new, by whatever worker comes next; what is dropped is never done."""
    engine.start()
    for n in ("1", "2"):
        engine.queue("fail", n, times=TRIES)
    until(lambda: {JobState.FAILED} == {engine.job("1").state, engine.job("2").state})
    with engine.store.write() as work:
        assert ["1", "2"] == sorted(job.id for job in work.jobs.failed())
        now = SkewedClock(0).now()
        assert [True, True] == [work.jobs.drop("2"), work.jobs.again("1", now)]
        assert [False, False] == [work.jobs.again("2", now), work.jobs.drop("1")]
    engine.until_done("1")
    assert (["1"], 1, JobState.DROPPED) == (engine.noted(), engine.job("1").attempts, engine.job("2").state)


def test_an_outage_of_something_outside_is_no_try(engine: Engine) -> None:
    """However long it lasts, the job waits for its end."""
    engine.start()
    engine.queue("fail", "1", times=2 * TRIES, outage=True)
    engine.until_done("1")
    assert (2 * TRIES + 1, 1, 0) == (engine.said("try", "1"), engine.job("1").attempts, engine.said("sorry"))


def test_what_somebody_waits_for_comes_first_and_then_everybody_in_turn(engine: Engine) -> None:
    """Nobody's third comes before another's first."""
    engine.queue("note", "rejudged", priority=LATER, owner="UCLEO")
    for n in ("ada1", "ada2", "ada3"):
        engine.queue("note", n, owner="UADA")
    engine.queue("note", "ben1", owner="UBEN")
    engine.start()
    engine.until_done("ada1", "ada2", "ada3", "ben1", "rejudged")
    assert ["ada1", "ben1", "ada2", "ada3", "rejudged"] == engine.noted()


def test_a_job_rests_as_long_as_it_is_told(engine: Engine) -> None:
    """What comes later and is due is done meanwhile."""
    engine.start()  # first: on a busy machine that takes longer than the rest
    engine.queue("note", "1", rest=timedelta(seconds=3))
    engine.queue("note", "2")
    engine.until_done("1", "2")
    assert ["2", "1"] == engine.noted()


def test_what_a_killed_worker_was_at_is_taken_up_by_another(engine: Engine) -> None:
    """One that is there already notices by itself that the other's heart has stopped."""
    first = engine.start(lease=1.5)
    engine.queue("wait", "1")
    until(lambda: engine.said("begin", "1") == 1)
    engine.start(lease=1.5)
    first.kill()
    until(lambda: engine.said("begin", "1") == 2)
    (engine.folder / "go").touch()
    engine.until_done("1")
    assert (2, 1, 2) == (engine.said("begin"), engine.said("end"), engine.job("1").claims)


def test_a_worker_that_is_asked_to_stop_gives_back_what_it_cannot_finish(engine: Engine) -> None:
    """It ends at once, the attempt does not count, and the next worker does not have to wait."""
    worker = engine.start()
    engine.queue("wait", "1")
    until(lambda: engine.said("begin", "1") == 1)
    worker.terminate()
    worker.join(PATIENCE)
    assert 0 == worker.exitcode
    given_back = engine.job("1")
    assert (JobState.QUEUED, 0) == (given_back.state, given_back.attempts)
    (engine.folder / "go").touch()
    engine.start()
    engine.until_done("1")


@pytest.mark.parametrize("skew", [-MINUTE, MINUTE])
def test_a_clock_that_differs_by_a_minute_keeps_nothing_waiting(engine: Engine, skew: float) -> None:
    """Neither that of the machine that queues a job, nor the worker's that tries it again; nothing is done twice."""
    started = time.monotonic()
    engine.start(lease=3, skew=skew)
    engine.queue("fail", "1", times=2)
    engine.queue("fail", "2", times=2, skew=-skew)
    engine.until_done("1", "2")
    assert time.monotonic() - started < MINUTE
    assert (3, 3) == (engine.said("try", "1"), engine.said("try", "2"))


def test_a_worker_whose_connections_are_cut_goes_on(tmp_path: Path) -> None:
    """As when PostgreSQL is restarted: what it was at comes to its end, and what is queued later is done, by the same worker."""
    with postgres_database() as url:
        engine = Engine(url, tmp_path, Store(url, ProcrastinateTickets()))
        worker = engine.start(lease=3)
        try:
            engine.queue("wait", "1")
            until(lambda: engine.said("begin", "1") == 1)
            cut(url)
            (tmp_path / "go").touch()
            until(lambda: engine.said("end", "1") >= 1)
            cut(url)
            engine.queue("note", "2")
            engine.until_done("1", "2")
            assert worker.is_alive()
        finally:
            worker.kill()
            worker.join()
            engine.store.dispose()
    assert ["2"] == engine.noted()


def cut(url: str) -> None:
    """End all other connections to that database."""
    others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(others)
