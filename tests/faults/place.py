"""Where faults happen: the sandbox, ``kantor run`` and on PostgreSQL ``kantor worker``, each a process of its own that may be killed."""

from __future__ import annotations

import sqlite3
import time
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import psutil
import psycopg

from bot.wiring import database_url
from models.engines import conninfo, is_postgres
from tests.faults.forks import ForkedBot, loaded
from tests.faults.table import POSTGRES, say
from tests.load import crowd
from tests.load.venue import CLOCK, workspace
from tests.makers.postgres import postgres_database
from tests.makers.stage import BotProcess, Stage, eventually, settings_for

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from bot.sandbox.client import Person
    from bot.sandbox.server import SandboxServer

LEASE = 60.0
"""Of the bot, as in a deployment: it goes by the clock of all, which is moved on where somebody waits."""
WORKERS_LEASE = 3.0
"""Of a worker on PostgreSQL: its heart beats by the database's clock, which nobody moves."""
PEOPLE = 240
"""Besides those of the demo: more than compositions are uploaded, so that to each it happens for the first time."""
AFTERNOON = 12.5 * 3600
"""Of the day in UTC, in seconds: the clock begins then. Boards are due at noon in Berlin, and nobody is reminded at night."""
PATIENCE = 1200.0
"""Real seconds after which what is under way counts as stuck."""
IDLE, IDLE_ON_PAPER = 2.0, 0.2
"""Real seconds without any change after which the clock of all is moved on to what is waited for; the second where all that is
waited for stands in the database: then it says who is at what."""
DAY = 86_400.0
STEP = 15.0
"""So many seconds at a time."""
LOOK = 0.15
"""Seconds between two looks."""
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
    born: float = 0.0
    """What the clock showed when the bot was started last: since then it must have read what it may have missed."""
    is_moved_on: bool = True
    """Whether its clock is moved on where nobody is at anything."""
    _connection: psycopg.Connection[tuple[Any, ...]] | None = None
    """To look into PostgreSQL."""

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
        for process in self.processes:
            if process.process is None or process.process.poll() is not None:
                if process is self.bot:
                    self.born = self.now()
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
            return eventually(lambda: self._answer(question), "PostgreSQL")[0]
        file = self.settings.data_folder / "kantor.db"
        with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True, timeout=10)) as database:
            return database.execute(question).fetchall()

    def _answer(self, question: str) -> list[list[tuple[Any, ...]]]:
        """Nothing where PostgreSQL has broken the connection off, or lets nobody in."""
        with suppress(psycopg.OperationalError, psycopg.InterfaceError):
            if self._connection is None:
                url = conninfo(database_url(self.settings))
                self._connection = psycopg.connect(url, connect_timeout=5, autocommit=True)
            return [self._connection.execute(question.encode()).fetchall()]
        self.hang_up()
        return []

    def hang_up(self) -> None:
        """Look into PostgreSQL no more, until the next question."""
        if self._connection is not None:
            self._connection.close()
        self._connection = None

    def view_before(self, who: Person, wanted: str | Callable[[Any], bool]) -> dict[str, Any]:
        """The form that opens before somebody; AssertionError as soon as nothing can come: the bot was started anew meanwhile."""
        born, until = self.born, time.monotonic() + PATIENCE
        while True:
            try:
                return who.wait_for_view(wanted, 1.0)
            except AssertionError:
                if self.born != born or time.monotonic() > until:
                    raise

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
        while (waiting := self.under_way(uploads)) != {}:
            if waiting != before:
                before, changed = waiting, time.monotonic()
            if time.monotonic() > until:
                message = f"still under way: {waiting}"
                raise StuckError(message)
            idle = IDLE_ON_PAPER if waiting.keys() <= {"jobs", "letters"} else IDLE
            is_real = not self.is_moved_on or (self.is_postgres and waiting.keys() == {"jobs"})
            if time.monotonic() - changed > idle and _is_somebody_at_work():
                changed = (
                    time.monotonic()
                )  # on a crowded machine nothing may change for long, and yet nobody waits for a moment
            elif time.monotonic() - changed > idle and self.is_connected() and not is_real:
                # Whoever is behind reads, and waits for a while only where that failed.
                self.slack.advance(min(self._until_due(), 1.0 if "behind" in waiting else STEP))
            time.sleep(LOOK)
        return self.now() - began

    def is_connected(self) -> bool:
        """Whether the workspace reaches the bot."""
        connected: bool = self.slack.state("", channel="")["bot"]["connected"]
        return connected

    def under_way(self, uploads: Sequence[str] = ()) -> dict[str, object]:
        """What is not at its end yet, by kind; nothing where all is well."""
        known = {str(ts) for (ts,) in self.rows("SELECT message_ts FROM submission WHERE message_ts IS NOT NULL")}
        looks = self.rows("SELECT until FROM presence")
        found = {
            "jobs": self.rows(f"SELECT name, state, attempts FROM job WHERE {OPEN_JOBS}"),
            "letters": self.rows(f"SELECT id, key, state, attempts FROM outbox WHERE {OPEN_LETTERS}"),
            "uploads": sorted(set(uploads) - known),
            "behind": [] if not self.born or any(seconds(until) >= self.born for (until,) in looks) else [1],
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
            is_in_hand = state in {"claimed", "running"} and seconds(since) >= self.born
            if is_in_hand or seconds(due) <= now:
                return 0.0
            waits.append(seconds(due) - now + 0.1)
        return min([STEP, *waits])


def _is_somebody_at_work() -> bool:
    """Whether any thread of the processes that we began runs, or would if the machine let it."""
    for process in psutil.Process().children(recursive=True):
        with suppress(FileNotFoundError, ProcessLookupError):  # it ends in this moment
            for thread in Path(f"/proc/{process.pid}/task").iterdir():
                state = (thread / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]
                if state == "R":
                    return True
    return False


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
    url: str = "",
    urls: Mapping[str, str] | None = None,
    extra: Mapping[str, str] | None = None,
    data: Path | None = None,
    commands: Mapping[str, tuple[str, ...]] | None = None,
) -> Iterator[Place]:
    """A workspace with a crowd, with the bot on that database; nothing runs after the block.

    Args:
        folder: For the workspace's file, the logs, and the bot's data.
        database: One of the two.
        url: The database's, where it is another one than a new and empty one.
        urls: By ``run`` and ``worker``: where their way to the database is another one than ours.
        extra: More environment.
        data: The bot's data folder, where it is another one.
        commands: By ``run`` and ``worker``: what is started in the place of ``kantor run`` and ``kantor worker``.
    """
    names = crowd.ids(PEOPLE)
    crowd.write_workspace(folder / "slack.db", names)
    with ExitStack() as behind:
        server = cast("SandboxServer", behind.enter_context(workspace(folder, limits=False)))
        if database == POSTGRES and not url:
            url = behind.enter_context(postgres_database(tables=False))
        shared = {"KANTOR_DATABASE_URL": url, "KANTOR_SANDBOX_CLOCK": folder / CLOCK, "KANTOR_LEASE_SECONDS": LEASE}
        settings = settings_for(server, folder, **shared, **({"KANTOR_DATA": data} if data else {}))
        running = behind.enter_context(loaded())
        process = _Processes(running, settings_of=settings, folder=folder, urls=urls or {}, extra=extra or {})
        place = Place(server, settings, folder=folder, bot=process.made("run", (commands or {}).get("run")))
        if database == POSTGRES:
            place.worker = process.made("worker", (commands or {}).get("worker"))
        place.crowd = names
        place.slack.advance((AFTERNOON - place.now()) % DAY)
        behind.callback(place.slack.close)
        behind.callback(place.hang_up)
        behind.callback(_end, place)
        behind.push(_shown(place))
        yield place


