"""How many jobs a second are queued and done, on SQLite and on PostgreSQL: ``python -m tests.bench.jobs`` (``--empty 600 --checks 400 --workers 0,2``; 0: SQLite).

Workers are processes of their own with two threads each, as they run: on SQLite the bot's one, on PostgreSQL 1, 2 and 4. A job is an empty
one, or the check of a composition with the judge stubbed: what the database has to do for it, and nothing else. PostgreSQL is a
new server on the same disk with its own defaults, as durable as SQLite.
"""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
from rich.console import Console
from rich.table import Table

from bot.adapters.clock import SystemClock, UuidIds
from bot.adapters.objects import FolderObjects
from bot.adapters.tickets import ProcrastinateTickets
from bot.demo.postgres import own_server
from bot.logs import configure_logs
from bot.tasks import tasks
from bot.turns import Task
from bot.usecases.submissions.arrivals import Upload
from bot.wiring import worker_at
from bot.worker import Worker
from migrations.run import upgrade
from models.engines import is_postgres
from models.jobs import JobState
from models.store import Store
from tests.load.engines import SQLITE, postgresql
from tests.makers.fakes import FakeClock, FakeInspector, MemoryFiles
from tests.makers.world import CHANNEL, World, workspace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.load.engines import Engine

THREADS = 2
WORKERS = (1, 2, 4)


class AnyFiles(MemoryFiles):
    """Each person has uploaded something of their own."""

    def download(self, file_id: str, max_bytes: int) -> bytes:
        """Made of the id."""
        return f"bytes of {file_id}".encode()[: max_bytes + 1]


def world_of(store: Store, folder: Path, people: int) -> World:
    """The use cases with so many people, and with nobody to wait for; the contest is in the time of the tests' clock."""
    directory = workspace()
    for number in range(people):
        directory.add(f"U{number}", f"Person {number}", CHANNEL)
    objects = FolderObjects(folder / "objects")
    # Real ids and folders stand in for those of tests: several processes share them.
    return World(store, FakeClock(), UuidIds(), directory, objects, AnyFiles(), FakeInspector())  # type: ignore[arg-type]


def opened(url: str) -> Store:
    """The store as the bot has it."""
    return Store(url, ProcrastinateTickets() if is_postgres(url) else None)


def work(url: str, folder: str, people: str) -> None:
    """A worker, until SIGTERM. It logs as the bot does."""
    configure_logs("INFO")
    stopping, store = threading.Event(), opened(url)
    signal.signal(signal.SIGTERM, lambda *_: stopping.set())
    deeds = {**tasks(world_of(store, Path(folder), int(people))), "empty": Task(lambda _: None, lambda *_: None)}
    (Path(folder) / f"ready-{os.getpid()}").touch()
    while not (Path(folder) / "go").exists():
        time.sleep(0.02)
    if not is_postgres(url):
        crew = Worker(store, SystemClock(), deeds, threads=THREADS)
        crew.start()
        stopping.wait()
        crew.stop()
        return
    worker_at(store, SystemClock(), deeds, lease=60.0, threads=THREADS).run(stopping)


def queue_empty(store: Store, _: Path, number: int) -> None:
    """So many jobs, of twenty people, each in a transaction of its own."""
    ids, clock = UuidIds(), SystemClock()
    for each in range(number):
        with store.write() as unit:
            unit.jobs.enqueue(ids.new(), "empty", f"empty:{each}", {}, clock.now(), owner=f"U{each % 20}")


def queue_checks(store: Store, folder: Path, number: int) -> None:
    """So many uploads, each by another person, as they come in from Slack: composition, receipt and job."""
    world = world_of(store, folder, number)
    for each in range(number):
        world.submissions.receive(
            Upload(
                file_id=f"F{each}",
                user_id=f"U{each}",
                channel_id=CHANNEL,
                is_dm=False,
                message_ts=f"{int(world.clock.now().timestamp())}.{each:06d}",
                thread_ts=None,
                filename=f"Piece {each}.mid",
                mimetype="audio/midi",
                filetype="mid",
                size=300,
            )
        )


