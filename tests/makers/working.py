"""A process that works jobs as ``kantor run`` does on SQLite, and ``kantor worker`` on PostgreSQL, with tasks for tests."""

from __future__ import annotations

import signal
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.adapters.tickets import ProcrastinateTickets
from bot.errors import Unavailable
from bot.turns import Task
from bot.wiring import worker_at
from bot.worker import Worker
from models.store import Store

if TYPE_CHECKING:
    from collections.abc import Mapping

BACKOFF = (0.02, 0.05, 0.1)
GRACE = 0.5


class SkewedClock:
    """A machine's, that is so many seconds ahead of the others'."""

    def __init__(self, seconds: float) -> None:
        self._ahead = timedelta(seconds=seconds)

    def now(self) -> datetime:
        """What it shows."""
        return datetime.now(UTC) + self._ahead

    def elapsed(self) -> timedelta:
        """That is the same everywhere."""
        return timedelta(seconds=time.monotonic())


class Deeds:
    """Tasks that write down what they do."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def say(self, *words: object) -> None:
        """A line of the log, whole, whoever else writes."""
        with (self.folder / "log").open("a", encoding="utf-8") as log:
            log.write(" ".join(map(str, words)) + "\n")

    def note(self, args: Mapping[str, Any]) -> None:
        """Done at once."""
        self.say("note", args["n"])

    def wait(self, args: Mapping[str, Any]) -> None:
        """Done when the file ``go`` is there."""
        self.say("begin", args["n"])
        while not (self.folder / "go").exists():
            time.sleep(0.02)
        self.say("end", args["n"])

    def fail(self, args: Mapping[str, Any]) -> None:
        """Fails as often as it is told, with a failure of its own or of somebody else's."""
        self.say("try", args["n"], datetime.now(UTC).timestamp())
        tries = sum(line.startswith(f"try {args['n']} ") for line in lines(self.folder))
        if tries <= args["times"]:
            raise Unavailable("nobody answers") if args["outage"] else ValueError(args["n"])
        self.say("note", args["n"])

    def tasks(self) -> dict[str, Task]:
        """By their names."""
        return {
            name: Task(run, lambda args, _: self.say("sorry", args["n"]))
            for name, run in (("note", self.note), ("wait", self.wait), ("fail", self.fail))
        }


def lines(folder: Path) -> list[str]:
    """What was done so far."""
    log = folder / "log"
    return log.read_text(encoding="utf-8").splitlines() if log.exists() else []


def main(url: str, folder: str, lease: str, skew: str) -> None:
    """Until SIGTERM, with a clock that is ``skew`` seconds ahead; what its tasks do is appended to ``log`` in the folder."""
    stopping, deeds, clock = threading.Event(), Deeds(Path(folder)), SkewedClock(float(skew))
    signal.signal(signal.SIGTERM, lambda *_: stopping.set())
    if url.startswith("sqlite"):
        worker = Worker(Store(url), clock, deeds.tasks(), threads=1, lease=float(lease), poll=0.1, backoff=BACKOFF)
        worker.start()
        deeds.say("here")
        stopping.wait()
        worker.stop(GRACE)
        return
    store, todo, held = Store(url, ProcrastinateTickets()), deeds.tasks(), float(lease)
    hands = worker_at(store, clock, todo, threads=1, lease=held, poll=0.1, backoff=BACKOFF)
    deeds.say("here")
    hands.run(stopping, GRACE)
