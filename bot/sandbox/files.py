"""Files: uploaded by people or in three steps by the app, processed a moment later, shared in messages."""

from __future__ import annotations

import asyncio
import hashlib
import mimetypes
import re
import struct
from typing import TYPE_CHECKING

from bot.sandbox.messages import from_bot
from bot.sandbox.shapes import BOT_USER, TEAM_ID, Json, SlackError
from bot.sandbox.store import Collection

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.sandbox.faults import Faults
    from bot.sandbox.messages import Messages
    from bot.sandbox.store import Store
    from bot.sandbox.workspace import Workspace

# Slack types a file a moment after its upload, and shares it then: an app that does not wait meets its empty fields.
SETTLE_SECONDS = 0.15

_TYPES = {
    "audio/mpeg": ("mp3", "MP3"),
    "audio/wav": ("wav", "WAV"),
    "audio/x-wav": ("wav", "WAV"),
    "audio/midi": ("mid", "MIDI"),
    "image/png": ("png", "PNG"),
    "image/jpeg": ("jpg", "JPEG"),
    "image/gif": ("gif", "GIF"),
    "text/plain": ("text", "Plain Text"),
    "text/csv": ("csv", "CSV"),
    "application/pdf": ("pdf", "PDF"),
    "application/zip": ("zip", "Zip"),
    "application/json": ("json", "JSON"),
}
_UNKNOWN = ("binary", "Binary")
PICTURES = frozenset({"png", "jpg", "gif"})