@contextmanager
def workers(url: str, folder: Path, number: int, people: int) -> Iterator[list[psutil.Process]]:
    """So many processes."""
    command = (sys.executable, "-m", "tests.bench.jobs", "--work", url, str(folder), str(people))
    began = [subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) for _ in range(number)]
    try:
        yield [psutil.Process(each.pid) for each in began]
    finally:
        for each in began:
            each.terminate()
        for each in began:
            each.wait(20)


def unfinished(store: Store) -> tuple[int, int]:
    """How many jobs wait, and how many are done."""
    with store.read() as unit:
        states = unit.jobs.count_by_state()
    return states[JobState.QUEUED] + states[JobState.RUNNING], states[JobState.DONE]


@dataclass(frozen=True)
class Rates:
    """A second of the clock's, and milliseconds of processors."""

    queued: float
    done: float
    queueing_ms: float
    """Of each that was queued, by the process that did so."""
    working_ms: float
    """Of each that was done, by the workers."""
    server_ms: float
    """The same, by the database's server."""


def used(processes: list[psutil.Process]) -> float:
    """Seconds of processors that they have had."""
    total = 0.0
    for each in processes:
        with suppress(psutil.NoSuchProcess):
            times = each.cpu_times()
            total += times.user + times.system
    return total


def measured(engine: Engine, number: int, queue: Callable[[Store, Path, int], None]) -> Rates:
    """On a new database, without the making of the contest, and without the workers' start."""
    with tempfile.TemporaryDirectory(prefix="kantor-jobs-") as name, engine.database() as made:
        folder = Path(name)
        url = made or f"sqlite:///{folder / 'kantor.db'}"
        upgrade(url)
        store = opened(url)
        try:
            return _measured(store, engine, folder, number, queue)
        finally:
            store.dispose()


def _measured(
    store: Store, engine: Engine, folder: Path, number: int, queue: Callable[[Store, Path, int], None]
) -> Rates:
    if queue is queue_checks:
        world_of(store, folder, number).contest()
    began, cpu = time.perf_counter(), time.process_time()
    queue(store, folder, number)
    queued, queueing = number / (time.perf_counter() - began), (time.process_time() - cpu) / number
    before, count = unfinished(store)[1], max(engine.workers, 1)
    with workers(store.url, folder, count, number) as running:
        while len(list(folder.glob("ready-*"))) < count:
            time.sleep(0.05)
        (folder / "go").touch()
        while (first := unfinished(store)[1]) == before:
            time.sleep(0.01)
        servers = engine.processes()
        began, worked, served = time.perf_counter(), used(running), used(servers)
        while (left := unfinished(store))[0]:
            time.sleep(0.05)
        seconds, done = time.perf_counter() - began, left[1] - first
        worked, served = used(running) - worked, used(engine.processes()) - served
    return Rates(queued, done / seconds, 1000 * queueing, 1000 * worked / done, 1000 * served / done)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", nargs=3, metavar=("URL", "FOLDER", "PEOPLE"))
    parser.add_argument("--workers", type=lambda text: [int(each) for each in text.split(",")], default=[0, *WORKERS])
    parser.add_argument("--empty", type=int, default=600)
    parser.add_argument("--checks", type=int, default=400)
    asked = parser.parse_args()
    if asked.work:
        work(*asked.work)
        return
    table = Table("job", "engine", "workers", "queued/s", "done/s", "ms to queue", "ms to do: workers", "server")
    with tempfile.TemporaryDirectory(prefix="kantor-jobs-") as name, own_server(Path(name) / "server") as server:
        engines = [postgresql(server, each) if each else SQLITE for each in asked.workers]
        asked_for = ((queue_empty, asked.empty), (queue_checks, asked.checks))
        for queue, count in ((queue, count) for queue, count in asked_for if count):
            for engine in engines:
                rates = measured(engine, count, queue)
                parts = (rates.queueing_ms, rates.working_ms, rates.server_ms)
                shown = [f"{rates.queued:.0f}", f"{rates.done:.0f}", *(f"{each:.1f}" for each in parts)]
                who = str(engine.workers or "the bot's")
                table.add_row(queue.__name__.removeprefix("queue_"), engine.name, who, *shown)
    console = Console(width=120)
    console.print(table)
    console.print(f"Load average {os.getloadavg()[0]:.1f}, {os.cpu_count()} cores; {THREADS} threads in each process.")


if __name__ == "__main__":
    main()
