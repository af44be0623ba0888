"""SIGKILL at every step of what people and the clock make the bot do. Each deed is done once undisturbed: its steps are known from that."""

from __future__ import annotations

import socket
import threading
import time
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

from psycopg.conninfo import conninfo_to_dict

from bot.sandbox.client import SandboxError
from models.engines import conninfo
from tests.faults.book import Count, Page
from tests.faults.place import POSTGRES, SQLITE, Place, begin, open_place, seconds
from tests.faults.proxy import PostgresProxy
from tests.faults.steps import PostgresCommit, WalCommit, commits, requests
from tests.faults.table import Line, say
from tests.makers.playing import imitation, midi
from tests.makers.postgres import postgres_database
from tests.makers.stage import CHANNEL, eventually

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from bot.sandbox.client import Person
    from tests.faults.steps import Step

QUARTERS = 32.0
OFTEN, SPAN = "*/20 * * * *", 20 * 60.0
"""A board's schedule, and the seconds from one to the next: there are few by chance while a rating is prepared."""


def piece(number: int) -> bytes:
    """A composition like no other."""
    return midi(imitation(number, quarters=QUARTERS))


class Deed(Protocol):
    """Something that people, or the clock, make the bot do, again and again."""

    name: str
    events: Sequence[str]
    """What Slack tells the bot of it, and wants acknowledged."""
    told: str
    """What people read where the bot is killed meanwhile."""

    def ready(self) -> None:
        """Prepare the next one."""

    def do(self) -> None:
        """Do it, as people do: again where no answer came."""

    def uploads(self) -> Sequence[str]:
        """Times of uploads that the bot must know of."""

    def count(self) -> Count:
        """What is wrong with the outcome itself."""


@dataclass
class Uploads:
    """Somebody uploads a composition."""

    place: Place
    name: str = "an upload"
    events: Sequence[str] = ("message",)
    told: str = "nothing: receipt, card and verdict come as ever"
    number: int = 0
    ts: str = ""

    def ready(self) -> None:
        self.number += 1

    def do(self) -> None:
        who = self.place.slack.person(self.place.crowd[self.number % len(self.place.crowd)])
        self.ts = str(who.upload(CHANNEL, f"piece{self.number}.mid", piece(self.number))["ts"])

    def uploads(self) -> Sequence[str]:
        return [self.ts] if self.ts else []

    def count(self) -> Count:
        rows = self.place.number(
            f"SELECT count(*) FROM submission WHERE message_ts = '{self.ts}' AND state = 'accepted'"
        )
        return Count(("the composition",) * (rows < 1), ("the composition",) * (rows > 1))


def persist(action: Any, *, seconds: float = 150.0) -> None:
    """What people do who read that there was trouble, or see nothing happen: the same again."""
    until = time.monotonic() + seconds
    while True:
        try:
            action()
        except (SandboxError, AssertionError):
            if time.monotonic() > until:
                raise
            time.sleep(0.3)
        else:
            return


