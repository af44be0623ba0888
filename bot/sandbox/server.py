"""The sandbox on a real socket: in a thread for tests (`SandboxServer`), or in the foreground (`run`).

This machine's programs and the sandbox's own page may speak to it, and no other page in the same browser.
"""

from __future__ import annotations

import asyncio
import contextlib
import signal
import socket
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Self, TypedDict, Unpack
from urllib.parse import urlsplit

import uvicorn
from starlette.applications import Starlette
from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware import Middleware
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.staticfiles import StaticFiles

from bot.sandbox.backend import Backend, Options
from bot.sandbox.browser import Browser
from bot.sandbox.control import Control
from bot.sandbox.shapes import APP_TOKEN, BOT_TOKEN, SIGNING_SECRET

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable
    from types import TracebackType

    from starlette.requests import Request
    from starlette.routing import BaseRoute
    from starlette.types import ASGIApp, Message, Receive, Scope, Send


HOST = "127.0.0.1"
STATIC = Path(__file__).parent / "static"
_START_SECONDS = 20.0
_STOP_SECONDS = 1


class MoreOptions(TypedDict, total=False):
    """What can be left out."""

    request_url: str | None
    seed: Path | None
    rate_limits: bool
    without_blocks: frozenset[str]
    clock_file: Path | None


class PortBusyError(Exception):
    """Somebody listens on that port already."""


class _FreshStatic(StaticFiles):
    """The page's files, never kept by the browser, so that an edit shows at once."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        response.headers["Cache-Control"] = "no-cache"
        return response


class _Prompt(uvicorn.Server):
    """Ends as soon as it is told, and its connections are closed: uvicorn's own looks ten times a second, and then sleeps once more.

    Tests start and stop hundreds of these.
    """

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self._told = asyncio.Event()

    def tell_to_end(self) -> None:
        """To be called in the server's own loop."""
        self.should_exit = True
        self._told.set()

    async def main_loop(self) -> None:
        while not await self.on_tick(0):  # 0: the hour in the answers' headers is renewed at each
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._told.wait(), 1)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for listener in (*self.servers, *(sockets or ())):
            listener.close()
        for connection in list(self.server_state.connections):
            connection.shutdown()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_STOP_SECONDS):
                while self.server_state.connections or self.server_state.tasks:  # noqa: ASYNC110 - they ring no bell
                    await asyncio.sleep(0.002)
        for task in list(self.server_state.tasks):
            task.cancel()
        await self.lifespan.shutdown()


