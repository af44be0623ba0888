"""Web API: views.* and files.*, what an app puts in front of people."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.sandbox.arguments import needed, number, structure, thread_of
from bot.sandbox.shapes import BOT_USER, Json, SlackError

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.sandbox.files import Files
    from bot.sandbox.triggers import Triggers
    from bot.sandbox.validate import Validator
    from bot.sandbox.views import Views
    from bot.sandbox.workspace import Workspace

_LARGEST_FILE = 1_000_000_000


class ViewsApi:
    """Modals and App Home by the app."""

    def __init__(self, workspace: Workspace, views: Views, triggers: Triggers) -> None:
        self._workspace = workspace
        self._views = views
        self._triggers = triggers

    def methods(self) -> dict[str, Callable[[Json], Json]]:
        """Give the methods by Slack's names."""
        return {
            "views.open": self.open,
            "views.push": self.push,
            "views.update": self.update,
            "views.publish": self.publish,
        }

    def open(self, args: Json) -> Json:
        """Open a modal."""
        needed(args, "trigger_id", "view")
        trigger = self._triggers.redeem(args["trigger_id"])
        return {"ok": True, "view": self._views.open(trigger, structure(args, "view"))}

    def push(self, args: Json) -> Json:
        """Open a modal over another."""
        needed(args, "trigger_id", "view")
        trigger = self._triggers.redeem(args["trigger_id"])
        return {"ok": True, "view": self._views.push(trigger, structure(args, "view"))}

    def update(self, args: Json) -> Json:
        """Change an open view."""
        needed(args, "view")
        if not args.get("view_id") and not args.get("external_id"):
            needed(args, "view_id")
        view = self._views.update(
            args.get("view_id"), args.get("external_id"), args.get("hash"), structure(args, "view")
        )
        return {"ok": True, "view": view}

    def publish(self, args: Json) -> Json:
        """Set a person's App Home."""
        needed(args, "user_id", "view")
        user = self._workspace.user(str(args["user_id"]))
        return {"ok": True, "view": self._views.publish(user["id"], args.get("hash"), structure(args, "view"))}


@dataclass(frozen=True)
class FilesApi:
    """Files by the app: three steps up, and what is known about them."""

    _workspace: Workspace
    _files: Files
    _views: Views
    _validator: Validator
    _base_url: Callable[[], str]

    def methods(self) -> dict[str, Callable[[Json], Json]]:
        """Give the methods by Slack's names."""
        return {
            "files.getUploadURLExternal": self.upload_url,
            "files.completeUploadExternal": self.complete,
            "files.info": self.info,
            "files.delete": self.delete,
        }

    def upload_url(self, args: Json) -> Json:
        """Announce a file and get the address for its bytes."""
        needed(args, "filename", "length")
        length = number(args, "length", 0)
        if not 0 < length <= _LARGEST_FILE:
            raise SlackError("file_upload_size_restricted")
        file = self._files.announce(str(args["filename"]), length, args.get("alt_txt"))
        return {"ok": True, "upload_url": f"{self._base_url()}/upload/v1/{file['id']}", "file_id": file["id"]}

    def complete(self, args: Json) -> Json:
        """Finish an upload, and share it a moment later where a channel is given."""
        needed(args, "files")
        wanted = structure(args, "files")
        if not isinstance(wanted, list) or not wanted or not all(isinstance(one, dict) for one in wanted):
            raise SlackError("invalid_arguments")
        places = [one for one in str(args.get("channel_id") or args.get("channels") or "").split(",") if one]
        if len(places) > 1:
            raise SlackError("not_supported", text="The sandbox shares an upload in one channel.")
        key = next(iter(places), "")
        channel = self._workspace.joined(str(key), BOT_USER) if key else None
        if channel is not None and channel.get("is_archived"):
            raise SlackError("is_archived")
        share: Json = {"text": str(args.get("initial_comment") or "")}
        if args.get("blocks"):
            share["blocks"] = self._views.with_ids(self._validator.blocks(args["blocks"]))
        done = self._files.complete(wanted, channel, share, thread_of(args))
        return {"ok": True, "files": [self._files.shown(one) for one in done]}

    def info(self, args: Json) -> Json:
        """Describe a file."""
        file = self._files.find(self._asked(args))
        extra = {"comments": [], "response_metadata": {"next_cursor": ""}}
        return {"ok": True, "file": self._files.shown(file), **extra}

    def delete(self, args: Json) -> Json:
        """Delete one of the app's files."""
        file = self._files.find(self._asked(args))
        if file["user"] != BOT_USER:
            raise SlackError("cant_delete_file")
        self._files.delete(file["id"])
        return {"ok": True}

    def _asked(self, args: Json) -> str:
        needed(args, "file")
        return str(args["file"])
