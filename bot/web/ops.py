"""What can be seen of a process from outside: ``/healthz`` (it lives), ``/readyz`` (it can work, or why not), ``/metrics`` (for Prometheus)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from bot.web.readiness import WELL

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.requests import Request

    from bot.web.readiness import Readiness

_FRESH = {"Cache-Control": "no-store"}


def application(readiness: Readiness, exposition: Callable[[str], tuple[bytes, str]]) -> Starlette:
    """The three pages.

    Args:
        readiness: What has to be well.
        exposition: Gives the figures and their content type, for what a scraper's ``Accept`` says.
    """

    async def healthz(_: Request) -> Response:
        return PlainTextResponse("ok\n", headers=_FRESH)

    def readyz(_: Request) -> Response:  # in a thread: it waits for others
        parts = readiness.parts()
        ready = all(state == WELL for state in parts.values())
        return JSONResponse({"ready": ready, "parts": parts}, 200 if ready else 503, headers=_FRESH)

    def metrics(request: Request) -> Response:
        body, kind = exposition(request.headers.get("accept", ""))
        return Response(body, headers={"Content-Type": kind} | _FRESH)

    return Starlette(routes=[Route("/healthz", healthz), Route("/readyz", readyz), Route("/metrics", metrics)])
