"""The Web API's door: who calls, what for, and what of it goes into the log; faults happen here."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response

from bot.sandbox.arguments import arguments, demand_done, uploaded_bytes
from bot.sandbox.faults import Fault, held
from bot.sandbox.rate_limits import RateLimitedError
from bot.sandbox.shapes import APP_TOKEN, BOT_TOKEN, Json, SlackError

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.requests import Request

    from bot.sandbox.faults import Faults
    from bot.sandbox.files import Files
    from bot.sandbox.journal import Entry, Journal
    from bot.sandbox.manifest import Manifest
    from bot.sandbox.rate_limits import RateLimits
    from bot.sandbox.replies import Replies
    from bot.sandbox.triggers import ResponseUrls

_LOGIN_PAGE = "<!DOCTYPE html><html><head><title>Sign in | Slack</title></head><body><h1>Sign in to your workspace</h1></body></html>"
# Who has no token of the app is told nothing of its scopes.
_STRANGERS = frozenset({"not_authed", "invalid_auth", "not_allowed_token_type"})
_WITH_APP_TOKEN = "apps.connections.open"  # noqa: S105 - a method's name


@dataclass(frozen=True)
class WebApi:
    """Everything that an app calls: methods, uploads, downloads and response URLs."""

    methods: dict[str, Callable[[Json], Json]]
    files: Files
    urls: ResponseUrls
    replies: Replies
    manifest: Manifest
    kind: Callable[[object], str]
    rates: RateLimits
    journal: Journal
    faults: Faults

    async def call(self, request: Request) -> Response:
        """Serve `/api/{method}`."""
        name = request.path_params["method"]
        try:
            args = await arguments(request)
        except SlackError as error:
            return JSONResponse(error.answer())
        token = str(args.pop("token", "") or _bearer(request))
        entry = self.journal.begin("api", name, args)
        fault = self.faults.take(args, method=name)
        return await self._answered(request, entry, fault, lambda: self._apply(name, token, args, entry))

    def _apply(self, name: str, token: str, args: Json, entry: Entry) -> Response:
        try:
            answer = self._run(name, token, args)
        except RateLimitedError as error:
            entry.finish("limited", error.answer() | {"retry_after": error.seconds})
            return _limited(error.seconds)
        except SlackError as error:
            answer = error.answer()
        entry.finish("done", answer)
        known = name in self.methods and answer.get("error") not in _STRANGERS
        return JSONResponse(answer, headers=self.manifest.scope_headers(name) if known else None)

    def _run(self, name: str, token: str, args: Json) -> Json:
        method = self.methods.get(name)
        if method is None:
            raise SlackError("unknown_method", req_method=name)
        if name != "api.test":
            _admit(name, token)
        self.rates.demand(name, args)
        self.manifest.demand(name, args, self.kind(args.get("channel")))
        demand_done(name, args)
        return method(args)

    async def _answered(
        self, request: Request, entry: Entry, fault: Fault | None, apply: Callable[[], Response]
    ) -> Response:
        if fault is None:
            return apply()
        if fault.mode == "slow":
            await asyncio.sleep(fault.seconds)
            return apply()
        if fault.mode in {"error", "rate_limited", "http_500", "expired_trigger"}:
            entry.finish("failed", {"fault": fault.mode})
            return _failure(fault)
        if fault.mode == "hold_before":
            entry.finish("held")
            if await held(fault, lambda: _gone(request)):
                return apply()
            entry.finish("dropped")
            return Response(status_code=499)
        response = apply()
        if fault.mode == "hold_after":
            answer = entry.line["answer"]
            entry.finish("held", answer)
            state = "done" if await held(fault, lambda: _gone(request)) else "unanswered"
            entry.finish(state, answer)
        return response

    async def upload(self, request: Request) -> Response:
        """Serve the address for a file's bytes."""
        file_id, body = request.path_params["file_id"], await uploaded_bytes(request)
        entry = self.journal.begin("upload", file_id, {"length": len(body)})
        fault = self.faults.take({"file": file_id}, method="upload")
        return await self._answered(request, entry, fault, lambda: self._received(file_id, body, entry))

    def _received(self, file_id: str, body: bytes, entry: Entry) -> Response:
        taken = self.files.receive(file_id, body)
        entry.finish("done", {"ok": taken})
        return PlainTextResponse(f"OK - {len(body)}" if taken else "error", status_code=200 if taken else 400)

    async def download(self, request: Request) -> Response:
        """Serve a file's bytes to who has the token; a page to sign in, with status 200, to others."""
        file_id = request.path_params["key"].partition("-")[2]
        entry = self.journal.begin("download", file_id, {"path": request.url.path})
        fault = self.faults.take({"file": file_id}, method="download")
        return await self._answered(request, entry, fault, lambda: self._handed(request, file_id, entry))

    def _handed(self, request: Request, file_id: str, entry: Entry) -> Response:
        if _bearer(request) != BOT_TOKEN:
            entry.finish("done", {"ok": False, "error": "not_authed"})
            return HTMLResponse(_LOGIN_PAGE)
        try:
            body, file = self.files.bytes_of(file_id), self.files.find(file_id)
        except SlackError as error:
            entry.finish("done", error.answer())
            return HTMLResponse("<!DOCTYPE html><html><body>File not found</body></html>", status_code=404)
        entry.finish("done", {"ok": True, "length": len(body)})
        return Response(body, media_type=file["mimetype"] or "application/octet-stream")

    async def respond(self, request: Request) -> Response:
        """Serve a response URL."""
        key = request.path_params["key"]
        try:
            told = await arguments(request)
        except SlackError:
            return PlainTextResponse("invalid_payload", status_code=400)
        entry = self.journal.begin("response_url", key, told)
        fault = self.faults.take(told, method="response_url")
        return await self._answered(request, entry, fault, lambda: self._responded(key, told, entry))

    def _responded(self, key: str, told: Json, entry: Entry) -> Response:
        try:
            self.replies.at_url(self.urls.use(key), told)
        except SlackError as error:
            entry.finish("done", error.answer())
            return JSONResponse(error.answer(), status_code=404)
        entry.finish("done", {"ok": True})
        return PlainTextResponse("ok")


def _admit(name: str, token: str) -> None:
    if not token:
        raise SlackError("not_authed")
    if token not in {BOT_TOKEN, APP_TOKEN}:
        raise SlackError("invalid_auth")
    if (token == APP_TOKEN) != (name == _WITH_APP_TOKEN):
        raise SlackError("not_allowed_token_type")


def _bearer(request: Request) -> str:
    kind, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if kind.lower() == "bearer" else ""


async def _gone(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


def _limited(seconds: int) -> Response:
    answer = {"ok": False, "error": "ratelimited"}
    return JSONResponse(answer, status_code=429, headers={"Retry-After": str(seconds)})


def _failure(fault: Fault) -> Response:
    if fault.mode == "rate_limited":
        return _limited(fault.retry_after)
    if fault.mode == "http_500":
        return PlainTextResponse("Internal Server Error", status_code=500)
    error = "expired_trigger_id" if fault.mode == "expired_trigger" else fault.error
    return JSONResponse({"ok": False, "error": error})
