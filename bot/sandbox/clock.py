"""The sandbox's time: it can be advanced, and what waits for a later time is called then."""

from __future__ import annotations

import asyncio
import heapq
import itertools
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_LONGEST_NAP = 3600.0


@dataclass(order=True)
class Timer:
    """One thing to do at `when` (seconds since the epoch, on the sandbox's clock)."""

    when: float
    number: int
    callback: Callable[[], None] = field(compare=False)
    cancelled: bool = field(default=False, compare=False)

    def cancel(self) -> None:
        """Do not call it."""
        self.cancelled = True


class Clock:
    """Seconds since the epoch from `source`, plus what was advanced.

    Where `source` goes back (somebody sets the machine's clock), this one goes on by `steady`: Slack's clock is not the machine's.
    """

    def __init__(self, source: Callable[[], float], steady: Callable[[], float] = time.monotonic) -> None:
        self._source, self._steady = source, steady
        self._shown = source(), steady()
        self._offset = 0.0
        self._timers: list[Timer] = []
        self._numbers = itertools.count()
        self._nap: asyncio.TimerHandle | None = None

    def now(self) -> float:
        """Give the time in seconds since the epoch."""
        before, then = self._shown
        at = self._steady()
        self._shown = max(self._source(), before + at - then), at
        return self._shown[0] + self._offset

    def real(self) -> float:
        """Give the machine's time, without what was advanced."""
        return self._source()

    @property
    def offset(self) -> float:
        """Seconds that were advanced so far."""
        return self._offset

    def set_offset(self, seconds: float) -> None:
        """Go on where an earlier run had advanced to."""
        self._offset = seconds

    def advance(self, seconds: float) -> None:
        """Move forward at once, and do what has become due."""
        self._offset += seconds
        self._ring()

    def call_at(self, when: float, callback: Callable[[], None]) -> Timer:
        """Call `callback` on the server's event loop once the clock shows `when`."""
        timer = Timer(when, next(self._numbers), callback)
        heapq.heappush(self._timers, timer)
        if self._nap is None or self._timers[0] is timer:
            self._arm()
        return timer

    def close(self) -> None:
        """Forget all timers."""
        self._timers.clear()
        if self._nap is not None:
            self._nap.cancel()

    def _arm(self) -> None:
        if self._nap is not None:
            self._nap.cancel()
            self._nap = None
        while self._timers and self._timers[0].cancelled:
            heapq.heappop(self._timers)
        if self._timers:
            nap = min(max(self._timers[0].when - self.now(), 0.001), _LONGEST_NAP)
            self._nap = asyncio.get_running_loop().call_later(nap, self._ring)

    def _ring(self) -> None:
        while self._timers and self._timers[0].when <= self.now():
            timer = heapq.heappop(self._timers)
            if not timer.cancelled:
                timer.callback()
        self._arm()


class Moment:
    """Something to wait for: set once, by an answer or by a timer."""

    def __init__(self) -> None:
        self._future: asyncio.Future[object] = asyncio.get_running_loop().create_future()

    def set(self, value: object) -> None:
        """Set it, unless it was set before."""
        if not self._future.done():
            self._future.set_result(value)

    async def wait(self) -> object:
        """Wait for it."""
        return await asyncio.shield(self._future)

    async def over(self) -> None:
        """Wait for it, whatever it is set to."""
        await self.wait()
