"""Who may speak to the sandbox: this machine's programs and the sandbox's own page, and no other page in the same browser."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

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