class Files:
    """All files: their description in Slack's shape, and their bytes in the store."""

    def __init__(
        self, store: Store, workspace: Workspace, messages: Messages, faults: Faults, base_url: Callable[[], str]
    ) -> None:
        self._store = store
        self._workspace = workspace
        self._messages = messages
        self._faults = faults
        self._base_url = base_url
        self._files = Collection(store, "file")
        self._settling: set[asyncio.TimerHandle] = set()

    def find(self, file_id: str) -> Json:
        """Give a file that was uploaded; SlackError `file_not_found`, `file_deleted`."""
        found = self._files.get(file_id)
        if found is None or found["state"] == "announced":
            raise SlackError("file_not_found")
        if found["state"] == "deleted":
            raise SlackError("file_deleted")
        return found

    def bytes_of(self, file_id: str) -> bytes:
        """Give a file's bytes; SlackError `file_not_found`, `file_deleted`."""
        self.find(file_id)
        return self._store.get_bytes(file_id) or b""

    def shown(self, file: Json) -> Json:
        """Give Slack's file object, with addresses that hold for this start of the server."""
        kept = {key: value for key, value in file.items() if key not in {"state", "promised"}}
        base, tail = (
            f"{self._base_url()}/files-pri/{TEAM_ID}-{file['id']}",
            re.sub(r"[\s\"]", "_", file["name"]).lower(),
        )
        addresses = {
            "url_private": f"{base}/{tail}",
            "url_private_download": f"{base}/download/{tail}",
            "permalink": f"{self._base_url()}/files/{file['user']}/{file['id']}/{tail}",
        }
        return kept | addresses

    def announce(self, name: str, length: int, alt_text: str | None) -> Json:
        """Begin the app's upload: the first of three steps."""
        file = self._describe(name, BOT_USER, "", "", length) | {"state": "announced", "promised": length}
        if alt_text:
            file["alt_txt"] = alt_text
        return self._files.put(file["id"], file)

    def receive(self, file_id: str, body: bytes) -> bool:
        """Take the bytes: the second step. False where nobody announced the file, or with another length."""
        file = self._files.get(file_id)
        if file is None or file["state"] != "announced" or file["promised"] != len(body):
            return False
        self._store.put_bytes(file_id, body)
        self._files.put(file_id, file | {"size": len(body)})
        return True

    def complete(self, wanted: list[Json], channel: Json | None, share: Json, thread_ts: str | None) -> list[Json]:
        """Finish the upload: the third step. Typed and shared a moment later, as at Slack."""
        for one in wanted:
            file = self._files.get(str(one.get("id")))
            if file is None or file["state"] != "announced" or self._store.get_bytes(file["id"]) is None:
                raise SlackError("file_not_found")
        done = []
        for one in wanted:
            file = self._files.get(one["id"]) or {}
            done.append(
                self._files.put(one["id"], file | {"state": "completed", "title": one.get("title") or file["name"]})
            )
        ids = [one["id"] for one in done]
        self._later(SETTLE_SECONDS, lambda: self._settle(ids))
        if channel is not None:
            self._share_later(ids, channel, share, thread_ts)
        return done

    def _share_later(self, ids: list[str], channel: Json, share: Json, thread_ts: str | None) -> None:
        about = {"files": ids, "channel": channel["id"]}
        fault = self._faults.take(about, method="share")
        if fault is None or fault.mode == "slow":
            seconds = SETTLE_SECONDS + (fault.seconds if fault else 0)
            self._later(seconds, lambda: self._share_by_app(ids, channel, share, thread_ts))

    def upload(self, user: str, name: str, body: bytes, mimetype: str | None) -> Json:
        """Take a file from a person: typed at once, as it is when its message appears."""
        kind = mimetype or mimetypes.guess_type(name)[0] or ""
        file = self._describe(name, user, kind, "", len(body)) | {"state": "ready"}
        self._store.put_bytes(file["id"], body)
        return self._files.put(file["id"], file | _typed(file, body, kind))

    def share(self, files: list[Json], channel: Json, message: Json, thread_ts: str | None) -> Json:
        """Post files in a channel."""
        shown = [self.shown(one) for one in files]
        fields = {"subtype": "file_share", "upload": False, "display_as_bot": False, "files": shown}
        posted = self._messages.post(channel, message | fields, thread_ts)
        final = [self._shared(one, channel, posted) for one in files]
        posted = self._messages.change(channel, posted["ts"], {"files": [self.shown(one) for one in final]})
        for one in files:
            where = {
                "file_id": one["id"],
                "user_id": one["user"],
                "file": {"id": one["id"]},
                "channel_id": channel["id"],
            }
            self._workspace.emit({"type": "file_shared", **where, "event_ts": self._workspace.ts()})
        return posted

    def delete(self, file_id: str) -> None:
        """Take a file away from everywhere it was shared."""
        file = self.find(file_id)
        self._files.put(file_id, file | {"state": "deleted"})
        self._store.drop_bytes(file_id)
        places = sorted({*file["channels"], *file["groups"], *file["ims"]})
        for channel_id in places:
            channel = self._workspace.channel(channel_id)
            for message in self._messages.of(channel_id):
                if any(one["id"] == file_id for one in message.get("files", [])):
                    left = [one if one["id"] != file_id else _tombstone(file_id) for one in message["files"]]
                    self._messages.change(channel, message["ts"], {"files": left})
        gone = {"type": "file_deleted", "file_id": file_id, "channel_ids": places}
        self._workspace.emit(gone | {"event_ts": self._workspace.ts()})

    def may_see(self, file: Json, person: str) -> bool:
        """Say whether a person may see a file: their own, or one shared where they are."""
        where = [self._workspace.channel(one) for one in {*file["channels"], *file["groups"], *file["ims"]}]
        return file["user"] == person or any(person in one["members"] for one in where)

    def usable_picture(self, file_id: str) -> bool:
        """Say whether an image block may show this file by now."""
        file = self._files.get(file_id)
        return file is not None and file["state"] == "ready" and file["filetype"] in PICTURES

    def close(self) -> None:
        """Forget what has not settled yet."""
        for timer in self._settling:
            timer.cancel()

    def resume(self) -> None:
        """Type what a stopped server left half done."""
        for file in self._files:
            if file["state"] == "completed":
                self._files.put(file["id"], file | self._ready(file))

    def _describe(self, name: str, user: str, mimetype: str, filetype: str, size: int) -> Json:
        now = int(self._workspace.clock.now())
        return {
            "id": self._workspace.counters.id("F"),
            "created": now,
            "timestamp": now,
            "name": name,
            "title": name,
            "mimetype": mimetype,
            "filetype": filetype,
            "pretty_type": "",
            "user": user,
            "user_team": TEAM_ID,
            "editable": False,
            "size": size,
            "mode": "hosted",
            "is_external": False,
            "external_type": "",
            "is_public": False,
            "public_url_shared": False,
            "display_as_bot": False,
            "username": "",
            "media_display_type": "unknown",
            "has_rich_preview": False,
            "has_more_shares": False,
            "file_access": "visible",
            "comments_count": 0,
            "is_starred": False,
            "shares": {},
            "channels": [],
            "groups": [],
            "ims": [],
        }

    def _ready(self, file: Json) -> Json:
        body = self._store.get_bytes(file["id"]) or b""
        return _typed(file, body, mimetypes.guess_type(file["name"])[0] or "") | {"state": "ready"}

    def _later(self, seconds: float, task: Callable[[], None]) -> None:
        def run() -> None:
            self._settling.discard(timer)
            task()

        timer = asyncio.get_running_loop().call_later(seconds, run)
        self._settling.add(timer)

    def _settle(self, file_ids: list[str]) -> None:
        for one in file_ids:
            file = self._files.get(one)
            if file is not None and file["state"] == "completed":
                self._files.put(one, file | self._ready(file))

    def _share_by_app(self, file_ids: list[str], channel: Json, share: Json, thread_ts: str | None) -> None:
        self._settle(file_ids)
        ready = [file for one in file_ids if (file := self._files.get(one)) and file["state"] == "ready"]
        if ready:
            text = str(share.get("text", ""))
            extra = {key: value for key, value in share.items() if key != "text"}
            self.share(ready, channel, from_bot(text, **extra), thread_ts)

    def _shared(self, file: Json, channel: Json, message: Json) -> Json:
        share = {"reply_users": [], "reply_users_count": 0, "reply_count": 0, "ts": message["ts"], "team_id": TEAM_ID}
        share |= {"channel_name": channel.get("name", ""), "share_user_id": message["user"], "source": "UNKNOWN"}
        if "thread_ts" in message:
            share["thread_ts"] = message["thread_ts"]
        side = "private" if channel["is_private"] else "public"
        group = "ims" if channel["is_im"] else "groups" if channel["is_private"] else "channels"
        shares = {**file["shares"], side: {**file["shares"].get(side, {}), channel["id"]: [share]}}
        places = list(dict.fromkeys([*file[group], channel["id"]]))
        is_public = file["is_public"] or not channel["is_private"]
        return self._files.put(file["id"], file | {"shares": shares, group: places, "is_public": is_public})


def _typed(file: Json, body: bytes, mimetype: str) -> Json:
    """Give the type fields. MIDI comes in both of Slack's profiles, by turns that the file's id decides."""
    if body.startswith(b"MThd") or file["name"].lower().endswith((".mid", ".midi")):
        odd = hashlib.sha256(file["id"].encode()).digest()[0] % 2
        mimetype = "audio/midi" if odd else "application/octet-stream"
    filetype, pretty = _TYPES.get(mimetype, _UNKNOWN)
    typed: Json = {"mimetype": mimetype or "application/octet-stream", "filetype": filetype, "pretty_type": pretty}
    if mimetype.startswith("audio/") and filetype in {"mp3", "wav"}:
        typed["media_display_type"] = "audio"
    if body.startswith(b"\x89PNG\r\n\x1a\n") and len(body) > 24:
        width, height = struct.unpack(">II", body[16:24])
        typed |= {"original_w": width, "original_h": height}
    return typed


def _tombstone(file_id: str) -> Json:
    return {"id": file_id, "mode": "tombstone"}
