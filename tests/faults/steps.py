"""The steps of whatever the bot does, seen from outside: each request to Slack, each acknowledgement, each commit; and SIGKILL at one of them."""

from __future__ import annotations

import mmap
import struct
import time
from collections import Counter
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from tests.faults.place import Place
    from tests.faults.proxy import PostgresProxy
    from tests.makers.stage import BotProcess

BETWEEN, CERTAIN = 0.5, 4
"""Seconds between two looks whether a deed is over; so many in a row must say so: what follows it is not all written down."""
_AT_THE_START = frozenset({"apps.connections.open", "auth.test", "users.conversations", "conversations.history"})
_NAMED_BY_KIND = frozenset({"download", "upload", "response_url"})


class Step(Protocol):
    """A moment at which the bot is killed."""

    def arm(self, place: Place) -> None:
        """Before the deed."""

    def strike(self, place: Place, is_over: Callable[[], bool]) -> bool:
        """Wait for the moment, and kill; False where the deed is over without it."""


class Watch:
    """Says whether a deed is over, and asks so only now and then: what is waited for may pass within a millisecond."""

    def __init__(self, is_over: Callable[[], bool]) -> None:
        self._is_over, self._next, self._quiet = is_over, time.monotonic() + BETWEEN, 0

    def goes_on(self) -> bool:
        """Whether the step may still come."""
        if time.monotonic() >= self._next:
            self._quiet = self._quiet + 1 if self._is_over() else 0
            self._next = time.monotonic() + BETWEEN
        return self._quiet < CERTAIN


@dataclass
class Request:
    """The bot's request of that number of one kind: before Slack has it, or after Slack did it, and no answer came."""

    method: str
    number: int
    mode: str
    """hold_before or hold_after."""
    event: bool = False
    """It is not asked by the bot: Slack tells it something, and the acknowledgement never arrives."""
    since: int = 0
    """The wire log's line before it."""

    def __str__(self) -> str:
        """For people."""
        when = "before" if self.mode == "hold_before" else "unacknowledged" if self.event else "after"
        return f"{when} {self.method} {self.number}"

    def arm(self, place: Place) -> None:
        self.since = place.mark()
        aim = {"event": self.method} if self.event else {"method": self.method}
        if self.number > 1:  # those before it pass
            place.slack.fault(mode="slow", times=self.number - 1, **aim)
        place.slack.fault(mode=self.mode, times=1, **aim)

    def strike(self, place: Place, is_over: Callable[[], bool]) -> bool:
        watch = Watch(is_over)
        while self.event or watch.goes_on():  # that nobody hears an acknowledgement is certain, and takes three seconds
            if any(self._is_held(line) for line in place.slack.log(self.since)):
                place.kill()
                place.slack.release()
                return True
            time.sleep(0.05)
        place.slack.release()
        return False

    def _is_held(self, line: dict[str, Any]) -> bool:
        if self.event:
            return bool(line["kind"] == "delivery" and line["name"] == self.method and line["state"] == "timed_out")
        return bool(line["state"] == "held" and _name(line) == self.method)


def requests(lines: Sequence[dict[str, Any]], events: Sequence[str]) -> list[Request]:
    """Each request of a rehearsal, before and after; and each of these deliveries without its acknowledgement."""
    counted: Counter[str] = Counter()
    found: list[Request] = []
    for line in lines:
        name = _name(line)
        is_peoples = line["kind"] == "upload" and "user" in line["args"]
        if is_peoples or line["kind"] == "delivery" or name in _AT_THE_START or name.startswith("apps."):
            continue
        counted[name] += 1
        found += [Request(name, counted[name], mode) for mode in ("hold_before", "hold_after")]
    return found + [Request(event, 1, "hold_after", event=True) for event in events]


def _name(line: dict[str, Any]) -> str:
    kind: str = line["kind"]
    return kind if kind in _NAMED_BY_KIND else str(line["name"])


@dataclass
class WalCommit:
    """Right after the commit of that number, on SQLite: the index beside the write-ahead log counts them."""

    number: int
    before: int = 0

    def __str__(self) -> str:
        """For people."""
        return f"after commit {self.number}"

    def arm(self, place: Place) -> None:
        self.before = commits(place)

    def strike(self, place: Place, is_over: Callable[[], bool]) -> bool:
        watch = Watch(is_over)
        with _index(place) as index:
            while watch.goes_on():
                if _changes(index) - self.before >= self.number:
                    place.kill()
                    return True
                time.sleep(0.0001)
        return False


def commits(place: Place) -> int:
    """How many there have been, since the file was opened first."""
    with _index(place) as index:
        return _changes(index)


@contextmanager
def _index(place: Place) -> Iterator[mmap.mmap]:
    with (place.settings.data_folder / "kantor.db-shm").open("rb") as file:
        index = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    with closing(index):
        yield index


def _changes(index: mmap.mmap) -> int:
    # Of the file's format (sqlite.org/walformat.html): iChange, "incremented with each transaction".
    return int(struct.unpack_from("=I", index, 8)[0])


@dataclass(frozen=True)
class PostgresCommit:
    """The commit of that number of one process: before PostgreSQL has it, or after it was done, and no answer came."""

    number: int
    after: bool
    proxy: PostgresProxy
    process: BotProcess
    who: str

    def __str__(self) -> str:
        """For people."""
        return f"{'after' if self.after else 'before'} commit {self.number} of the {self.who}"

    def arm(self, place: Place) -> None:
        self.proxy.hold(self.number, after=self.after)

    def strike(self, place: Place, is_over: Callable[[], bool]) -> bool:
        watch = Watch(is_over)
        while not (reached := self.proxy.reached.wait(BETWEEN)) and watch.goes_on():
            pass
        if reached:
            place.kill(self.process)
        self.proxy.let_go()
        return reached
