"""A way to a database, or to a store of files, that lies in our hands: bytes pass, or are held, slowed, answered by us, or refused."""

from __future__ import annotations

import socket
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

BUFFER = 65_536
HOST = "127.0.0.1"


@dataclass
class Line:
    """One connection, with its two ends."""

    here: socket.socket
    there: socket.socket
    first: bytes = b""
    """What came first from here."""

    def close(self) -> None:
        """Both ends."""
        for end in (self.here, self.there):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()


class Proxy:
    """Takes connections on a free port of this machine and opens one to the other side for each.

    Args:
        dial: Opens a connection to the other side.
    """

    def __init__(self, dial: Callable[[], socket.socket]) -> None:
        self._dial = dial
        self._door = socket.create_server((HOST, 0))
        self.port: int = self._door.getsockname()[1]
        self._lines: list[Line] = []
        self._desk = threading.Lock()
        self.is_shut = False
        """New connections are closed at once."""

    def __enter__(self) -> Self:
        threading.Thread(target=self._serve, name="proxy", daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._door.close()
        self.cut()

    def cut(self) -> None:
        """Close all connections that there are."""
        with self._desk:
            lines, self._lines = self._lines, []
        for line in lines:
            line.close()

    def _serve(self) -> None:
        with suppress(OSError):  # closed: the end
            while True:
                here, _ = self._door.accept()
                threading.Thread(target=self._begin, args=(here,), daemon=True).start()

    def _begin(self, here: socket.socket) -> None:
        if self.is_shut:
            here.close()
            return
        try:
            there = self._dial()
        except OSError:
            here.close()
            return
        line = Line(here, there)
        with self._desk:
            self._lines.append(line)
        threading.Thread(target=self._pass_on, args=(line, here, there, self.outward), daemon=True).start()
        self._pass_on(line, there, here, self.homeward)

    def _pass_on(
        self, line: Line, source: socket.socket, target: socket.socket, look: Callable[[Line, bytes], bytes]
    ) -> None:
        with suppress(OSError):
            while data := source.recv(BUFFER):
                target.sendall(look(line, data))
        line.close()

    def outward(self, line: Line, data: bytes) -> bytes:
        """What goes to the other side in the place of this; may take its time."""
        line.first = line.first or data
        return data

    def homeward(self, line: Line, data: bytes) -> bytes:
        """What comes back in the place of this."""
        return data


class PostgresProxy(Proxy):
    """A way to PostgreSQL that counts the commits of the bot's own connections, and holds the one that it is told to."""

    def __init__(self, dial: Callable[[], socket.socket]) -> None:
        super().__init__(dial)
        self.reached = threading.Event()
        """The commit that was meant is there, and held."""
        self._go = threading.Event()
        self._meant, self._after, self.commits = 0, False, 0
        self._answers: set[int] = set()
        """Lines whose next answer is held."""

    def hold(self, number: int, *, after: bool) -> None:
        """Hold the commit of that number from now on: itself, or its answer."""
        self.reached.clear()
        self._go.clear()
        self._answers.clear()
        self.commits, self._meant, self._after = 0, number, after

    def let_go(self) -> None:
        """Hold nothing more; what was held is dropped with its connection."""
        self._meant = 0
        self._go.set()

    def outward(self, line: Line, data: bytes) -> bytes:
        """A commit that is held never arrives."""
        is_first = not line.first or b"application_name" not in line.first
        if is_first and b"application_name" in data:
            line.first = data
        # procrastinate's own connections have no name: their hearts beat all the time.
        if b"COMMIT" not in data or b"kantor\x00" not in line.first:
            return data
        with self._desk:
            self.commits += 1
            is_meant = self.commits == self._meant
        if is_meant and self._after:
            self._answers.add(id(line))
        elif is_meant:
            self._stop()
        return data

    def homeward(self, line: Line, data: bytes) -> bytes:
        """An answer that is held never arrives."""
        if id(line) in self._answers:
            self._stop()
        return data

    def _stop(self) -> None:
        self.reached.set()
        self._go.wait(60)
        raise ConnectionAbortedError


@dataclass
class Moods:
    """How the other side is at this moment."""

    is_away: bool = False
    delay: float = 0.0
    """Seconds before each part is passed on."""
    answer: bytes = b""
    """Given at once in the place of the other side's."""
    refused: int = 0
    """How often it was away, or answered so."""
    times: list[float] = field(default_factory=list)


class MoodyProxy(Proxy):
    """A way to a server that may be away, slow, or answer nonsense."""

    def __init__(self, dial: Callable[[], socket.socket]) -> None:
        super().__init__(dial)
        self.moods = Moods()

    def outward(self, line: Line, data: bytes) -> bytes:
        """Away: the connection is closed."""
        if self.moods.is_away:
            self.moods.refused += 1
            raise ConnectionAbortedError
        if self.moods.answer:
            self.moods.refused += 1
            line.here.sendall(self.moods.answer)
            raise ConnectionAbortedError
        time.sleep(self.moods.delay)
        return data
