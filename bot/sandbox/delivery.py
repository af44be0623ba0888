"""What is sent to the app, over whichever transport: three seconds for its acknowledgement, faults, and a line in the log.

The Events API: what the app subscribed to is delivered, and delivered again until it is acknowledged.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from bot.sandbox.clock import Moment
from bot.sandbox.faults import held
from bot.sandbox.shapes import ACK_SECONDS, APP_ID, BOT_USER, TEAM_ID, VERIFICATION_TOKEN, Json
from bot.sandbox.store import Collection, Counters

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.sandbox.clock import Clock
    from bot.sandbox.faults import Fault, Faults
    from bot.sandbox.journal import Entry, Journal
    from bot.sandbox.manifest import Manifest
    from bot.sandbox.store import Store


@dataclass(frozen=True)
class Delivery:
    """One payload for the app.

    `kind` is Socket Mode's type of envelope (events_api, slash_commands, interactive), `name` what the log and faults call it
    (message, slash_command, view_submission ...), `accepts` whether the acknowledgement may carry an answer; `attempt` and
    `reason` say which retry it is, and why.
    """

    kind: str
    payload: Json
    name: str
    accepts: bool = False
    attempt: int = 0
    reason: str = ""


@dataclass(frozen=True)
class Failure:
    """Why a delivery was not acknowledged: as retries of events call it, as a person reads it; `final` forbids a retry."""

    reason: str
    shown: str
    final: bool = False


class NotConnectedError(Exception):
    """No app is connected."""


class NotAckedError(Exception):
    """The app did not acknowledge in time, or answered with a failure."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.reason)
        self.failure = failure


class Transport(Protocol):
    """Socket Mode, or HTTP."""

    timeout_reason: str

    @property
    def connected(self) -> bool:
        """Whether the app can be reached."""

    async def send(self, delivery: Delivery, heard: Callable[[Json], None], failed: Callable[[Failure], None]) -> None:
        """Send it; `heard` is called with the acknowledgement's payload, however late, `failed` with what went wrong."""


@dataclass(frozen=True)
class AppLink:
    """The app, from the workspace's side."""

    _clock: Clock
    _journal: Journal
    _faults: Faults
    _transport: Transport

    @property
    def connected(self) -> bool:
        """Say whether an app is there."""
        return self._transport.connected

    async def call(self, delivery: Delivery) -> Json:
        """Send a delivery and give the payload of its acknowledgement.

        Raises NotConnectedError where no app is there and NotAckedError after three seconds of the sandbox's clock.
        """
        fault = self._faults.take(delivery.payload, event=delivery.name)
        args: Json = {"type": delivery.kind, "payload": delivery.payload}
        args |= {"retry_attempt": delivery.attempt, "retry_reason": delivery.reason}
        entry = self._journal.begin("delivery", delivery.name, args)
        if not self.connected:
            entry.finish("not_connected")
            raise NotConnectedError
        if fault is not None and fault.mode == "hold_before" and not await self._let_go(fault, delivery.kind):
            entry.finish("timed_out")
            raise NotAckedError(self._timeout())
        answer = await self._carry(delivery, entry, fault.mode if fault else "")
        if isinstance(answer, Failure):
            timed_out = answer == self._timeout()
            lost = fault is not None and fault.mode == "lose"
            entry.finish("lost" if lost else "timed_out" if timed_out else "failed", {"error": answer.reason})
            raise NotAckedError(answer)
        entry.finish("acked", answer)
        return answer

    def _timeout(self) -> Failure:
        return Failure(self._transport.timeout_reason, "operation_timeout")

    async def _let_go(self, fault: Fault, kind: str) -> bool:
        """Hold a delivery until its release; a person waits for no more than three seconds of it (then False)."""
        if kind == "events_api":
            await fault.released.wait()
            return not fault.abandoned
        late = Moment()
        timer = self._clock.call_at(self._clock.now() + ACK_SECONDS, lambda: late.set(None))
        released = await held(fault, late.over)
        timer.cancel()
        return released

    async def _carry(self, delivery: Delivery, entry: Entry, mode: str) -> Json | Failure:
        moment = Moment()
        timer = self._clock.call_at(self._clock.now() + ACK_SECONDS, lambda: moment.set(self._timeout()))

        def heard(answer: Json) -> None:
            entry.late()
            moment.set(answer)

        try:
            for _ in range({"lose": 0, "double": 2}.get(mode, 1)):
                # An ack that nobody waits for is not heard.
                await self._transport.send(delivery, _deaf if mode == "hold_after" else heard, moment.set)
            answer = await moment.wait()
        finally:
            timer.cancel()
        return answer if isinstance(answer, (dict, Failure)) else {}


def _deaf(_: Json) -> None:
    """Do not hear an acknowledgement."""


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
