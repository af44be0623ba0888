"""A person's uploads: into a channel, or for the file input of a modal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.datastructures import UploadFile

from bot.sandbox.forms import MOST_FILES, elements, fitting
from bot.sandbox.messages import public
from bot.sandbox.shapes import Json, SlackError
from bot.sandbox.typed import written

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.datastructures import FormData
    from starlette.requests import Request

    from bot.sandbox.backend import Backend
    from bot.sandbox.workspace import Workspace

LARGEST = 1_000_000_000
LARGEST_IN_A_FORM = 10_000_000


def typed(workspace: Workspace, user: Json, text: str) -> Json:
    """Give the part of a message that a person typed."""
    number = workspace.counters.next("client_msg")
    told = written(text, workspace.users, workspace.channels)
    return {"client_msg_id": f"00000000-0000-4000-8000-{number:012d}", "user": user["id"], "text": told}


async def uploaded(backend: Backend, request: Request, actor: Callable[[object], Json]) -> Json:
    """Take a form's files: shared where it names a channel; else kept for a modal, whose file input may refuse them."""
    async with request.form() as form:
        user = actor(form.get("as"))
        parts = [value for _, value in form.multi_items() if isinstance(value, UploadFile)]
        if not parts:
            raise SlackError("no_file_data")
        if len(parts) > MOST_FILES:
            raise SlackError("too_many_files")
        key = str(form.get("channel") or "")
        channel = backend.workspace.joined(key, user["id"]) if key else None
        _measure(parts, LARGEST if channel else LARGEST_IN_A_FORM)
        if channel is None:
            _demand_fitting(backend, user, form, [_named(part) for part in parts])
        files = [await _kept(backend, user, part) for part in parts]
        text, thread_ts = str(form.get("text") or ""), str(form.get("thread_ts") or "")
    if channel is None:
        return {"ok": True, "files": [backend.files.shown(one) for one in files]}
    message = typed(backend.workspace, user, text)
    posted = backend.files.share(files, channel, message, thread_ts or None)
    return {"ok": True, "channel": channel["id"], "ts": posted["ts"], "message": public(posted)}


def _measure(parts: list[UploadFile], most: int) -> None:
    if any((part.size or 0) > most for part in parts):
        raise SlackError("file_upload_size_restricted")


def _demand_fitting(backend: Backend, user: Json, form: FormData, names: list[str]) -> None:
    if not form.get("view_id"):
        return
    view = backend.views.opened(user["id"], str(form["view_id"]))
    for _, element in elements(view["blocks"]):
        if element["action_id"] == form.get("action_id") and not all(fitting(element, name) for name in names):
            raise SlackError("file_type_not_allowed")


def _named(part: UploadFile) -> str:
    # Browsers and httpx write a quotation mark in a form as %22 (WHATWG, multipart/form-data encoding), and nothing undoes it.
    return (part.filename or "file").replace("%22", '"')


async def _kept(backend: Backend, user: Json, part: UploadFile) -> Json:
    body, name = await part.read(), _named(part)
    entry = backend.journal.begin("upload", name, {"user": user["id"], "length": len(body)})
    file = backend.files.upload(user["id"], name, body, part.content_type)
    entry.finish("done", {"file": file["id"]})
    return file
