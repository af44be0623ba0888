"""What the page, the tests and the demo's seeding use: a person's state, its live updates, what a person does and uploads, or why not."""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
from typing import TYPE_CHECKING

from starlette.datastructures import UploadFile
from starlette.responses import JSONResponse, Response, StreamingResponse

from bot.sandbox.forms import MOST_FILES, elements, fitting
from bot.sandbox.messages import public, written
from bot.sandbox.numerals import number, order_of
from bot.sandbox.shapes import APP_ID, BOT_ID, BOT_USER, TEAM, Json, SlackError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from starlette.datastructures import FormData
    from starlette.requests import Request

    from bot.sandbox.backend import Backend
    from bot.sandbox.workspace import Workspace


_MESSAGES_SHOWN = 1000
_KEEP_ALIVE_SECONDS = 15.0
_COUNT = re.compile(r"\d{1,15}", re.ASCII)
_RANGE = re.compile(r"bytes=(\d{0,15})-(\d{0,15})", re.ASCII)


class Browser:
    """The page's own API."""

    def __init__(self, backend: Backend) -> None:
        self._b = backend
        self._turn = asyncio.Lock()
        self._verbs: dict[str, Callable[[Json, Json], Awaitable[Json]]] = {
            "say": self._say,
            "command": self._command,
            "open_dm": self._open_dm,
            "open_home": self._open_home,
            "browse": self._browse,
            "join": self._join,
            "leave": self._leave,
            "invite": self._invite,
            "archive": self._archive,
            "create_channel": self._create_channel,
            "action": self._action,
            "shortcut": self._shortcut,
            "submit": self._submit,
            "close": self._close,
            "suggest": self._suggest,
            "delete_message": self._delete_message,
            "edit_message": self._edit_message,
            "react": self._react,
            "unreact": self._unreact,
            "delete_file": self._delete_file,
        }

    async def state(self, request: Request) -> Response:
        """Serve everything that a person can see (with `channel`, only this one of the channels)."""
        try:
            me = self._viewer(request)
            await self._news(me["id"], request)
        except SlackError as error:
            return JSONResponse(error.answer(), status_code=400 if error.error == "invalid_number" else 404)
        only = request.query_params.get("channel")
        channels = [one for one in self._b.workspace.of(me["id"]) if only in {None, one["id"], one.get("name")}]
        bot = {"user_id": BOT_USER, "bot_id": BOT_ID, "app_id": APP_ID, "name": self._b.manifest.handle}
        return JSONResponse(
            {
                "ok": True,
                "team": TEAM,
                "me": me,
                "users": list(self._b.workspace.users),
                "channels": [self._channel(one, me["id"]) for one in channels],
                "home": self._b.views.home(me["id"]),
                "views": self._b.views.stack(me["id"]),
                "commands": list(self._b.manifest.commands),
                "shortcuts": list(self._b.manifest.shortcuts),
                "bot": bot | {"connected": self._b.link.connected},
                "seq": self._b.hub.seq,
            }
        )

    def _viewer(self, request: Request) -> Json:
        """Give who looks; nobody named: the first person of the workspace."""
        key = request.query_params.get("as")
        active = (one for one in self._b.workspace.users if not (one["deleted"] or one["is_bot"]))
        return self._b.workspace.user(key) if key else next(active, {"id": BOT_USER})

    async def _news(self, person: str, request: Request) -> None:
        """Wait, where `since` and `wait` (seconds) are given, until something has happened after `since`."""
        wait, since = request.query_params.get("wait"), request.query_params.get("since")
        if wait is None or since is None:
            return
        after, seconds = int(number(since, "since", 0, 2.0**53)), number(wait, "wait", 0, 3600)
        stream = self._b.hub.subscribe(person, after)
        try:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stream.get(), seconds)
        finally:
            self._b.hub.unsubscribe(stream)

    def _channel(self, channel: Json, viewer: str) -> Json:
        messages = self._b.messages.of(channel["id"])[-_MESSAGES_SHOWN:]
        ephemerals = self._b.messages.ephemerals(channel["id"], viewer)
        inside = {"members": channel["members"], "messages": [public(one) for one in messages]}
        return self._b.workspace.seen_by(channel, viewer) | inside | {"ephemerals": [public(one) for one in ephemerals]}

    async def stream(self, request: Request) -> Response:
        """Serve a person's live updates."""
        try:
            person = self._viewer(request)["id"]
        except SlackError as error:
            return JSONResponse(error.answer(), status_code=404)
        since = request.headers.get("last-event-id") or request.query_params.get("since")
        number = int(since) if since and _COUNT.fullmatch(since) else None
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        return StreamingResponse(self._happenings(person, number), media_type="text/event-stream", headers=headers)

    async def _happenings(self, person: str, since: int | None) -> AsyncIterator[str]:
        stream = self._b.hub.subscribe(person, since)
        try:
            yield ": hello\n\n"
            while True:
                try:
                    happening = await asyncio.wait_for(stream.get(), _KEEP_ALIVE_SECONDS)
                except TimeoutError:
                    yield ": still here\n\n"
                    continue
                if happening is None:
                    return
                yield f"id: {happening['seq']}\ndata: {json.dumps(happening)}\n\n"
        finally:
            self._b.hub.unsubscribe(stream)

    async def file(self, request: Request) -> Response:
        """Serve a file's bytes to a person who may see it, in parts where asked (players seek)."""
        try:
            person = self._viewer(request)["id"]
            file = self._b.files.find(request.path_params["file_id"])
            body = self._b.files.bytes_of(file["id"])
        except SlackError as error:
            return JSONResponse(error.answer(), status_code=404)
        if not self._b.files.may_see(file, person) and not self._in_a_view(file["id"], person):
            return JSONResponse({"ok": False, "error": "file_not_found"}, status_code=404)
        return _ranged(body, file["mimetype"] or "application/octet-stream", request.headers.get("range"))

    def _in_a_view(self, file_id: str, person: str) -> bool:
        home = self._b.views.home(person)
        surfaces = [*self._b.views.stack(person), *([home] if home else [])]
        for channel in self._b.workspace.of(person):
            surfaces += [*self._b.messages.of(channel["id"]), *self._b.messages.ephemerals(channel["id"], person)]
        return any(f'"{file_id}"' in json.dumps(one.get("blocks")) for one in surfaces if one.get("blocks"))

    async def act(self, request: Request) -> Response:
        """Do what a person does: `/sandbox/act/{verb}`."""
        verb = request.path_params["verb"]
        try:
            if verb == "upload":
                return JSONResponse(await uploaded(self._b, request, self._actor))
            asked = await order_of(request)
            async with self._turn:
                # One begins at each turn of the loop: where hundreds press at once, what the app answers meanwhile is
                # heard when it comes, and not after the last of them.
                await asyncio.sleep(0)
            handler = self._verbs.get(verb, _unknown)
            return JSONResponse(await handler(self._actor(asked.get("as")), asked))
        except SlackError as error:
            return JSONResponse({"text": REFUSALS.get(error.error, error.error), **error.answer()})

    def _actor(self, key: object) -> Json:
        user = self._b.workspace.user(str(key))
        if user["deleted"]:
            raise SlackError("account_inactive")
        return user

    async def _say(self, user: Json, asked: Json) -> Json:
        channel = self._b.workspace.joined(str(asked.get("channel")), user["id"])
        text = str(asked.get("text") or "")
        if not text.strip():
            raise SlackError("no_text")
        posted = self._b.messages.post(channel, typed(self._b.workspace, user, text), asked.get("thread_ts") or None)
        return {"ok": True, "channel": channel["id"], "ts": posted["ts"], "message": public(posted)}

    async def _command(self, user: Json, asked: Json) -> Json:
        channel = self._b.workspace.joined(str(asked.get("channel")), user["id"])
        return await self._b.interactions.command(user, channel, str(asked.get("text")), asked.get("thread_ts") or None)

    async def _open_dm(self, user: Json, asked: Json) -> Json:
        other = self._b.workspace.user(str(asked.get("user") or BOT_USER))
        channel, _ = self._b.workspace.direct(user["id"], other["id"])
        return {"ok": True, "channel": self._channel(channel, user["id"])}

    async def _open_home(self, user: Json, asked: Json) -> Json:
        return self._b.interactions.open_home(user, str(asked.get("tab") or "home"))

    async def _join(self, user: Json, asked: Json) -> Json:
        if user["is_restricted"]:
            raise SlackError("restricted_action")
        channel = self._b.workspace.visible(str(asked.get("channel")), user["id"])
        return {"ok": True, "channel": self._channel(self._b.workspace.join(channel["id"], user["id"]), user["id"])}

    async def _browse(self, user: Json, _: Json) -> Json:
        channels = [self._b.workspace.seen_by(one, user["id"]) for one in self._b.workspace.known_to(user["id"])]
        return {"ok": True, "channels": sorted(channels, key=lambda one: str(one["name"]))}

    async def _leave(self, user: Json, asked: Json) -> Json:
        channel = self._b.workspace.leave(str(asked.get("channel")), user["id"])
        return {"ok": True, "channel": channel["id"]}

    async def _invite(self, user: Json, asked: Json) -> Json:
        people = [str(one) for one in asked.get("users") or []]
        channel = self._b.workspace.invite(str(asked.get("channel")), people, user["id"])
        return {"ok": True, "channel": self._channel(channel, user["id"])}

    async def _archive(self, user: Json, asked: Json) -> Json:
        channel = self._b.workspace.archive(str(asked.get("channel")), user["id"])
        return {"ok": True, "channel": self._channel(channel, user["id"])}

    async def _create_channel(self, user: Json, asked: Json) -> Json:
        members = [str(one) for one in asked.get("members") or []]
        if user["is_restricted"]:
            raise SlackError("restricted_action")
        secret = bool(asked.get("private"))
        made = self._b.workspace.create(str(asked.get("name")), members, user["id"], secret=secret)
        return {"ok": True, "channel": self._channel(made, user["id"])}

    async def _action(self, user: Json, asked: Json) -> Json:
        return await self._b.interactions.act(user, asked.get("container") or {}, asked)

    async def _shortcut(self, user: Json, asked: Json) -> Json:
        callback_id = str(asked.get("callback_id"))
        if not asked.get("ts"):
            return await self._b.interactions.shortcut(user, callback_id)
        channel = self._b.workspace.joined(str(asked.get("channel")), user["id"])
        return await self._b.interactions.message_shortcut(user, callback_id, channel, str(asked["ts"]))

    async def _submit(self, user: Json, asked: Json) -> Json:
        values = (asked.get("state") or {}).get("values") or {}
        return await self._b.interactions.submit(user, str(asked.get("view_id")), values)

    async def _close(self, user: Json, asked: Json) -> Json:
        return self._b.interactions.close(user, str(asked.get("view_id")))

    async def _suggest(self, user: Json, asked: Json) -> Json:
        return await self._b.interactions.suggest(user, asked.get("container") or {}, asked)

    async def _delete_message(self, user: Json, asked: Json) -> Json:
        channel = self._b.workspace.joined(str(asked.get("channel")), user["id"])
        if self._b.messages.find(channel["id"], str(asked.get("ts"))).get("user") != user["id"]:
            raise SlackError("cant_delete_message")
        self._b.messages.delete(channel, str(asked["ts"]))
        return {"ok": True}

    async def _edit_message(self, user: Json, asked: Json) -> Json:
        channel = self._b.workspace.joined(str(asked.get("channel")), user["id"])
        before = self._b.messages.find(channel["id"], str(asked.get("ts")))
        text = str(asked.get("text") or "")
        if before.get("user") != user["id"] or before.get("subtype") not in {None, "file_share"}:
            raise SlackError("cant_update_message")
        if not text.strip():
            raise SlackError("no_text")
        said = typed(self._b.workspace, user, text)["text"]
        if said != before["text"]:
            self._b.messages.change(channel, before["ts"], {"text": said}, edited_by=user["id"])
        return {"ok": True}

    async def _react(self, user: Json, asked: Json) -> Json:
        channel = self._b.workspace.joined(str(asked.get("channel")), user["id"])
        self._b.reactions.add(channel, str(asked.get("ts")), str(asked.get("name")), user["id"])
        return {"ok": True}

    async def _unreact(self, user: Json, asked: Json) -> Json:
        channel = self._b.workspace.joined(str(asked.get("channel")), user["id"])
        self._b.reactions.remove(channel, str(asked.get("ts")), str(asked.get("name")), user["id"])
        return {"ok": True}

    async def _delete_file(self, user: Json, asked: Json) -> Json:
        if self._b.files.find(str(asked.get("file")))["user"] != user["id"]:
            raise SlackError("cant_delete_file")
        self._b.files.delete(str(asked["file"]))
        return {"ok": True}


