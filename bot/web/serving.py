"""uvicorn, with an end that comes when it is asked for, and no patience with those who send their requests byte by byte."""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from bot.web.limits import Limits

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable

    from starlette.types import ASGIApp

_LOOK = 0.01
"""Seconds between two looks whether all have been answered, once we are asked to end."""


class _Timely(H11Protocol):
    """uvicorn waits for the headers of a request for as long as somebody likes to send them."""

    head_seconds = Limits.head_seconds
    _deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn's own
        super().connection_made(transport)
        self._begin()

    def data_received(self, data: bytes) -> None:
        if self._deadline is None and (self.cycle is None or self.cycle.response_complete):
            self._begin()
        super().data_received(data)

    def handle_events(self) -> None:
        before = self.cycle
        super().handle_events()
        if self.cycle is not before or self.transport.is_closing():
            self._end()

    def connection_lost(self, exc: Exception | None) -> None:
        self._end()
        super().connection_lost(exc)

    def _begin(self) -> None:
        self._deadline = self.loop.call_later(self.head_seconds, self.transport.abort)

    def _end(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None


class _Prompt(uvicorn.Server):
    """Ends as soon as it is told, and its connections are closed; uvicorn's own looks ten times a second, and then sleeps once more."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.told = asyncio.Event()
        self.grace = 0.0

    async def main_loop(self) -> None:
        while not self.should_exit:
            await self.on_tick(0)  # 0: the hour in the answers' headers is renewed
            with suppress(TimeoutError):
                await asyncio.wait_for(self.told.wait(), 1)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for listener in (*self.servers, *(sockets or ())):
            listener.close()
        for connection in list(self.server_state.connections):
            connection.shutdown()
        with suppress(TimeoutError):
            async with asyncio.timeout(self.grace):
                while self.server_state.connections or self.server_state.tasks:  # noqa: ASYNC110 - they ring no bell
                    await asyncio.sleep(_LOOK)
        for task in list(self.server_state.tasks):
            task.cancel()
        for connection in list(self.server_state.connections):
            connection.transport.abort()
        await asyncio.sleep(0)  # in which their sockets are closed


class Serving:
    """One run of the server.

    Args:
        application: What answers.
        limits: What one who knocks may take.
    """

    def __init__(self, application: ASGIApp, limits: Limits) -> None:
        logging.getLogger("uvicorn").setLevel(logging.ERROR)  # each broken request of a stranger would be a line
        protocol = type("Timely", (_Timely,), {"head_seconds": limits.head_seconds})
        self._config = uvicorn.Config(
            application,
            log_config=None,
            access_log=False,
            lifespan="off",
            loop="asyncio",
            ws="none",
            http=protocol,
            server_header=False,
            proxy_headers=False,
            limit_concurrency=limits.connections,
            timeout_keep_alive=limits.idle_seconds,
            h11_max_incomplete_event_size=limits.head_bytes,
        )
        self._server: _Prompt | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._grace: float | None = None

    def run(self, listener: socket.socket, ready: Callable[[], Any]) -> None:
        """Until ``end``."""
        asyncio.run(self._run(listener, ready))

    async def _run(self, listener: socket.socket, ready: Callable[[], Any]) -> None:
        self._loop, self._server = asyncio.get_running_loop(), _Prompt(self._config)
        self._loop.call_soon(ready)  # the socket listens since it was bound: whoever comes is served in a moment
        if self._grace is not None:  # told before there was anybody to tell
            return
        await self._server.serve([listener])

    def end(self, grace: float) -> None:
        """To be called from another thread: those who are being served have so many seconds yet."""
        self._grace = grace
        if self._loop is not None:
            with suppress(RuntimeError):  # it has ended by itself
                self._loop.call_soon_threadsafe(self._tell)

    def _tell(self) -> None:
        if self._server is not None and self._grace is not None:
            self._server.grace, self._server.should_exit = self._grace, True
            self._server.told.set()
