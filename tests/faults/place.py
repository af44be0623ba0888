"""Where faults happen: the sandbox, ``kantor run`` and on PostgreSQL ``kantor worker``, each a process of its own that may be killed."""

from __future__ import annotations

import sqlite3
import sys
import time
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, cast

import psycopg

from bot.wiring import database_url
from models.engines import conninfo, is_postgres
from tests.faults.table import say
from tests.load import crowd
from tests.load.venue import CLOCK, workspace
from tests.makers.postgres import postgres_database
from tests.makers.stage import BotProcess, Stage, eventually, settings_for

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from bot.sandbox.server import SandboxServer

SQLITE, POSTGRES = "SQLite", "PostgreSQL"
LEASE = 60.0
"""Of the bot, as in a deployment: it goes by the clock of all, which is moved on where somebody waits."""
WORKERS_LEASE = 5.0
"""Of a worker on PostgreSQL: its heart beats by the database's clock, which nobody moves."""
PATIENCE = 300.0
"""Real seconds after which what is under way counts as stuck."""
IDLE = 2.0
"""Real seconds without any change after which the clock of all is moved on to what is waited for."""
STEP = 15.0
"""So many seconds at a time."""
OPEN_LETTERS = "state IN ('pending', 'claimed')"
OPEN_JOBS = "state IN ('queued', 'running')"


class StuckError(AssertionError):
    """What was under way did not come to its end."""


@dataclass
class Place(Stage):
    """A workspace and the bot's processes in it, all of them by one clock."""

    folder: Path = field(kw_only=True)
    bot: BotProcess = field(kw_only=True)
    worker: BotProcess | None = None
    """On PostgreSQL."""
    crowd: list[str] = field(default_factory=list)
    moved: float = 0.0
    """What the clock showed at the last start: since then the bot must have read what it may have missed."""

    @property
    def is_postgres(self) -> bool:
        """On which of the two databases."""
        return is_postgres(database_url(self.settings))

    @property
    def processes(self) -> list[BotProcess]:
        """The bot, and its worker where there is one."""
        return [self.bot, *([self.worker] if self.worker else [])]

    @property
    def hands(self) -> BotProcess:
        """Who does the jobs."""
        return self.worker or self.bot

    def start(self) -> None:
        """Start whoever does not run, as a supervisor would, and wait until Slack reaches the bot."""
        self.moved = self.now()
        for process in self.processes:
            if process.process is None or process.process.poll() is not None:
                process.start()
        self.slack.wait_connected()

    def kill(self, *which: BotProcess) -> None:
        """SIGKILL for these, or for all."""
        for process in which or self.processes:
            process.kill()

    def now(self) -> float:
        """What the clock of all shows, in seconds since the epoch."""
        return self.slack.advance(0)

    def rows(self, question: str) -> list[tuple[Any, ...]]:
        """What the bot's database answers."""
        if self.is_postgres:
            with psycopg.connect(conninfo(database_url(self.settings)), connect_timeout=5) as connection:
                return connection.execute(question.encode()).fetchall()
        file = self.settings.data_folder / "kantor.db"
        with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True, timeout=10)) as database:
            return database.execute(question).fetchall()

    def number(self, question: str) -> int:
        """The one number that the database answers."""
        return int(self.rows(question)[0][0])

    def mark(self) -> int:
        """The number of the wire log's last line."""
        lines = self.slack.log()
        return int(lines[-1]["n"]) if lines else 0

    def settle(self, *uploads: str) -> float:
        """Until these uploads are known, what may have been missed is read, and nothing is under way; seconds by the clock of all.

        Raises StuckError where that does not come. Where nothing changes any more the clock is moved on to what is waited for.
        """
        began, until, changed = self.now(), time.monotonic() + PATIENCE, time.monotonic()
        before = None
        while (waiting := self._under_way(uploads)) != {}:
            if waiting != before:
                before, changed = waiting, time.monotonic()
            if time.monotonic() > until:
                message = f"still under way: {waiting}"
                raise StuckError(message)
            if (
                time.monotonic() - changed > IDLE
                and self.is_connected()
                and (not self.is_postgres or waiting.keys() != {"jobs"})
            ):
                # Whoever is behind reads, and waits for a while only where that failed.
                self.slack.advance(min(self._until_due(), 1.0 if "behind" in waiting else STEP))
            time.sleep(0.1)
        return self.now() - began

    def is_connected(self) -> bool:
        """Whether the workspace reaches the bot."""
        connected: bool = self.slack.state("", channel="")["bot"]["connected"]
        return connected

    def _under_way(self, uploads: tuple[str, ...]) -> dict[str, object]:
        known = {str(ts) for (ts,) in self.rows("SELECT message_ts FROM submission WHERE message_ts IS NOT NULL")}
        looks = self.rows("SELECT until FROM presence")
        found = {
            "jobs": self.rows(f"SELECT name, state, attempts FROM job WHERE {OPEN_JOBS}"),
            "letters": self.rows(f"SELECT id, key, state, attempts FROM outbox WHERE {OPEN_LETTERS}"),
            "uploads": sorted(set(uploads) - known),
            "behind": [] if not self.moved or any(seconds(until) >= self.moved for (until,) in looks) else [1],
            "away": [] if self.is_connected() else [1],
        }
        return {what: some for what, some in found.items() if some}

    def _until_due(self) -> float:
        """Seconds to move the clock on by: to when the next thing is due, as long as nobody is at anything at this moment."""
        now, waits = self.now(), []
        letters = f"SELECT state, coalesce(lease_until, send_at), set_at FROM outbox WHERE {OPEN_LETTERS}"
        jobs = f"SELECT state, coalesce(lease_until, run_at), set_at FROM job WHERE {OPEN_JOBS}"
        # On PostgreSQL a job's ticket rests, and its worker's heart beats, by the database's clock.
        for state, due, since in self.rows(letters) + ([] if self.is_postgres else self.rows(jobs)):
            is_in_hand = state in {"claimed", "running"} and seconds(since) >= self.moved
            if is_in_hand or seconds(due) <= now:
                return 0.0
            waits.append(seconds(due) - now + 0.1)
        return min([STEP, *waits])


