"""Web API: reactions.*, what the app puts on messages, and what lies there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.sandbox.arguments import needed, page
from bot.sandbox.shapes import BOT_USER, Json

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.sandbox.messages import Messages
    from bot.sandbox.reactions import Reactions
    from bot.sandbox.workspace import Workspace


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
