"""SIGKILL at every step of what people and the clock make the bot do. Each deed is done once undisturbed: its steps are known from that."""

from __future__ import annotations

import socket
import threading
from contextlib import ExitStack, contextmanager
from functools import partial
from typing import TYPE_CHECKING

from psycopg.conninfo import conninfo_to_dict

from models.engines import conninfo
from tests.faults.book import Page
from tests.faults.deeds import OFTEN, Boards, Deed, PhaseMoves, Ratings, Uploads, rated
from tests.faults.place import Place, StuckError, begin, open_place
from tests.faults.proxy import PostgresProxy
from tests.faults.steps import PostgresCommit, WalCommit, commits, requests
from tests.faults.table import POSTGRES, SQLITE, Line, say
from tests.makers.postgres import postgres_database

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from tests.faults.steps import Step


NAME = "SIGKILL at each step of {}".format
NAMES = tuple(NAME(deed.name) for deed in (Uploads, Ratings, Boards, PhaseMoves))
ONE_BY_ONE = {"KANTOR_WORKER_THREADS": "1"}
"""So that jobs, and with them the steps, come in the same order each time."""


class Killer:
    """Does a deed again and again, and kills the bot at each of its steps."""

    def __init__(self, place: Place, deed: Deed, line: Line, proxies: Mapping[str, PostgresProxy]) -> None:
        self._place, self._deed, self._line, self._proxies = place, deed, line, proxies
        self._expected: Counter[str] | None = None
        self.missed: list[str] = []

    def rehearse(self) -> list[Step]:
        """The deed undisturbed, by a bot that has just started; its steps."""
        place = self._place
        place.kill()
        place.start()
        self._deed.ready()
        place.settle()
        page, since = Page.opened(place), place.mark()
        before = 0 if place.is_postgres else commits(place)
        for proxy in self._proxies.values():
            proxy.hold(0, after=False)
        self._deed.do()
        place.settle(*self._deed.uploads())
        self._expected = page.kinds()
        asked: list[Step] = [*requests(place.slack.log(since), self._deed.events)]
        if not place.is_postgres:
            return asked + [WalCommit(number) for number in range(1, commits(place) - before + 1)]
        for who, process in (("bot", place.bot), ("worker", place.worker)):
            assert process is not None
            proxy = self._proxies[who]
            asked += [
                PostgresCommit(number, after, proxy, process, who)
                for number in range(1, proxy.commits + 1)
                for after in (False, True)
            ]
        return asked

    def kill_at(self, step: Step) -> None:
        """Once."""
        place, deed = self._place, self._deed
        deed.ready()
        place.settle()
        page = Page.opened(place)
        step.arm(place)
        doing = threading.Thread(target=deed.do, daemon=True)
        doing.start()
        reached = step.strike(place, lambda: not doing.is_alive() and not place.under_way(deed.uploads()))
        began = place.now()
        place.start()
        doing.join()
        place.settle(*deed.uploads())
        if not reached:
            self.missed.append(str(step))
            return
        found, took = page.count(self._expected) + deed.count(), place.now() - began
        say(f"  {deed.name} on {self._line.database}, {step}: {took:.1f} s {found}")
        self._line.add(found, took, str(step))


@contextmanager
def killing_ground(folder: Path, database: str) -> Iterator[tuple[Place, dict[str, PostgresProxy]]]:
    """A place with, on PostgreSQL, a way to the database for each process that counts its commits."""
    if database == SQLITE:
        with open_place(folder, database, extra=ONE_BY_ONE) as place:
            yield place, {}
        return
    with ExitStack() as behind:
        url = behind.enter_context(postgres_database(tables=False))
        proxies = {who: behind.enter_context(PostgresProxy(partial(_dial, url))) for who in ("bot", "worker")}
        name = conninfo_to_dict(conninfo(url))["dbname"]
        urls = {
            kind: f"postgresql://postgres@127.0.0.1:{proxies[who].port}/{name}"
            for kind, who in (("run", "bot"), ("worker", "worker"))
        }
        yield behind.enter_context(open_place(folder, POSTGRES, url=url, urls=urls, extra=ONE_BY_ONE)), proxies


def _dial(url: str) -> socket.socket:
    parts = conninfo_to_dict(conninfo(url))
    host, port = str(parts["host"]), int(str(parts.get("port", 5432)))
    if not host.startswith("/"):
        return socket.create_connection((host, port))
    line = socket.socket(socket.AF_UNIX)
    line.connect(f"{host}/.s.PGSQL.{port}")
    return line


def uploads(folder: Path, database: str, *, few: int = 0) -> Iterator[Line]:
    """Kills at each step of an upload."""
    with killing_ground(folder, database) as (place, proxies):
        begin(place)
        yield at_each_step(place, Uploads(place), database, proxies, few)


def ratings(folder: Path, database: str, *, few: int = 0) -> Iterator[Line]:
    """Kills at each step of a rating."""
    with killing_ground(folder, database) as (place, proxies):
        yield at_each_step(place, rated(place), database, proxies, few)


def boards(folder: Path, database: str, *, few: int = 0) -> Iterator[Line]:
    """Kills at each step of a board post."""
    with killing_ground(folder, database) as (place, proxies):
        yield at_each_step(place, Boards(rated(place, board_cron=OFTEN)), database, proxies, few)


def phases(folder: Path, database: str, *, few: int = 0) -> Iterator[Line]:
    """Kills at each step of the move from open to judging, each time of another contest."""
    with killing_ground(folder, database) as (place, proxies):
        begin(place)
        yield at_each_step(place, PhaseMoves(place), database, proxies, few)


def at_each_step(place: Place, deed: Deed, database: str, proxies: Mapping[str, PostgresProxy], few: int) -> Line:
    """The line of a deed; with ``few`` so many steps only, spread over all."""
    line = Line(NAME(deed.name), database, deed.told)
    killer = Killer(place, deed, line, proxies)
    steps = killer.rehearse()
    if few and few < len(steps):
        line.of = f"of {len(steps)} steps"
        steps = [steps[number * len(steps) // few] for number in range(few)]
    deed.prepare(len(steps))
    for step in steps:
        try:
            killer.kill_at(step)
        except StuckError as error:
            say(f"  {deed.name} on {database}, {step}: {error}")
            line.must(None, f"well again after a kill {step}")
            break
    if killer.missed:
        say(f"  {deed.name} on {database}, did not come again: {', '.join(killer.missed)}")
        line.of = f"of {len(steps)} steps: the others did not come again"
    return line
