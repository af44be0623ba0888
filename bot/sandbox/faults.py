"""What shall go wrong, ordered by tests: a held call, an error, a lost or doubled delivery."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.sandbox.numerals import number
from bot.sandbox.shapes import SlackError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.sandbox.shapes import Json

# slow: answered after `seconds`; expired_trigger: as if the trigger had been too old. The share of an upload is a call, too.
CALL_MODES = ("hold_before", "hold_after", "error", "rate_limited", "http_500", "slow", "expired_trigger")
SHARE_MODES = ("lose", "slow")
# hold_before: delivered when released; hold_after: delivered, but its ack is not heard; lose: not delivered.
_MANY = 10 * 366 * 86400.0
_SUCH_AS = {"mode": "lose", "method": "chat.postMessage", "event": "message", "match": "F0SONG", "error": "fatal_error"}
DELIVERY_MODES = ("hold_before", "hold_after", "double", "lose")


@dataclass
class Fault:
    """One order: the next `times` calls of `method`, or deliveries of `event`, whose JSON holds `match`, go wrong."""

    id: str
    mode: str
    method: str | None
    event: str | None
    times: int
    match: str
    error: str
    retry_after: int
    seconds: float
    released: asyncio.Event = field(default_factory=asyncio.Event)
    abandoned: bool = False

    def fits(self, method: str | None, event: str | None, text: str) -> bool:
        """Say whether this order is meant for a call or a delivery."""
        meant = (self.method, self.event) == (method, event)
        return self.times > 0 and meant and (not self.match or self.match in text)


class Faults:
    """The orders that still stand."""

    def __init__(self) -> None:
        self._faults: dict[str, Fault] = {}
        self._count = 0

    def add(self, order: Json) -> Fault:
        """Take an order; SlackError `invalid_arguments` where it makes no sense."""
        for name in ("mode", "method", "event", "match", "error"):
            if not isinstance(order.get(name, ""), str | None):
                raise SlackError("invalid_arguments", text=f"{name} must be a text, such as {_SUCH_AS[name]}.")
        mode, method, event = order.get("mode"), order.get("method"), order.get("event")
        if (method is None) == (event is None):
            raise SlackError("invalid_arguments", text="A fault needs a method or an event.")
        modes = SHARE_MODES if method == "share" else CALL_MODES if method else DELIVERY_MODES
        if mode not in modes:
            raise SlackError("invalid_arguments", text=f"The mode is one of {', '.join(modes)}.")
        self._count += 1
        fault = Fault(
            id=f"fault-{self._count}",
            mode=str(mode),
            method=method,
            event=event,
            times=int(number(order.get("times") or 1, "times", 1, _MANY)),
            match=str(order.get("match") or ""),
            error=str(order.get("error") or "internal_error"),
            retry_after=int(number(order.get("retry_after") or 1, "retry_after", 0, _MANY)),
            seconds=number(order.get("seconds") or 0, "seconds", 0, _MANY),
        )
        self._faults[fault.id] = fault
        return fault

    def take(self, args: Json, *, method: str | None = None, event: str | None = None) -> Fault | None:
        """Give the first order for this call or delivery, and count it as used."""
        if not self._faults:
            return None
        text = json.dumps(args, ensure_ascii=False)
        for fault in self._faults.values():
            if fault.fits(method, event, text):
                fault.times -= 1
                return fault
        return None

    def release(self, fault_id: str | None = None) -> None:
        """Let go what is held by one order, or by all; the order is void afterwards."""
        for fault in list(self._faults.values()):
            if fault_id in {None, fault.id}:
                fault.times = 0
                fault.released.set()
                del self._faults[fault.id]

    def abandon(self) -> None:
        """Drop what is held, because the server stops or begins anew."""
        for fault in self._faults.values():
            fault.abandoned = True
        self.release()


async def held(fault: Fault, gone: Callable[[], Awaitable[None]]) -> bool:
    """Wait until the order is released (True), or the caller or the server has gone (False)."""
    released = asyncio.ensure_future(fault.released.wait())
    left = asyncio.ensure_future(gone())
    done, waiting = await asyncio.wait({released, left}, return_when=asyncio.FIRST_COMPLETED)
    for one in waiting:
        one.cancel()
    await asyncio.gather(*waiting, return_exceptions=True)
    return released in done and not fault.abandoned
