"""The control API for tests and load: faults, the clock, the log, and what only a director may see."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import JSONResponse, Response

from bot.sandbox.shapes import Json, SlackError

if TYPE_CHECKING:
    from starlette.requests import Request

    from bot.sandbox.backend import Backend


class Control:
    """Orders that no person in the workspace could give."""

    def __init__(self, backend: Backend) -> None:
        self._b = backend

    async def order(self, request: Request) -> Response:
        """Serve `POST /sandbox/control/{order}`."""
        name = request.path_params["order"]
        asked = await request.json() if await request.body() else {}
        try:
            return JSONResponse({"ok": True, **await self._done(name, asked)})
        except SlackError as error:
            return JSONResponse(error.answer(), status_code=400)

    async def _done(self, name: str, asked: Json) -> Json:
        if name == "fault":
            return {"id": self._b.faults.add(asked).id}
        if name == "release":
            self._b.faults.release(asked.get("id"))
        elif name == "disconnect":
            await self._b.sockets.disconnect(str(asked.get("reason") or "refresh_requested"))
        elif name == "advance":
            return {"now": self._b.advance(float(asked.get("seconds") or 0))}
        elif name == "reset":
            await self._b.reset()
        else:
            raise SlackError("unknown_order")
        return {}

    async def log(self, request: Request) -> Response:
        """Serve the wire's log after line `since`."""
        return JSONResponse(self._b.journal.since(int(request.query_params.get("since", "0"))))

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