def seconds(moment: object) -> float:
    """Since the epoch, of what either database says."""
    if isinstance(moment, datetime):
        return moment.timestamp()
    return datetime.fromisoformat(str(moment)).replace(tzinfo=UTC).timestamp()


@contextmanager
def open_place(
    folder: Path,
    database: str,
    *,
    people: int = 0,
    url: str = "",
    urls: Mapping[str, str] | None = None,
    extra: Mapping[str, str] | None = None,
    data: Path | None = None,
    commands: Mapping[str, tuple[str, ...]] | None = None,
) -> Iterator[Place]:
    """A workspace with so many more people, with the bot on that database; nothing runs after the block.

    Args:
        folder: For the workspace's file, the logs, and the bot's data.
        database: One of the two.
        people: Besides those of the demo.
        url: The database's, where it is another one than a new and empty one.
        urls: By ``run`` and ``worker``: where their way to the database is another one than ours.
        extra: More environment.
        data: The bot's data folder, where it is another one.
        commands: By ``run`` and ``worker``: what is started in the place of ``kantor run`` and ``kantor worker``.
    """
    names = crowd.ids(people)
    crowd.write_workspace(folder / "slack.db", names)
    with ExitStack() as behind:
        server = cast("SandboxServer", behind.enter_context(workspace(folder, limits=False)))
        if database == POSTGRES and not url:
            url = behind.enter_context(postgres_database(tables=False))
        shared = {"KANTOR_DATABASE_URL": url, "KANTOR_SANDBOX_CLOCK": folder / CLOCK, "KANTOR_LEASE_SECONDS": LEASE}
        settings = settings_for(server, folder, **shared, **({"KANTOR_DATA": data} if data else {}))
        process = _Processes(settings_of=settings, folder=folder, urls=urls or {}, extra=extra or {})
        place = Place(server, settings, folder=folder, bot=process.made("run", (commands or {}).get("run")))
        if database == POSTGRES:
            place.worker = process.made("worker", (commands or {}).get("worker"))
        place.crowd = names
        behind.callback(place.slack.close)
        behind.callback(_end, place)
        behind.push(_shown(place))
        yield place


def _shown(place: Place) -> Callable[[type[BaseException] | None, object, object], bool]:
    """Where the driver fails in the place's block, the end of what the bot has logged is said."""

    def show(kind: type[BaseException] | None, _error: object, _trace: object) -> bool:
        for log in sorted(place.folder.glob("*.log")) if kind is not None else ():
            say(f"--- {log.name}\n" + log.read_text(encoding="utf-8", errors="replace")[-3000:])
        return False

    return show


def _end(place: Place) -> None:
    for process in place.processes:
        if process.process is not None and process.process.poll() is None:
            process.kill()


@dataclass(frozen=True)
class _Processes:
    settings_of: Any
    folder: Path
    urls: Mapping[str, str]
    extra: Mapping[str, str]

    def made(self, kind: str, command: tuple[str, ...] | None) -> BotProcess:
        change = {"database_url": type(self.settings_of.database_url)(self.urls[kind])} if kind in self.urls else {}
        if kind == "worker":
            change["lease_seconds"] = WORKERS_LEASE
        settings = self.settings_of.model_copy(update=change)
        command = command or (sys.executable, "-m", "bot", kind)
        return BotProcess(settings, self.folder / f"{kind}.log", command, extra=self.extra)


def begin(place: Place, phase: str = "open", **changes: Any) -> None:
    """Start the bot, and let it have a contest with two judges."""
    place.start()
    place.contest(phase, **({"submission_limit": 20} | changes))
    eventually(lambda: place.settle() >= 0, "the beginning")
