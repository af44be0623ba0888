"""The Events API: what the app subscribed to is delivered, and delivered again until it is acknowledged."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from bot.sandbox.delivery import Delivery, Failure, NotAckedError, NotConnectedError
from bot.sandbox.shapes import APP_ID, BOT_USER, TEAM_ID, VERIFICATION_TOKEN, Json
from bot.sandbox.store import Collection, Counters

if TYPE_CHECKING:
    from bot.sandbox.clock import Clock
    from bot.sandbox.delivery import AppLink
    from bot.sandbox.manifest import Manifest
    from bot.sandbox.store import Store

# After the first attempt, in seconds: about at once, a minute, five minutes.
RETRY_AFTER = (0.0, 60.0, 300.0)
# Slack does not wait for an app that is away: that costs a try like any other failure.
_NOT_THERE = Failure("connection_failed", "not_connected")


class Events:
    """Events that wait for their ack. They are stored, so that a restart of the sandbox loses none."""

    def __init__(self, store: Store, clock: Clock, link: AppLink, manifest: Manifest) -> None:
        self._clock = clock
        self._link = link
        self._manifest = manifest
        self._counters = Counters(store)
        self._pending = Collection(store, "pending_event")
        self._tasks: dict[str, asyncio.Task[None]] = {}

    def start(self) -> None:
        """Go on with what an earlier run left, where it was."""
        for waiting in self._pending:
            self._arm(waiting)

    def emit(self, event: Json) -> None:
        """Deliver an event, if the app subscribed to it."""
        if not self._manifest.subscribed(event):
            return
        event_id = f"Ev{self._counters.next('event'):08d}"
        body = self._callback(event_id, event)
        self._pending.put(event_id, {"id": event_id, "body": body, "attempt": 0, "due": self._clock.now()})
        self._begin(event_id)

    def _callback(self, event_id: str, event: Json) -> Json:
        who = {"enterprise_id": None, "team_id": TEAM_ID, "user_id": BOT_USER, "is_bot": True}
        return {
            "token": VERIFICATION_TOKEN,
            "team_id": TEAM_ID,
            "context_team_id": TEAM_ID,
            "context_enterprise_id": None,
            "api_app_id": APP_ID,
            "event": event,
            "type": "event_callback",
            "event_id": event_id,
            "event_time": int(self._clock.now()),
            "authorizations": [who | {"is_enterprise_install": False}],
            "is_ext_shared_channel": False,
            "event_context": f"4-{event_id}",
        }

    def _begin(self, event_id: str) -> None:
        if event_id not in self._tasks and self._pending.get(event_id):
            task = asyncio.create_task(self._attempt(event_id))
            self._tasks[event_id] = task
            task.add_done_callback(lambda done: self._ended(event_id, done))

    def _ended(self, event_id: str, done: asyncio.Task[None]) -> None:
        self._tasks.pop(event_id, None)
        waiting = self._pending.get(event_id)
        if waiting is not None and not done.cancelled():
            self._arm(waiting)

    def _arm(self, waiting: Json) -> None:
        # No later than in its longest wait: the machine's clock may have been set back between two runs.
        due = min(waiting["due"], self._clock.now() + max(RETRY_AFTER))
        self._clock.call_at(due, lambda: self._begin(waiting["id"]))

    async def _attempt(self, event_id: str) -> None:
        waiting = self._pending.get(event_id)
        if waiting is None:
            return
        attempt = waiting["attempt"]
        name = waiting["body"]["event"]["type"]
        reason = waiting.get("reason", "")
        try:
            await self._link.call(Delivery("events_api", waiting["body"], name, attempt=attempt, reason=reason))
        except NotConnectedError:
            self._postpone(waiting, _NOT_THERE)
        except NotAckedError as error:
            self._postpone(waiting, error.failure)
        else:
            self._pending.drop(event_id)

    def _postpone(self, waiting: Json, failure: Failure) -> None:
        attempt = waiting["attempt"]
        if failure.final or attempt == len(RETRY_AFTER):
            self._pending.drop(waiting["id"])
        else:
            due = self._clock.now() + RETRY_AFTER[attempt]
            self._pending.put(waiting["id"], waiting | {"attempt": attempt + 1, "due": due, "reason": failure.reason})

    async def close(self) -> None:
        """Stop delivering."""
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
