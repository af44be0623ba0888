"""What people and the app put on messages: one emoji of a name a person, told to the app as Slack tells it.

With the Web API: reactions.*.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.sandbox.arguments import needed, page
from bot.sandbox.shapes import BOT_USER, Json, SlackError

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.sandbox.messages import Messages
    from bot.sandbox.workspace import Workspace


_NAME = re.compile(r"[a-z0-9_+'-]+(::skin-tone-[2-6])?")


class Reactions:
    """Reactions on messages, by whoever is in the channel."""

    def __init__(self, workspace: Workspace, messages: Messages) -> None:
        self._workspace = workspace
        self._messages = messages

    def add(self, channel: Json, ts: str, name: str, user: str) -> None:
        """Put an emoji on a message; SlackError `invalid_name`, `already_reacted`, `message_not_found`."""
        name = name.strip(":")
        if not _NAME.fullmatch(name):
            raise SlackError("invalid_name")
        found = self._messages.find(channel["id"], ts)
        reactions = [dict(one) for one in found.get("reactions", [])]
        mine = next((one for one in reactions if one["name"] == name), None)
        if mine is None:
            reactions.append({"name": name, "users": [user], "count": 1})
        elif user in mine["users"]:
            raise SlackError("already_reacted")
        else:
            mine |= {"users": [*mine["users"], user], "count": mine["count"] + 1}
        self._messages.change(channel, ts, {"reactions": reactions})
        self._tell("reaction_added", channel, found, name, user)

    def remove(self, channel: Json, ts: str, name: str, user: str) -> None:
        """Take one's own emoji away again; SlackError `no_reaction`, `message_not_found`."""
        name, found = name.strip(":"), self._messages.find(channel["id"], ts)
        before = found.get("reactions", [])
        if not any(one["name"] == name and user in one["users"] for one in before):
            raise SlackError("no_reaction")
        left = [_without(one, user) if one["name"] == name else one for one in before]
        self._messages.change(channel, ts, {"reactions": [one for one in left if one["users"]]})
        self._tell("reaction_removed", channel, found, name, user)

    def by(self, user: str, channels: list[Json]) -> list[tuple[Json, Json]]:
        """Give what somebody has reacted to: (channel, message), newest first."""
        found = [
            (channel, message)
            for channel in channels
            for message in self._messages.of(channel["id"])
            if any(user in one["users"] for one in message.get("reactions", []))
        ]
        return sorted(found, key=lambda one: float(one[1]["ts"]), reverse=True)

    def _tell(self, kind: str, channel: Json, message: Json, name: str, user: str) -> None:
        event: Json = {"type": kind, "user": user, "reaction": name}
        event |= {"item": {"type": "message", "channel": channel["id"], "ts": message["ts"]}}
        event |= {"item_user": message["user"]} if message.get("user") else {}
        self._messages.emit_about(channel, event)


def _without(reaction: Json, user: str) -> Json:
    users = [one for one in reaction["users"] if one != user]
    return reaction | {"users": users, "count": len(users)}


class ReactionsApi:
    """Reactions by the app, and of all."""

    def __init__(self, workspace: Workspace, messages: Messages, reactions: Reactions) -> None:
        self._workspace = workspace
        self._messages = messages
        self._reactions = reactions

    def methods(self) -> dict[str, Callable[[Json], Json]]:
        """Give the methods by Slack's names."""
        return {
            "reactions.add": self.add,
            "reactions.get": self.get,
            "reactions.list": self.listed,
            "reactions.remove": self.remove,
        }

    def add(self, args: Json) -> Json:
        """Put an emoji on a message."""
        needed(args, "channel", "name", "timestamp")
        self._reactions.add(self._channel(args), str(args["timestamp"]), str(args["name"]), BOT_USER)
        return {"ok": True}

    def get(self, args: Json) -> Json:
        """Give a message with what people and the app have put on it."""
        needed(args, "channel", "timestamp")
        channel = self._channel(args)
        found = self._messages.find(channel["id"], str(args["timestamp"]))
        return {"ok": True, "type": "message", "channel": channel["id"], "message": _shown(found)}

    def listed(self, args: Json) -> Json:
        """Give what somebody (the app, where nobody is named) has reacted to, in the channels where the app is."""
        user = self._workspace.user(str(args.get("user") or BOT_USER))["id"]
        items, cursor = page(self._reactions.by(user, self._workspace.of(BOT_USER)), args)
        told = [{"type": "message", "channel": where["id"], "message": _shown(found)} for where, found in items]
        return {"ok": True, "items": told, "response_metadata": {"next_cursor": cursor}}

    def remove(self, args: Json) -> Json:
        """Take the app's own emoji away again."""
        needed(args, "channel", "name", "timestamp")
        self._reactions.remove(self._channel(args), str(args["timestamp"]), str(args["name"]), BOT_USER)
        return {"ok": True}

    def _channel(self, args: Json) -> Json:
        return self._workspace.joined(str(args["channel"]), BOT_USER)


def _shown(message: Json) -> Json:
    return {key: value for key, value in message.items() if key != "channel"}
