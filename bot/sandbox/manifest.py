"""The app's manifest: which commands, scopes and events it has. Without one, the sandbox asks for none."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.sandbox.arguments import flag
from bot.sandbox.shapes import BOT_NAME, SlackError

if TYPE_CHECKING:
    from pathlib import Path

    from bot.sandbox.shapes import Json

_DEFAULT_EVENTS = frozenset(
    {"message", "app_home_opened", "member_joined_channel", "app_mention", "reaction_added", "reaction_removed"}
)
_MESSAGE_EVENTS = {"im": "message.im", "channel": "message.channels", "group": "message.groups", "mpim": "message.mpim"}
_DEFAULT_COMMANDS = ({"command": "/kantor", "description": "Kantor", "usage_hint": "help", "should_escape": True},)

# Scopes of channels:* are those of public channels; other kinds of conversations have their own.
_SCOPES = {
    "chat.postMessage": "chat:write",
    "chat.postEphemeral": "chat:write",
    "chat.update": "chat:write",
    "chat.delete": "chat:write",
    "chat.scheduleMessage": "chat:write",
    "chat.deleteScheduledMessage": "chat:write",
    "conversations.create": "channels:manage",
    "conversations.history": "channels:history",
    "conversations.info": "channels:read",
    "conversations.invite": "channels:manage",
    "conversations.join": "channels:join",
    "conversations.leave": "channels:manage",
    "conversations.list": "channels:read",
    "conversations.members": "channels:read",
    "conversations.open": "im:write",
    "conversations.replies": "channels:history",
    "conversations.setTopic": "channels:manage",
    "users.info": "users:read",
    "users.list": "users:read",
    "users.conversations": "channels:read",
    "files.getUploadURLExternal": "files:write",
    "files.completeUploadExternal": "files:write",
    "files.delete": "files:write",
    "files.info": "files:read",
    "reactions.add": "reactions:write",
    "reactions.get": "reactions:read",
    "reactions.list": "reactions:read",
    "reactions.remove": "reactions:write",
    "bots.info": "users:read",
    "team.info": "team:read",
    "users.lookupByEmail": "users:read.email",
    "usergroups.users.list": "usergroups:read",
}
_BY_KIND = {
    "group": {"channels:read": "groups:read", "channels:history": "groups:history", "channels:manage": "groups:write"},
    "im": {"channels:read": "im:read", "channels:history": "im:history"},
    "mpim": {"channels:read": "mpim:read", "channels:history": "mpim:history"},
    "channel": {},
}
_KINDS = {"public_channel": "channel", "private_channel": "group", "im": "im", "mpim": "mpim"}
_EVENT_SCOPES = {
    "app_mention": "app_mentions:read",
    "channel_archive": "channels:read",
    "channel_created": "channels:read",
    "file_deleted": "files:read",
    "file_shared": "files:read",
    "group_archive": "groups:read",
    "message.channels": "channels:history",
    "message.groups": "groups:history",
    "message.im": "im:history",
    "message.mpim": "mpim:history",
    "reaction_added": "reactions:read",
    "reaction_removed": "reactions:read",
    "team_join": "users:read",
    "user_change": "users:read",
}


class ManifestError(Exception):
    """A manifest that cannot be read, in a sentence."""


@dataclass(frozen=True)
class Manifest:
    """What the app asked for; `scopes` and `events` are None where no manifest was given."""

    name: str = "Kantor"
    handle: str = BOT_NAME
    commands: tuple[Json, ...] = _DEFAULT_COMMANDS
    shortcuts: tuple[Json, ...] = ()
    scopes: frozenset[str] | None = None
    events: frozenset[str] | None = None

    @classmethod
    def read(cls, path: Path | None) -> Manifest:
        """Read a manifest (JSON); without a path everything is allowed. ManifestError."""
        if path is None:
            return cls()
        told = _told(path)
        name = str(told.get("display_information", {}).get("name") or "Kantor")
        handle = str(told.get("features", {}).get("bot_user", {}).get("display_name") or BOT_NAME)
        return cls(
            name=name,
            handle=handle.lower().replace(" ", "_"),
            commands=tuple(told.get("features", {}).get("slash_commands", [])),
            shortcuts=tuple(told.get("features", {}).get("shortcuts", [])),
            scopes=frozenset(told.get("oauth_config", {}).get("scopes", {}).get("bot", [])),
            events=frozenset(told.get("settings", {}).get("event_subscriptions", {}).get("bot_events", [])),
        )

    def scope_headers(self, method: str) -> dict[str, str]:
        """Give what Slack tells beside each answer: the app's scopes, and the one that the method asks for."""
        granted = set(_SCOPES.values()) if self.scopes is None else self.scopes
        accepted = {"x-accepted-oauth-scopes": _SCOPES[method]} if method in _SCOPES else {}
        return {"x-oauth-scopes": ",".join(sorted(granted)), **accepted}

    def command(self, name: str) -> Json | None:
        """Give a command's entry, or None where the app has no such command."""
        return next((one for one in self.commands if one["command"] == name), None)

    def shortcut(self, kind: str, callback_id: str) -> bool:
        """Say whether the app has a shortcut: `kind` is global or message, as the manifest has it."""
        return any((one["type"], one["callback_id"]) == (kind, callback_id) for one in self.shortcuts)

    def subscribed(self, event: Json) -> bool:
        """Say whether the app wants an event."""
        if self.events is None:
            return event["type"] in _DEFAULT_EVENTS
        name = _MESSAGE_EVENTS[event["channel_type"]] if event["type"] == "message" else str(event["type"])
        return name in self.events and self.grants(_EVENT_SCOPES.get(name))

    def grants(self, scope: str | None) -> bool:
        """Say whether the app has a scope (None: where none is asked for); without a manifest it has all."""
        return scope is None or self.scopes is None or scope in self.scopes

    def demand(self, method: str, args: Json, kind: str = "channel") -> None:
        """Raise SlackError `missing_scope` where the app lacks a method's scope; `kind` is that of the conversation asked for."""
        scope = _SCOPES.get(method)
        if self.scopes is None or scope is None:
            return
        kinds = [kind]
        if method in {"conversations.list", "users.conversations"}:
            kinds = [_KINDS.get(one, "channel") for one in str(args.get("types") or "public_channel").split(",")]
        elif method == "conversations.create" and flag(args, "is_private"):
            kinds = ["group"]
        for needed in [_BY_KIND[one].get(scope, scope) for one in kinds]:
            if not self.grants(needed):
                raise SlackError("missing_scope", needed=needed, provided=",".join(sorted(self.scopes)))


def _told(path: Path) -> Json:
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ManifestError(f"The manifest {path} cannot be read: {error.strerror}.") from None
    except ValueError:
        raise ManifestError(
            f"The manifest {path} is not JSON. If it is YAML, save it as JSON: Slack's own page of the app shows both."
        ) from None
    if not isinstance(told, dict):
        raise ManifestError(f"The manifest {path} is no JSON object. It has to begin with a curly bracket.")
    return told
