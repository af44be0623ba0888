"""Calls of Slack's Web API on connections that are kept for a moment.

slack_sdk opens one for each call, and reads all certificates of the machine for it: 18 ms of processor time, and two ways there and back.
"""

from __future__ import annotations

import io
import selectors
import ssl
import threading
import time
import weakref
from http.client import HTTPConnection, HTTPResponse, HTTPSConnection
from typing import TYPE_CHECKING, Any
from urllib.error import HTTPError
from urllib.parse import urlsplit

if TYPE_CHECKING:
    import socket
    from http.client import HTTPMessage
    from urllib.request import Request

    from bot.attempts import Deadline

IDLE = 3.0
"""Seconds for which a connection is kept: the other side closes it after so many that nobody tells us of."""
MOST = 16
"""Connections that are kept."""
_FAILED = 300


class _Timed(io.RawIOBase):
    """What is read of an answer, until a moment: the wait for each part alone would let a byte now and then go on for ever."""

    def __init__(self, sock: socket.socket, until: float, part: float) -> None:
        self._sock, self._until, self._part = sock, until, part
        self._open = sock.makefile("rb", 0)
        """Where this answer is the last, http.client closes the connection before it is read: as long as this is open the socket is."""

    def makefile(self, _mode: str) -> io.BufferedReader:
        """As a socket has it, for ``HTTPResponse``."""
        return io.BufferedReader(self)

    def close(self) -> None:
        self._open.close()
        super().close()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        left = self._until - time.monotonic()
        if left <= 0:
            raise TimeoutError("the answer was not there in time")
        self._sock.settimeout(min(left, self._part))
        return self._sock.recv_into(buffer)


class _Timely(HTTPConnection):
    until, since = 0.0, 0.0
    """When the answer has to be there, and when the last one was: both as ``time.monotonic`` has it."""

    def response_class(self, sock: socket.socket, **how: Any) -> HTTPResponse:  # type: ignore[override]  # called, and never looked at
        stream: Any = _Timed(sock, self.until, self.timeout or 0.0)
        return HTTPResponse(stream, **how)


class _Secure(_Timely, HTTPSConnection):
    pass


class Kept:
    """Connections to the host of one address; safe to share between threads.

    Args:
        address: Of the Web API.
        timeout: Seconds for each part of an answer.
        deadline: For opening a connection, whose parts nobody counts: by a thread of its own.
    """

    def __init__(self, address: str, timeout: float, deadline: Deadline) -> None:
        self._to, self._timeout, self._deadline = urlsplit(address), timeout, deadline
        self._context = ssl.create_default_context() if self._to.scheme == "https" else None
        self._kept: list[_Timely] = []
        self._desk = threading.Lock()
        weakref.finalize(self, _close, self._kept)

    def leads_to(self, url: str) -> bool:
        """Whether this address is of our host."""
        to = urlsplit(url)
        return (to.scheme, to.netloc) == (self._to.scheme, self._to.netloc)

    def ask(self, request: Request, until: float) -> tuple[int, HTTPMessage, bytes]:
        """Status, headers and body of the answer. Raises HTTPError where it is none of success; OSError, HTTPException."""
        line = self._free() or self._deadline.keep(self._opened)
        line.until = until
        try:
            line.sock.settimeout(self._timeout)
            line.request(request.get_method(), request.selector, request.data, dict(request.header_items()))
            with line.getresponse() as answer:
                body = answer.read()
        except BaseException:
            line.close()
            raise
        self._keep(line)
        if answer.status >= _FAILED:
            raise HTTPError(request.full_url, answer.status, answer.reason, answer.headers, io.BytesIO(body))
        return answer.status, answer.headers, body

    def _opened(self) -> _Timely:
        host, port = self._to.hostname or "", self._to.port
        line = _Timely(host, port, timeout=self._timeout)
        if self._context is not None:
            line = _Secure(host, port, timeout=self._timeout, context=self._context)
        line.connect()
        return line

    def _free(self) -> _Timely | None:
        """One that the other side has not closed meanwhile."""
        while line := self._taken():
            if time.monotonic() - line.since < IDLE and not _has_news(line.sock):
                return line
            line.close()
        return None

    def _taken(self) -> _Timely | None:
        with self._desk:
            return self._kept.pop() if self._kept else None

    def _keep(self, line: _Timely) -> None:
        if line.sock is None:  # the other side said that it is the last answer
            return
        line.since = time.monotonic()
        with self._desk:
            self._kept.append(line)
            old = self._kept.pop(0) if len(self._kept) > MOST else None
        if old is not None:
            old.close()


def _close(lines: list[_Timely]) -> None:
    for line in lines:
        line.close()


def _has_news(sock: socket.socket) -> bool:
    """Between two answers there is nothing to be said but that it is over."""
    with selectors.DefaultSelector() as selector:
        selector.register(sock, selectors.EVENT_READ)
        return bool(selector.select(0))
