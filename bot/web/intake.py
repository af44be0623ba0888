"""The one address at which Slack's requests come in: not too large, not too slow, signed; then they are answered in a thread."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import structlog
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Route

from bot.attempts import attempt

if TYPE_CHECKING:
    from collections.abc import Sequence
    from concurrent.futures import Executor

    from starlette.requests import Request

    from bot.meters import Meters

log = structlog.get_logger()

PATH = "/slack/events"
"""Of all that Slack sends: events, commands, interactivity, options."""
BODY_BYTES = 2 * 1024**2
"""Of a request. A form with all inputs that a window can have, filled to their limits and written for a URL, is smaller."""
BODY_SECONDS = 5.0
"""Until the whole body is here; Slack itself waits for three."""


class Answer(Protocol):
    """What is sent back."""

    @property
    def status(self) -> int:
        """Of HTTP."""

    @property
    def body(self) -> str:
        """The text."""

    @property
    def kind(self) -> str:
        """The content type."""


class Signed(Protocol):
    """Who knows what is Slack's (``handlers.slack.requests.SignedRequests``)."""

    def has_fresh_stamp(self, headers: Sequence[tuple[str, str]]) -> bool:
        """Whether the body is worth to be read."""

    def is_signed(self, headers: Sequence[tuple[str, str]], body: bytes) -> bool:
        """Whether it is Slack's."""

    def complain(self) -> None:
        """It is not."""

    def answer(self, headers: Sequence[tuple[str, str]], body: bytes, came: float) -> Answer:
        """What to answer; returns after the commit."""


class _TooLargeError(Exception):
    """More than we read."""


@dataclass(frozen=True)
class Intake:
    """Takes them in.

    Args:
        signed: Who knows them, and answers.
        executor: The threads in which they are answered.
        meters: Count what is turned away.
        most: Bytes of a body.
        seconds: For a body to come.
    """

    signed: Signed
    executor: Executor
    meters: Meters
    most: int = BODY_BYTES
    seconds: float = BODY_SECONDS

    def application(self) -> Starlette:
        """What serves it."""
        return Starlette(
            routes=[Route(PATH, self._look, methods=["GET", "HEAD"]), Route(PATH, self._take, methods=["POST"])]
        )

    async def _look(self, request: Request) -> Response:
        """Slack looks at the certificate of a command's address now and then, with a GET that nobody signs and that does nothing."""
        if request.query_params.get("ssl_check") == "1":
            return Response()
        return Response(status_code=405, headers={"Allow": "POST"})

    async def _take(self, request: Request) -> Response:
        came = time.monotonic()
        headers = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in request.headers.raw]
        if not self.signed.has_fresh_stamp(headers):
            return self._unsigned()
        try:
            async with asyncio.timeout(self.seconds):
                body = await self._body(request)
        except _TooLargeError:
            return self._turned_away(413, "size")
        except TimeoutError:
            return self._turned_away(408, "slow")
        if not self.signed.is_signed(headers, body):
            return self._unsigned()
        found: list[Answer] = []
        loop = asyncio.get_running_loop()
        failure = await loop.run_in_executor(
            self.executor, lambda: attempt(lambda: found.append(self.signed.answer(headers, body, came)))
        )
        if failure is not None:
            log.error("a request of Slack's could not be answered", exc_info=failure)
            return Response(status_code=500)
        return Response(found[0].body, found[0].status, headers={"Content-Type": found[0].kind})

    async def _body(self, request: Request) -> bytes:
        declared = request.headers.get("content-length", "0")
        if declared.isdecimal() and int(declared) > self.most:
            raise _TooLargeError
        body = bytearray()
        async for part in request.stream():
            body += part
            if len(body) > self.most:
                raise _TooLargeError
        return bytes(body)

    def _unsigned(self) -> Response:
        self.signed.complain()
        return self._turned_away(401, "signature")

    def _turned_away(self, status: int, reason: str) -> Response:
        self.meters.turned_away(reason)
        # The rest of what they send is not waited for.
        return Response(status_code=status, headers={"Connection": "close"})