async def _unknown(_: Json, __: Json) -> Json:
    raise SlackError("unknown_verb")


def _ranged(body: bytes, mimetype: str, wanted: str | None) -> Response:
    headers = {"Accept-Ranges": "bytes", "Cache-Control": "no-cache", "X-Content-Type-Options": "nosniff"}
    asked = _RANGE.fullmatch(wanted or "")
    if asked is None or not any(asked.groups()):
        return Response(body, media_type=mimetype, headers=headers)
    first, last = asked.groups()
    start = int(first) if first else max(0, len(body) - int(last))
    end = min(int(last), len(body) - 1) if first and last else len(body) - 1
    if start > end:
        return Response(status_code=416, headers=headers | {"Content-Range": f"bytes */{len(body)}"})
    headers["Content-Range"] = f"bytes {start}-{end}/{len(body)}"
    return Response(body[start : end + 1], status_code=206, media_type=mimetype, headers=headers)


REFUSALS = {
    "already_archived": "That channel is archived already.",
    "account_inactive": "This account is deactivated. Choose another person.",
    "already_in_channel": "They are in that channel already.",
    "cant_archive_general": "Nobody can archive #general.",
    "cant_delete_file": "You can delete only your own files.",
    "cant_delete_message": "You can delete only your own messages.",
    "cant_update_message": "You can edit only your own messages.",
    "already_reacted": "You have put that on already.",
    "no_reaction": "You have not put that on.",
    "invalid_name": "There is no such emoji.",
    "cant_invite": "This person cannot be invited there.",
    "cant_invite_self": "You are in that channel already.",
    "cant_leave_general": "Nobody can leave #general.",
    "channel_not_found": "There is no such channel. Choose one from the list.",
    "file_not_found": "This file is no longer there. Choose it again.",
    "file_type_not_allowed": "This kind of file does not fit here.",
    "file_upload_size_restricted": "This file is too large. Files in a form can have 10 MB, others 1 GB.",
    "invalid_name_specials": "Channel names can have only lower-case letters, numbers, hyphens and underscores.",
    "is_archived": "This channel is archived: nobody can write here.",
    "message_not_found": "That message is no longer there.",
    "name_taken": "There is already a channel with that name. Choose another.",
    "no_file_data": "Choose a file to upload.",
    "no_text": "Write something first.",
    "not_found": "That window is no longer open.",
    "not_in_channel": "You are not in that channel. Join it first.",
    "restricted_action": "Guests can neither join nor make channels. Ask a member to invite you.",
    "too_many_files": "A message can have 10 files at the most.",
    "unknown_shortcut": "The app has no such shortcut.",
    "unknown_verb": "The sandbox has no such verb.",
    "user_not_found": "There is no such person in this workspace.",
}


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
