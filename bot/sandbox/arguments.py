"""Arguments of the Web API, which come as a form, as JSON or in the address, and mean the same.

Those that Slack knows and the sandbox does not do are refused, since an answer of ``ok: true`` would say that they were done.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from typing import TYPE_CHECKING, Any, TypeVar

from starlette.datastructures import UploadFile

from bot.sandbox.shapes import Json, SlackError, clipped

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.requests import Request

    from bot.sandbox.shapes import Json


_Item = TypeVar("_Item")
_TS = re.compile(r"\d{1,15}(\.\d{0,9})?", re.ASCII)


async def arguments(request: Request) -> Json:
    """Read the arguments of a call; SlackError `invalid_json`, `invalid_form_data`."""
    args: Json = dict(request.query_params)
    kind = request.headers.get("content-type", "")
    if kind.startswith("application/json"):
        try:
            told = json.loads(await request.body() or b"{}")
        except ValueError:
            raise SlackError("invalid_json") from None
        if not isinstance(told, dict):
            raise SlackError("json_not_object")
        return args | told
    form = await request.form()
    return args | {key: value for key, value in form.items() if not isinstance(value, UploadFile)}


async def uploaded_bytes(request: Request) -> bytes:
    """Read a file that was posted as the body itself, or (as bolt-js and curl -F do it) as the one file of a form."""
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        return await request.body()
    async with request.form() as form:
        files = [part for part in form.values() if isinstance(part, UploadFile)]
        return await files[0].read() if files else b""


def needed(args: Json, *names: str) -> None:
    """Raise SlackError `invalid_arguments` where one is missing."""
    missing = [f"missing required field: {name}" for name in names if args.get(name) in (None, "")]
    if missing:
        raise SlackError("invalid_arguments", response_metadata=clipped(missing))


def flag(args: Json, name: str) -> bool:
    """Read a yes or no."""
    return str(args.get(name, "")).lower() in {"1", "true"}


def number(args: Json, name: str, default: int) -> int:
    """Read a number; SlackError `invalid_arguments`."""
    try:
        return int(args.get(name) or default)
    except (ValueError, TypeError, OverflowError):
        raise SlackError(
            "invalid_arguments", response_metadata=clipped([f"must be a number [json-pointer:/{name}]"])
        ) from None


def thread_of(args: Json) -> str | None:
    """Read in which thread something belongs; None: in none."""
    return str(args["thread_ts"]) if args.get("thread_ts") else None


def moment(args: Json, name: str) -> float | None:
    """Read a message's time; None where none is given. SlackError `invalid_ts_oldest`, `invalid_ts_latest`."""
    value = str(args.get(name) or "")
    if value and not _TS.fullmatch(value):
        raise SlackError(f"invalid_ts_{name}")
    return float(value) if value else None


def structure(args: Json, name: str) -> Any:
    """Read something that a form carries as JSON text; SlackError `invalid_arguments`."""
    value = args.get(name)
    if not isinstance(value, str) or not value:
        return value or None
    try:
        return json.loads(value)
    except ValueError:
        raise SlackError(
            "invalid_arguments", response_metadata=clipped([f"must be JSON [json-pointer:/{name}]"])
        ) from None


def page(items: Sequence[_Item], args: Json, *, default: int = 100, most: int = 1000) -> tuple[list[_Item], str]:
    """Cut one page out by `cursor` and `limit`, and give the next cursor ("" at the end)."""
    limit = min(max(number(args, "limit", default), 1), most)
    start = _start(str(args.get("cursor") or ""))
    rest = len(items) > start + limit
    cursor = base64.b64encode(f"next:{start + limit}".encode()).decode() if rest else ""
    return list(items[start : start + limit]), cursor


def _start(cursor: str) -> int:
    if not cursor:
        return 0
    try:
        return int(base64.b64decode(cursor).decode().removeprefix("next:"))
    except (binascii.Error, ValueError):
        raise SlackError("invalid_cursor") from None


_OF_ANSWERS = frozenset({"attachments", "markdown_text", "reply_broadcast"})
# `as_user` is done where it is true: the app's messages are always by its own user.
_OF_MESSAGES = _OF_ANSWERS | {"icon_emoji", "icon_url", "parse", "username"}
_UNDONE = {
    "chat.postMessage": _OF_MESSAGES,
    "chat.postEphemeral": _OF_MESSAGES,
    "chat.scheduleMessage": _OF_MESSAGES,
    "chat.update": _OF_MESSAGES | {"file_ids"},
    "conversations.create": frozenset({"team_id"}),
    "conversations.invite": frozenset({"force"}),
    "conversations.list": frozenset({"team_id"}),
    "conversations.open": frozenset({"prevent_creation"}),
    "files.getUploadURLExternal": frozenset({"snippet_type"}),
    "response_url": _OF_ANSWERS,
    "users.conversations": frozenset({"team_id"}),
    "users.list": frozenset({"team_id"}),
}
# What stands for "not asked for", as a form, JSON or a client's default has it.
_NOT_ASKED: tuple[object, ...] = (None, "", "[]", "0", "false", "False", "none", 0, False, [], {})


def demand_done(method: str, args: Json) -> None:
    """Raise SlackError `not_supported` where a method (or what is posted to a response URL) asks for what is not done."""
    undone = sorted(name for name in _UNDONE.get(method, ()) if args.get(name) not in _NOT_ASKED)
    if undone:
        sentences = [f"the sandbox does not do this [json-pointer:/{name}]" for name in undone]
        raise SlackError("not_supported", response_metadata=clipped(sentences))