def _shown(place: Place) -> Callable[[type[BaseException] | None, object, object], bool]:
    """Where the driver fails in the place's block, the end of what the bot has logged is said."""

    def show(kind: type[BaseException] | None, _error: object, _trace: object) -> bool:
        for log in sorted(place.folder.glob("*.log")) if kind is not None else ():
            say(f"--- {log.name}\n" + log.read_text(encoding="utf-8", errors="replace")[-6000:])
        return False

    return show


def _end(place: Place) -> None:
    for process in place.processes:
        if process.process is not None and process.process.poll() is None:
            process.kill()


@dataclass(frozen=True)
class _Processes:
    loaded: subprocess.Popen[bytes]
    settings_of: Any
    folder: Path
    urls: Mapping[str, str]
    extra: Mapping[str, str]

    def made(self, kind: str, command: tuple[str, ...] | None) -> BotProcess:
        change = {"database_url": type(self.settings_of.database_url)(self.urls[kind])} if kind in self.urls else {}
        if kind == "worker":
            change["lease_seconds"] = WORKERS_LEASE
        settings = self.settings_of.model_copy(update=change)
        log = self.folder / f"{kind}.log"
        if command is not None:
            return BotProcess(settings, log, command, extra=self.extra)
        return ForkedBot(self.loaded, kind, settings, log, self.extra)


def begin(place: Place, **changes: Any) -> None:
    """Start the bot, and let it have an open contest with two judges."""
    place.start()
    place.contest(**({"submission_limit": 20} | changes))
    place.settle()