class SandboxServer:
    """A running sandbox: `with SandboxServer() as sandbox: ...`. Port 0 takes a free one; `path=None` forgets at the end.

    More options: `rate_limits` (False, because tests are in a hurry: 429 as at Slack where it is True), `request_url` (the app
    takes signed HTTP there; None: Socket Mode), `seed` (a JSON file with people and channels; None: the demo's),
    `without_blocks` (types of blocks that have not come to this workspace yet, as in Slack's phased roll-outs) and `clock_file`
    (where the seconds stand that the clock was moved on by).
    """

    bot_token = BOT_TOKEN
    app_token = APP_TOKEN
    signing_secret = SIGNING_SECRET

    def __init__(
        self,
        path: Path | None = None,
        port: int = 0,
        manifest: Path | None = None,
        clock: Callable[[], float] = time.time,
        **more: Unpack[MoreOptions],
    ) -> None:
        self._socket = _bound(port)
        self.base_url = f"http://{HOST}:{self._socket.getsockname()[1]}"
        self.api_url = f"{self.base_url}/api/"
        with contextlib.ExitStack() as undo:
            undo.callback(self._socket.close)
            self._backend = Backend(path, Options(manifest, **more), clock, self.base_url)
            undo.pop_all()
        self._ready = threading.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        config = uvicorn.Config(
            self._application(),
            log_config=None,
            access_log=False,
            lifespan="on",
            loop="asyncio",
            ws="websockets-sansio",
        )
        self._server = _Prompt(config)
        self._thread = threading.Thread(target=self._serve, name="sandbox", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        if not self._ready.wait(_START_SECONDS):
            raise RuntimeError("The sandbox did not start.")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def stop(self) -> None:
        """End all streams and connections, and stop."""
        if self._loop is not None and self._loop.is_running():
            with contextlib.suppress(RuntimeError):
                asyncio.run_coroutine_threadsafe(self._backend.stop(), self._loop).result(timeout=2)
                self._loop.call_soon_threadsafe(self._server.tell_to_end)
        self._server.should_exit = True
        self._thread.join()

    def _serve(self) -> None:
        self._server.run(sockets=[self._socket])
        self._backend.close()

    @contextlib.asynccontextmanager
    async def _lifespan(self, _: Starlette) -> AsyncIterator[None]:
        self._loop = asyncio.get_running_loop()
        self._backend.start()
        self._ready.set()
        yield

    def _application(self) -> Starlette:
        return Starlette(routes=_routes(self._backend), middleware=[Middleware(Door)], lifespan=self._lifespan)


def _routes(backend: Backend) -> list[BaseRoute]:
    browser, control = Browser(backend), Control(backend)

    # The backend's parts are made anew by a reset: ask for them at each request.
    async def call(request: Request) -> Response:
        return await backend.api.call(request)

    async def upload(request: Request) -> Response:
        return await backend.api.upload(request)

    async def download(request: Request) -> Response:
        return await backend.api.download(request)

    async def respond(request: Request) -> Response:
        return await backend.api.respond(request)

    return [
        Route("/", _page("index.html")),
        Route("/archives/{place:path}", _page("index.html")),
        Route("/side", _page("side.html")),
        Route("/wire", _page("wire.html")),
        Route("/api/{method}", call, methods=["GET", "POST"]),
        WebSocketRoute("/link/", backend.sockets.serve),
        Route("/upload/v1/{file_id}", upload, methods=["POST"]),
        Route("/files-pri/{key}/download/{name:path}", download),
        Route("/files-pri/{key}/{name:path}", download),
        Route("/hooks/{key:path}", respond, methods=["POST"]),
        Route("/sandbox/state", browser.state),
        Route("/sandbox/stream", browser.stream),
        Route("/sandbox/files/{file_id}", browser.file),
        Route("/sandbox/act/{verb}", browser.act, methods=["POST"]),
        Route("/sandbox/control/log", control.log),
        Route("/sandbox/control/latency", control.latency),
        Route("/sandbox/control/messages", control.messages),
        Route("/sandbox/control/file/{file_id}", control.file),
        Route("/sandbox/control/{order}", control.order, methods=["POST"]),
        Mount("/static", _FreshStatic(directory=STATIC, check_dir=False)),
    ]


def run(path: Path | None, port: int, manifest: Path | None = None, **more: Unpack[MoreOptions]) -> None:
    """Serve in the foreground until SIGINT or SIGTERM. Prints nothing. PortBusyError where the port is taken."""
    asked = threading.Event()
    previous = {kind: signal.signal(kind, lambda *_: asked.set()) for kind in (signal.SIGINT, signal.SIGTERM)}
    try:
        with SandboxServer(path, port, manifest, **more):
            asked.wait()
    finally:
        for kind, handler in previous.items():
            signal.signal(kind, handler)


def _page(name: str) -> Callable[[Request], Awaitable[Response]]:
    async def serve(_: Request) -> Response:
        return FileResponse(STATIC / name, headers={"Cache-Control": "no-cache"})

    return serve


def _bound(port: int) -> socket.socket:
    # The protocol by name: without it asyncio leaves out TCP_NODELAY, and each answer takes 40 ms longer.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HOST, port))
        # Listening before the server runs: whoever comes early waits instead of being refused.
        listener.listen(1024)
    except OSError as error:
        listener.close()
        raise PortBusyError(
            f"Port {port} of {HOST} is taken. Stop what listens there, or choose another port."
        ) from error
    return listener


LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_FILES = ("/sandbox/files/", "/sandbox/control/file/", "/files-pri/")
_ORDERS = ("/sandbox/act/", "/sandbox/control/")
_PAGES = ("/archives/", "/side", "/wire")


class Door:
    """Turns away foreign names of ours, foreign pages and orders that are no JSON; files leave as attachments.

    Programs (Bolt, httpx, curl) send no Origin, and pass.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve or refuse one request or WebSocket."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        refused = _refusal(scope)
        if refused is None:
            await self._app(scope, receive, _guarded(scope, send))
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008, "reason": refused[1]})
        else:
            status, text = refused
            await JSONResponse({"ok": False, "error": "refused", "text": text}, status)(scope, receive, send)


def _refusal(scope: Scope) -> tuple[int, str] | None:
    headers = Headers(scope=scope)
    if not _is_ours(headers.get("host", "")):
        return 403, "The sandbox answers to localhost and 127.0.0.1 only."
    if _is_from_elsewhere(headers, scope["path"]):
        return 403, "The sandbox takes nothing from another web page."
    if scope["type"] == "http" and scope["method"] == "POST" and not _is_readable(headers, scope["path"]):
        return 415, "Send this as JSON, with the content type application/json."
    return None


def _is_ours(host: str) -> bool:
    # A name that another site points at 127.0.0.1 would make its page one of ours.
    try:
        return urlsplit(f"//{host}").hostname in LOOPBACK
    except ValueError:
        return False


def _is_from_elsewhere(headers: Headers, path: str) -> bool:
    origin = headers.get("origin")
    if origin is not None:
        return origin.lower() != f"http://{headers['host'].lower()}"
    # Pictures and links of other pages have no Origin, but browsers say where they come from; links to our pages are fine.
    is_page = path == "/" or path.startswith(_PAGES)
    return not is_page and headers.get("sec-fetch-site") in {"cross-site", "same-site"}


def _is_readable(headers: Headers, path: str) -> bool:
    kind = headers.get("content-type", "").partition(";")[0].strip().lower()
    wanted = "multipart/form-data" if path == "/sandbox/act/upload" else "application/json"
    # An order without a word of its own (curl -X POST .../reset) has no type; a page's would still carry its Origin.
    is_empty = headers.get("content-length", "0") == "0" and "transfer-encoding" not in headers
    return not path.startswith(_ORDERS) or kind == wanted or (is_empty and not kind)


def _guarded(scope: Scope, send: Send) -> Send:
    async def guarded(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            headers["X-Content-Type-Options"] = "nosniff"
            if scope["path"].startswith(_FILES):
                # Players and pictures in the page take no notice of either; a file opened by itself runs nothing.
                headers["Content-Disposition"] = "attachment"
                headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
        await send(message)

    return guarded
