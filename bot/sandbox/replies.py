"""What an app answers to a command or at a response URL: seen by one person or all, new or in place of the old."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.sandbox.arguments import demand_done
from bot.sandbox.messages import from_bot
from bot.sandbox.shapes import BOT_USER, Json, SlackError

if TYPE_CHECKING:
    from bot.sandbox.messages import Messages
    from bot.sandbox.validate import Validator
    from bot.sandbox.views import Views
    from bot.sandbox.workspace import Workspace


@dataclass(frozen=True)
class Replies:
    """Answers that need no membership and no token."""

    _workspace: Workspace
    _messages: Messages
    _views: Views
    _validator: Validator

    def post(self, channel: Json, user: str, answer: Json) -> Json:
        """Post an answer in a channel, for `user` alone unless its response_type is in_channel."""
        demand_done("response_url", answer)
        message = from_bot(str(answer.get("text") or ""), **self._blocks(answer))
        if answer.get("response_type") == "in_channel":
            return self._messages.post(channel, message, answer.get("thread_ts"))
        thread = {"thread_ts": answer["thread_ts"]} if answer.get("thread_ts") else {}
        return self._messages.post_ephemeral(channel, user, message | thread)

    def at_url(self, about: Json, answer: Json) -> None:
        """Do what was posted to a response URL; SlackError `no_text`, `not_supported`, `invalid_blocks`, `message_not_found`."""
        demand_done("response_url", answer)
        channel = self._workspace.channel(about["channel"])
        source = about["source"]
        if source is not None and answer.get("delete_original"):
            self._delete(channel, about["user"], source)
        elif not answer.get("text") and not answer.get("blocks"):
            raise SlackError("no_text")
        elif source is not None and answer.get("replace_original"):
            self._replace(channel, about["user"], source, answer)
        else:
            self.post(channel, about["user"], answer)

    def _delete(self, channel: Json, user: str, source: Json) -> None:
        if source["ephemeral"]:
            self._messages.delete_ephemeral(self._messages.find_ephemeral(channel["id"], source["ts"], user))
        else:
            self._messages.delete(channel, source["ts"])

    def _replace(self, channel: Json, user: str, source: Json, answer: Json) -> None:
        changes = {"text": str(answer.get("text") or ""), "blocks": [], **self._blocks(answer)}
        if source["ephemeral"]:
            self._messages.change_ephemeral(self._messages.find_ephemeral(channel["id"], source["ts"], user), changes)
        else:
            self._messages.change(channel, source["ts"], changes, edited_by=BOT_USER)

    def _blocks(self, answer: Json) -> Json:
        if not answer.get("blocks"):
            return {}
        return {"blocks": self._views.with_ids(self._validator.blocks(answer["blocks"]))}
