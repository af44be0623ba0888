"""What is sent to the app, over whichever transport: three seconds for its acknowledgement, faults, and a line in the log."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from bot.sandbox.clock import Moment
from bot.sandbox.faults import held
from bot.sandbox.shapes import ACK_SECONDS, Json

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.sandbox.clock import Clock
    from bot.sandbox.faults import Fault, Faults
    from bot.sandbox.journal import Entry, Journal


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


class AppLink:
    """The app, from the workspace's side."""

    def __init__(self, clock: Clock, journal: Journal, faults: Faults, transport: Transport) -> None:
        self._clock = clock
        self._journal = journal
        self._faults = faults
        self._transport = transport

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
