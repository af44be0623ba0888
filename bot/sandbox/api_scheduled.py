"""Web API: messages that the app sends later, by the sandbox's clock; a restart of the sandbox loses none."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from bot.sandbox.arguments import needed, number, page
from bot.sandbox.messages import from_bot
from bot.sandbox.shapes import Json, SlackError
from bot.sandbox.store import Collection, Counters

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.sandbox.api_chat import ChatApi
    from bot.sandbox.clock import Clock
    from bot.sandbox.store import Store

_FARTHEST = 120 * 86_400
# Slack sends what is due within a minute, whatever is said meanwhile.
_TOO_LATE = 60


class ScheduledApi:
    """chat.scheduleMessage and its kin."""

    def __init__(self, store: Store, clock: Clock, chat: ChatApi) -> None:
        self._clock = clock
        self._chat = chat
        self._waiting = Collection(store, "scheduled")
        self._counters = Counters(store)

    def methods(self) -> dict[str, Callable[[Json], Json]]:
        """Give the methods by Slack's names."""
        return {
            "chat.scheduleMessage": self.schedule,
            "chat.deleteScheduledMessage": self.delete,
            "chat.scheduledMessages.list": self.listed,
        }

    def resume(self) -> None:
        """Send what is due, and wait for the rest."""
        for one in self._waiting:
            self._arm(one)

    def schedule(self, args: Json) -> Json:
        """Send a message later; SlackError `time_in_past`, `time_too_far`, and what chat.postMessage says."""
        needed(args, "channel", "post_at")
        at, now = number(args, "post_at", 0), self._clock.now()
        channel, content = self._chat.destination(args), self._chat.content(args)
        if at <= now:
            raise SlackError("time_in_past")
        if at > now + _FARTHEST:
            raise SlackError("time_too_far")
        key = f"Q{self._counters.next('scheduled'):08d}"
        kept = {"id": key, "channel": channel["id"], "post_at": at, "created": int(now), "args": dict(args), **content}
        self._waiting.put(key, kept)
        self._arm(kept)
        message = {"type": "delayed_message", **from_bot(**content)}
        return {"ok": True, "scheduled_message_id": key, "channel": channel["id"], "post_at": at, "message": message}

    def delete(self, args: Json) -> Json:
        """Take a message back that waits; SlackError `invalid_scheduled_message_id`, also in its last minute."""
        needed(args, "channel", "scheduled_message_id")
        found = self._waiting.get(str(args["scheduled_message_id"]))
        known = found is not None and found["channel"] == args["channel"]
        if found is None or not known or found["post_at"] - self._clock.now() < _TOO_LATE:
            raise SlackError("invalid_scheduled_message_id")
        self._waiting.drop(found["id"])
        return {"ok": True}

    def listed(self, args: Json) -> Json:
        """Give what waits, the next first."""
        earliest, latest = number(args, "oldest", 0), number(args, "latest", 2**53)
        waiting = [
            {"id": one["id"], "channel_id": one["channel"], "post_at": one["post_at"], "date_created": one["created"]}
            | ({"text": one["text"]} if one["text"] else {})
            for one in sorted(self._waiting, key=lambda one: (one["post_at"], one["id"]))
            if args.get("channel") in {None, "", one["channel"]} and earliest <= one["post_at"] <= latest
        ]
        items, cursor = page(waiting, args)
        return {"ok": True, "scheduled_messages": items, "response_metadata": {"next_cursor": cursor}}

    def _arm(self, waiting: Json) -> None:
        self._clock.call_at(waiting["post_at"], lambda: self._send(waiting["id"]))

    def _send(self, key: str) -> None:
        waiting = self._waiting.get(key)
        if waiting is None:
            return
        self._waiting.drop(key)
        # Whoever left or archived the channel meanwhile gets no message.
        with contextlib.suppress(SlackError):
            self._chat.post_message(waiting["args"] | {"channel": waiting["channel"]})
