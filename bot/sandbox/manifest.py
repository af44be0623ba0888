"""The app's manifest: which commands, scopes and events it has. Without one, the sandbox asks for none."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.sandbox.shapes import SlackError

if TYPE_CHECKING:
    from pathlib import Path

    from bot.sandbox.shapes import Json

_DEFAULT_EVENTS = frozenset({"message", "app_home_opened", "member_joined_channel", "app_mention"})
_MESSAGE_EVENTS = {"im": "message.im", "channel": "message.channels", "group": "message.groups", "mpim": "message.mpim"}
_DEFAULT_COMMANDS = ({"command": "/kantor", "description": "Kantor", "usage_hint": "help", "should_escape": True},)

# Where Slack takes one of several scopes, by the kind of conversation, the sandbox asks for the one of public channels.
_SCOPES = {
    "chat.postMessage": "chat:write",
    "chat.postEphemeral": "chat:write",
    "chat.update": "chat:write",
    "chat.delete": "chat:write",
    "conversations.open": "im:write",
    "conversations.info": "channels:read",
    "conversations.list": "channels:read",
    "conversations.members": "channels:read",
    "conversations.history": "channels:history",
    "conversations.replies": "channels:history",
    "users.info": "users:read",
    "users.list": "users:read",
    "users.conversations": "channels:read",
    "files.getUploadURLExternal": "files:write",
    "files.completeUploadExternal": "files:write",
    "files.delete": "files:write",
    "files.info": "files:read",
    "reactions.add": "reactions:write",
    "usergroups.users.list": "usergroups:read",
}
_IN_DIRECT = {"channels:read": "im:read", "channels:history": "im:history"}


@dataclass(frozen=True)
class Manifest:
    """What the app asked for; `scopes` and `events` are None where no manifest was given."""

    commands: tuple[Json, ...] = _DEFAULT_COMMANDS
    scopes: frozenset[str] | None = None
    events: frozenset[str] | None = None

    @classmethod
    def read(cls, path: Path | None) -> Manifest:
        """Read a manifest (JSON); without a path everything is allowed."""
        if path is None:
            return cls()
        told = json.loads(path.read_text(encoding="utf-8"))
        return cls(
            commands=tuple(told.get("features", {}).get("slash_commands", [])),
            scopes=frozenset(told.get("oauth_config", {}).get("scopes", {}).get("bot", [])),
            events=frozenset(told.get("settings", {}).get("event_subscriptions", {}).get("bot_events", [])),
        )

    def command(self, name: str) -> Json | None:
        """Give a command's entry, or None where the app has no such command."""
        return next((one for one in self.commands if one["command"] == name), None)

    def subscribed(self, event: Json) -> bool:
        """Say whether the app wants an event."""
        if self.events is None:
            return event["type"] in _DEFAULT_EVENTS
        if event["type"] == "message":
            return _MESSAGE_EVENTS[event["channel_type"]] in self.events
        return event["type"] in self.events

    def demand(self, method: str, args: Json) -> None:
        """Raise SlackError `missing_scope` where the app lacks a method's scope."""
        needed = _SCOPES.get(method)
        if self.scopes is None or needed is None:
            return
        if str(args.get("channel", "")).startswith("D"):
            needed = _IN_DIRECT.get(needed, needed)
        if needed not in self.scopes:
            raise SlackError("missing_scope", needed=needed, provided=",".join(sorted(self.scopes)))
