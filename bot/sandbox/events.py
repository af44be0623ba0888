"""The Events API: what the app subscribed to is delivered, and delivered again until it is acknowledged."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from bot.sandbox.delivery import Delivery, NotAckedError, NotConnectedError
from bot.sandbox.shapes import APP_ID, BOT_USER, TEAM_ID, VERIFICATION_TOKEN, Json
from bot.sandbox.store import Collection, Counters

if TYPE_CHECKING:
    from bot.sandbox.clock import Clock
    from bot.sandbox.delivery import AppLink, Failure
    from bot.sandbox.manifest import Manifest
    from bot.sandbox.store import Store

# After the first attempt, in seconds: about at once, a minute, five minutes.
RETRY_AFTER = (0.0, 60.0, 300.0)


class Events:
    """Events that wait for their ack. They are stored, so that a restart of the sandbox loses none."""

    def __init__(self, store: Store, clock: Clock, link: AppLink, manifest: Manifest) -> None:
        self._clock = clock
        self._link = link
        self._manifest = manifest
        self._counters = Counters(store)
        self._pending = Collection(store, "pending_event")
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._watch: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin delivering; what an earlier run left is due when an app connects."""
        self._watch = asyncio.create_task(self._watch_sockets())

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
        if event_id not in self._tasks and self._pending.get(event_id) and self._link.connected:
            task = asyncio.create_task(self._attempt(event_id))
            self._tasks[event_id] = task
            task.add_done_callback(lambda _: self._ended(event_id))

    def _ended(self, event_id: str) -> None:
        self._tasks.pop(event_id, None)
        waiting = self._pending.get(event_id)
        if waiting is not None and waiting["attempt"] > 0:
            self._clock.call_at(waiting["due"], lambda: self._begin(event_id))

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
            return
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

    async def _watch_sockets(self) -> None:
        while True:
            await self._link.opened.wait()
            self._link.opened.clear()
            for waiting in self._pending:
                self._clock.call_at(waiting["due"], lambda event_id=waiting["id"]: self._begin(event_id))  # type: ignore[misc]  # mypy cannot infer a lambda's default

    async def close(self) -> None:
        """Stop delivering."""
        tasks = [*self._tasks.values(), *([self._watch] if self._watch else [])]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