@dataclass
class Ratings:
    """A judge opens the form of a piece, and submits it."""

    place: Place
    name: str = "a rating"
    events: Sequence[str] = ("block_actions", "view_submission")
    told: str = "the judge: _We had some trouble connecting. Try again?_ (Slack's words); the same form is sent again"
    number: int = 0
    heard: set[str] = field(default_factory=set)

    def ready(self) -> None:
        self.number += 1
        self.place.close_all(self._judge)

    @property
    def _judge(self) -> Person:
        return self.place.judy if self.number % 2 else self.place.jack

    @property
    def _piece(self) -> int:
        return 1 + (self.number // 2) % 3

    @property
    def _comment(self) -> str:
        return f"Comment {self.number}"

    def do(self) -> None:
        persist(self._once)

    def open(self) -> dict[str, Any]:
        """The form before the judge; where there is none yet, they press the button."""
        judge = self._judge
        views = [view for view in judge.views() if view["callback_id"] == "rate"]
        if not views:
            self.place.close_all(judge)
            judge.click(self.place.invitation(judge, self._piece), "rate")
            views = [judge.wait_for_view(lambda view: view["callback_id"] == "rate", 5)]
        return views[-1]

    def _once(self) -> None:
        view = self.open()
        # Each time other scores: boards come where there is news.
        scores = dict.fromkeys(("originality", "balance", "emotional"), str(1 + self.number % 5))
        answer = self._judge.submit(view, scores | {"comment": self._comment})
        if not answer["ok"]:
            self.heard.add(str(answer.get("text") or answer.get("errors")))
        assert answer["ok"], answer

    def uploads(self) -> Sequence[str]:
        return ()

    def count(self) -> Count:
        rows = self.place.rows(f"SELECT judge, comment FROM rating WHERE comment = '{self._comment}'")
        twins = self.place.rows("SELECT judge, submission_id, round FROM rating GROUP BY 1, 2, 3 HAVING count(*) > 1")
        return Count(("the rating",) * (not rows), ("the rating",) * (len(rows) > 1 or bool(twins)))


@dataclass
class Boards:
    """The schedule's board is due: a judge changed a rating since the last one, and its moment comes."""

    ratings: Ratings
    name: str = "a board post"
    events: Sequence[str] = ()
    told: str = "nothing: the board comes a little later"
    slot: int = 0

    @property
    def place(self) -> Place:
        return self.ratings.place

    def ready(self) -> None:
        self.ratings.ready()
        self.ratings.do()

    def do(self) -> None:
        self.slot = int(self.place.now() // SPAN) + 1
        self.place.slack.advance(self.slot * SPAN - self.place.now() + 1)
        eventually(self._posted, "the board")

    def _posted(self) -> int:
        return len([1 for (slot,) in self.place.rows("SELECT slot FROM board_slot") if self._is_it(slot)])

    def _is_it(self, slot: object) -> bool:
        return int(seconds(slot) // SPAN) >= self.slot

    def uploads(self) -> Sequence[str]:
        return ()

    def count(self) -> Count:
        return Count(("the board's slot",) * (not self._posted()))


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
        reached = step.strike(place)
        began = place.now()
        place.start()
        doing.join()
        place.settle(*deed.uploads())
        if not reached:
            self.missed.append(str(step))
            return
        found, took = page.count(self._expected) + deed.count(), place.now() - began
        say(f"  {deed.name}, {step}: {took:.1f} s {found.lost or ''} {found.doubled or ''}")
        self._line.add(found, took, str(step))


@contextmanager
def killing_ground(folder: Path, database: str) -> Iterator[tuple[Place, dict[str, PostgresProxy]]]:
    """A place with, on PostgreSQL, a way to the database for each process that counts its commits."""
    if database == SQLITE:
        with open_place(folder, database, people=40) as place:
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
        yield behind.enter_context(open_place(folder, POSTGRES, people=40, url=url, urls=urls)), proxies


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


def rated(place: Place, **changes: Any) -> Ratings:
    """A contest in which each judge has rated three pieces once."""
    if place.bot.process is None:
        begin(place, **changes)
    for number, who in enumerate((place.ada, place.ben, place.cleo), 1):
        place.submit(who, piece(900 + number), f"melody{number}.mid")
    place.next_phase()
    place.settle()
    ratings = Ratings(place)
    for _ in range(6):
        ratings.ready()
        ratings.do()
    place.settle()
    return ratings


def at_each_step(place: Place, deed: Deed, database: str, proxies: Mapping[str, PostgresProxy], few: int) -> Line:
    """The line of a deed; with ``few`` so many steps only, spread over all."""
    line = Line(f"SIGKILL at each step of {deed.name}", database, deed.told)
    killer = Killer(place, deed, line, proxies)
    steps = killer.rehearse()
    if few:
        steps = steps[:: max(1, len(steps) // few)]
    for step in steps:
        killer.kill_at(step)
    if killer.missed:
        line.told += f" ({len(killer.missed)} steps did not come again)"
    return line
