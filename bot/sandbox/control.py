"""The control API for tests and load: faults, the clock, the log with how fast the app acknowledged, and what only a director may see."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import JSONResponse, Response

from bot.sandbox.numerals import number, order_of
from bot.sandbox.seeds import Seed, SeedError
from bot.sandbox.shapes import Json, SlackError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable

    from starlette.requests import Request

    from bot.sandbox.backend import Backend
    from bot.sandbox.shapes import Json


_TEN_YEARS = 10 * 366 * 86400.0
_MOST = 2.0**53


class Control:
    """Orders that no person in the workspace could give."""

    def __init__(self, backend: Backend) -> None:
        self._b = backend
        self._orders: dict[str, Callable[[Json], Awaitable[Json | None]]] = {
            "fault": self._fault,
            "release": self._release,
            "disconnect": self._disconnect,
            "advance": self._advance,
            "snapshot": self._snapshot,
            "restore": self._restore,
            "reset": self._reset,
            "seed": self._seed,
            "deactivate": self._deactivate,
            "reactivate": self._reactivate,
            "without_blocks": self._without_blocks,
        }

    async def order(self, request: Request) -> Response:
        """Serve `POST /sandbox/control/{order}`."""
        name = request.path_params["order"]
        try:
            asked = await order_of(request) if await request.body() else {}
            return JSONResponse({"ok": True, **await self._done(name, asked)})
        except SlackError as error:
            return JSONResponse(error.answer(), status_code=400)

    async def _done(self, name: str, asked: Json) -> Json:
        order = self._orders.get(name)
        if order is None:
            raise SlackError("unknown_order", text=f"The orders are {', '.join(self._orders)}.")
        return await order(asked) or {}

    async def _fault(self, asked: Json) -> Json:
        return {"id": self._b.faults.add(asked).id}

    async def _release(self, asked: Json) -> None:
        self._b.faults.release(asked.get("id"))

    async def _disconnect(self, asked: Json) -> None:
        await self._b.sockets.disconnect(str(asked.get("reason") or "refresh_requested"))

    async def _advance(self, asked: Json) -> Json:
        return {"now": self._b.advance(number(asked.get("seconds") or 0, "seconds", -_TEN_YEARS, _TEN_YEARS))}

    async def _reset(self, _: Json) -> None:
        await self._b.reset()

    async def _snapshot(self, asked: Json) -> None:
        self._b.snapshot(str(asked.get("name") or "snapshot"))

    async def _restore(self, asked: Json) -> None:
        await self._b.restore(str(asked.get("name") or "snapshot"))

    async def _seed(self, asked: Json) -> None:
        try:
            self._b.workspace.add(Seed.told(asked, tuple(self._b.workspace.users)))
        except SeedError as error:
            raise SlackError("invalid_seed", text=str(error)) from None

    async def _deactivate(self, asked: Json) -> None:
        self._b.workspace.set_active(str(asked.get("user")), active=False)

    async def _reactivate(self, asked: Json) -> None:
        self._b.workspace.set_active(str(asked.get("user")), active=True)

    async def _without_blocks(self, asked: Json) -> None:
        types = asked.get("types") or []
        if not isinstance(types, list):
            raise SlackError("invalid_types", text="The types are a list of names, such as data_table.")
        self._b.without_blocks.clear()
        self._b.without_blocks.update(str(one) for one in types)

    async def latency(self, request: Request) -> Response:
        """Serve how fast the app acknowledged what the log has after line `since`, by name."""
        try:
            lines = self._b.journal.since(_since(request))
        except SlackError as error:
            return JSONResponse(error.answer(), status_code=400)
        return JSONResponse({"ok": True, "names": latencies(lines)})

    async def log(self, request: Request) -> Response:
        """Serve the wire's log after line `since`."""
        try:
            return JSONResponse(self._b.journal.shown(_since(request)))
        except SlackError as error:
            return JSONResponse(error.answer(), status_code=400)

    async def messages(self, request: Request) -> Response:
        """Serve a channel's messages with everything, metadata too."""
        try:
            channel = self._b.workspace.channel(request.query_params.get("channel", ""))
        except SlackError as error:
            return JSONResponse(error.answer(), status_code=404)
        return JSONResponse({"ok": True, "messages": self._b.messages.of(channel["id"])})

    async def file(self, request: Request) -> Response:
        """Serve any file's bytes."""
        try:
            body = self._b.files.bytes_of(request.path_params["file_id"])
        except SlackError as error:
            return JSONResponse(error.answer(), status_code=404)
        return Response(body, media_type="application/octet-stream")


def _since(request: Request) -> int:
    return int(number(request.query_params.get("since", "0"), "since", 0, _MOST))


# Upper ends in milliseconds; 3000 is Slack's limit, and what is later was seen by nobody.
BUCKETS = (5, 10, 25, 50, 100, 250, 500, 1000, 2000, 3000)


def latencies(lines: Iterable[Json]) -> dict[str, Json]:
    """Give by name: count, acked, missed (timed out, failed or lost), late, p50, p99 and worst in ms, and a histogram.

    The histogram counts acknowledged deliveries up to each end of BUCKETS ("10": those between 5 and 10 ms).
    """
    by_name: dict[str, list[Json]] = {}
    for line in lines:
        if line["kind"] == "delivery" and line["ms"] is not None and line["state"] != "not_connected":
            by_name.setdefault(line["name"], []).append(line)
    return {name: _described(some) for name, some in sorted(by_name.items())}


def _described(lines: list[Json]) -> Json:
    acked = sorted(line["ms"] for line in lines if line["state"] == "acked")
    counts = {"count": len(lines), "acked": len(acked), "missed": len(lines) - len(acked)}
    late = sum("late_ms" in line for line in lines)
    spread = {"p50": _at(acked, 0.5), "p99": _at(acked, 0.99), "worst": acked[-1] if acked else None}
    return counts | {"late": late} | spread | {"histogram": _histogram(acked)}


def _at(ordered: list[float], part: float) -> float | None:
    return ordered[min(int(part * len(ordered)), len(ordered) - 1)] if ordered else None


def _histogram(acked: list[float]) -> dict[str, int]:
    lower = (-1, *BUCKETS[:-1])
    return {str(high): sum(low < ms <= high for ms in acked) for low, high in zip(lower, BUCKETS, strict=True)}
