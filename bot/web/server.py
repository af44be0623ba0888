"""A server of HTTP in a thread of its own. What serves (uvicorn) is imported when somebody first knocks, or at once where they may not wait."""

from __future__ import annotations

import select
import socket
import threading
from contextlib import suppress
from typing import TYPE_CHECKING

import structlog

from bot.attempts import attempt
from bot.errors import ConfigurationError
from bot.web.limits import Limits

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.types import ASGIApp

    from bot.web.serving import Serving

log = structlog.get_logger()

BACKLOG = 1024
"""Connections that the kernel keeps until they are accepted: people who press at the same moment."""


def bound(address: str, setting: str) -> socket.socket:
    """A socket that listens at ``host:port`` (port 0: a free one). Raises ConfigurationError, which names the setting."""
    host, _, port = address.rpartition(":")
    if not port.isdecimal():
        raise ConfigurationError(f"{setting} is not set: it must be host:port.")
    try:
        family, kind, protocol, _, place = socket.getaddrinfo(
            host.strip("[]"), int(port), type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        # The protocol by name: without it asyncio leaves out TCP_NODELAY, and each answer takes 40 ms longer.
        listener = socket.socket(family, kind, protocol or socket.IPPROTO_TCP)
    except OSError as error:
        raise ConfigurationError(f"{setting}={address} is no address of this machine ({error.strerror}).") from None
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(place)
        # Listening before anybody serves: whoever comes early waits instead of being refused.
        listener.listen(BACKLOG)
    except OSError as error:
        listener.close()
        raise ConfigurationError(
            f"{setting}={address} cannot be listened at ({error.strerror}). Stop what is there, or choose another address."
        ) from None
    return listener


class Server:
    """Serves one application at one socket.

    Args:
        listener: Made by ``bound``; closed at the end.
        application: Makes what answers, in the server's thread; imports whatever it needs there.
        name: The thread is called by it.
        limits: What one who knocks may take; None: the usual ones.
        at_once: Whether to be ready for the first one who knocks, who else waits for the imports (half a second).
    """

    def __init__(
        self,
        listener: socket.socket,
        application: Callable[[], ASGIApp],
        name: str,
        *,
        limits: Limits | None = None,
        at_once: bool = False,
    ) -> None:
        self._listener, self._application = listener, application
        self._limits, self._at_once = limits or Limits(), at_once
        self._woken, self._wake = socket.socketpair()
        self._desk = threading.Lock()
        self._stopping, self._ready = threading.Event(), threading.Event()
        self._serving: Serving | None = None
        self._thread = threading.Thread(target=self._live, name=f"kantor-{name}", daemon=True)

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self._listener.getsockname()[1])

    @property
    def is_serving(self) -> bool:
        """Whether whoever knocks is answered."""
        return self._ready.is_set() and not self._stopping.is_set() and self._thread.is_alive()

    def start(self) -> None:
        """Begin; with ``at_once`` returns when the first request can be answered."""
        self._thread.start()
        while self._at_once and self._thread.is_alive() and not self._ready.wait(0.1):
            pass

    def stop(self, grace: float = 3.0) -> None:
        """Accept nobody new, let those who are being served have their answers within ``grace`` seconds, and end."""
        with self._desk:
            self._stopping.set()
            serving = self._serving
        if serving is not None:
            serving.end(grace)
        with suppress(OSError):
            self._wake.send(b".")
        if self._thread.ident is not None:
            self._thread.join()
        for each in (self._listener, self._woken, self._wake):
            each.close()

    def _live(self) -> None:
        if not self._at_once:
            select.select([self._listener, self._woken], [], [])
        failure = attempt(self._serve)
        if failure is not None:
            log.error("a server of HTTP ended", thread=self._thread.name, exc_info=failure)

    def _serve(self) -> None:
        if self._stopping.is_set():
            return
        from bot.web.serving import Serving  # noqa: PLC0415 - see the module's docstring

        serving = Serving(self._application(), self._limits)
        with self._desk:
            if self._stopping.is_set():
                return
            self._serving = serving
        serving.run(self._listener, self._ready.set)
