"""Web API: chat.*, the messages of the app, with what it attaches to them for itself and other apps: an event, and work objects."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.sandbox.arguments import flag, needed, structure, thread_of
from bot.sandbox.checks import At, anything, each, record
from bot.sandbox.messages import from_bot, linked
from bot.sandbox.shapes import BOT_USER, Json, SlackError, clipped

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bot.sandbox.messages import Messages
    from bot.sandbox.validate import Validator
    from bot.sandbox.views import Views
    from bot.sandbox.workspace import Workspace


_LONGEST_TEXT = 40_000
# What Slack's answer to an update repeats of the message: neither its time nor its thread.
_UPDATED = ("type", "user", "text", "bot_id", "app_id", "bot_profile", "team", "blocks", "files", "metadata", "edited")


@dataclass(frozen=True)
class ChatApi:
    """Messages by the app."""

    _workspace: Workspace
    _messages: Messages
    _views: Views
    _validator: Validator
    _base_url: Callable[[], str]

    def methods(self) -> dict[str, Callable[[Json], Json]]:
        """Give the methods by Slack's names."""
        return {
            "chat.postMessage": self.post_message,
            "chat.postEphemeral": self.post_ephemeral,
            "chat.update": self.update,
            "chat.delete": self.delete,
            "chat.getPermalink": self.permalink,
        }

    def post_message(self, args: Json) -> Json:
        """Post in a channel, a thread, a DM (or, with a user's id, in the DM with them)."""
        channel = self.destination(args)
        told = structure(args, "metadata")
        fields = {"metadata": metadata(told)} if told else {}
        posted = self._messages.post(channel, from_bot(**self.content(args) | fields), thread_of(args))
        return {"ok": True, "channel": channel["id"], "ts": posted["ts"], "message": _shown(posted)}

    def post_ephemeral(self, args: Json) -> Json:
        """Show something to one member of a channel."""
        needed(args, "user")
        channel = self.destination(args)
        user = self._workspace.user(str(args["user"]))
        if user["id"] not in channel["members"]:
            raise SlackError("user_not_in_channel")
        thread = {"thread_ts": thread_of(args)} if thread_of(args) else {}
        posted = self._messages.post_ephemeral(channel, user["id"], from_bot(**self.content(args) | thread))
        return {"ok": True, "message_ts": posted["ts"]}

    def update(self, args: Json) -> Json:
        """Change one of the app's messages; what is not given stays, but a new text stands alone no longer than its blocks."""
        needed(args, "channel", "ts")
        channel = self._workspace.visible(str(args["channel"]), BOT_USER)
        before = self._own(channel, args, "cant_update_message")
        changes = self.content(args) if args.get("text") or args.get("blocks") else {"text": before["text"]}
        if args.get("blocks") in ([], "[]"):
            changes["blocks"] = []
        if structure(args, "metadata"):
            changes["metadata"] = metadata(structure(args, "metadata"))
        after = self._messages.change(channel, before["ts"], changes, edited_by=BOT_USER)
        return {
            "ok": True,
            "channel": channel["id"],
            "ts": after["ts"],
            "text": after["text"],
            "message": {key: after[key] for key in _UPDATED if key in after},
        }

    def delete(self, args: Json) -> Json:
        """Delete one of the app's messages."""
        needed(args, "channel", "ts")
        channel = self._workspace.visible(str(args["channel"]), BOT_USER)
        before = self._own(channel, args, "cant_delete_message")
        self._messages.delete(channel, before["ts"])
        return {"ok": True, "channel": channel["id"], "ts": before["ts"]}

    def permalink(self, args: Json) -> Json:
        """Give a message's address."""
        needed(args, "channel", "message_ts")
        channel = self._workspace.visible(str(args["channel"]), BOT_USER)
        found = self._messages.find(channel["id"], str(args["message_ts"]))
        address = f"{self._base_url()}/archives/{channel['id']}/p{found['ts'].replace('.', '')}"
        if found.get("thread_ts", found["ts"]) != found["ts"]:
            address += f"?thread_ts={found['thread_ts']}&cid={channel['id']}"
        return {"ok": True, "channel": channel["id"], "permalink": address}

    def destination(self, args: Json) -> Json:
        """Give the channel, or the DM with a person, that a message is for."""
        needed(args, "channel")
        key = str(args["channel"])
        if key.startswith("U"):
            if self._workspace.user(key)["deleted"]:
                raise SlackError("channel_not_found")
            return self._workspace.direct(key, BOT_USER)[0]
        return self._workspace.joined(key, BOT_USER)

    def content(self, args: Json) -> Json:
        """Give the text and blocks of a message; SlackError `no_text`, `msg_too_long`, `invalid_blocks`."""
        text = str(args.get("text") or "")
        blocks = args.get("blocks")
        if not text and not blocks:
            raise SlackError("no_text")
        if len(text) > _LONGEST_TEXT:
            raise SlackError("msg_too_long")
        if flag(args, "link_names"):
            text = linked(text, self._workspace.users, self._workspace.channels)
        if not blocks:
            return {"text": text}
        return {"text": text, "blocks": self._views.with_ids(self._validator.blocks(blocks))}

    def _own(self, channel: Json, args: Json, error: str) -> Json:
        found = self._messages.find(channel["id"], str(args["ts"]))
        if found.get("user") != BOT_USER:
            raise SlackError(error)
        return found


def _shown(message: Json) -> Json:
    return {key: value for key, value in message.items() if key != "channel"}


def _has(asked: Any, at: At, *keys: str) -> Iterator[str]:
    for key in keys:
        if not isinstance(asked, dict) or not isinstance(asked.get(key), str) or not asked[key]:
            yield at.says(f"missing required field: {key}")


_ATTRIBUTES = record(
    {
        **dict.fromkeys(("display_type", "display_id", "product_icon", "product_name", "locale"), anything),
        **dict.fromkeys(("full_size_preview", "metadata_last_modified"), anything),
        "title": lambda asked, at: _has(asked, at, "text"),
    },
    always=("title",),
)
_PAYLOAD = record(
    {
        **dict.fromkeys(("fields", "custom_fields", "slack_file", "display_order", "actions"), anything),
        "attributes": _ATTRIBUTES,
    },
    always=("attributes",),
)
_ENTITY = record(
    {
        **dict.fromkeys(("entity_type", "url", "app_unfurl_url"), anything),
        "external_ref": lambda asked, at: _has(asked, at, "id"),
        "entity_payload": _PAYLOAD,
    },
    lambda asked, at: _has(asked, at, "entity_type", "url"),
    always=("external_ref", "entity_payload"),
)


def metadata(told: object) -> Json:
    """Check a message's metadata by the types of `@slack/types`; SlackError `invalid_metadata_format`."""
    if not isinstance(told, dict) or not told.keys() & {"event_type", "entities"}:
        raise SlackError("invalid_metadata_format")
    kept: Json = {}
    if "event_type" in told or "event_payload" in told:
        if not isinstance(told.get("event_payload"), dict) or not told.get("event_type"):
            raise SlackError("invalid_metadata_format")
        kept = {"event_type": told["event_type"], "event_payload": told["event_payload"]}
    if "entities" in told:
        problems = list(each(_ENTITY, sys.maxsize)(told["entities"], At("/metadata/entities")))
        if problems:
            raise SlackError("invalid_metadata_format", response_metadata=clipped(problems))
        kept["entities"] = told["entities"]
    return kept
