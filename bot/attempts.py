"""Doing what may fail in any way, or may never come to its end."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")


def attempt(action: Callable[[], object]) -> Exception | None:
    """Do it; what it raised, or None. The only place that catches whatever comes."""
    try:
        action()
    except Exception as error:  # noqa: BLE001 - a task may raise anything; its thread must live on, and its job be tried again
        return error
    return None


class Deadline:
    """How long a call to the outside may take as a whole, however many parts its answer comes in.

    Libraries limit the wait for each part, so that a byte now and then would hold whoever asked for ever. A call that is late is
    left to a thread of its own, which ends when the other side does.

    Args:
        seconds: For each call.
        late: With so many late calls that are not over yet no other one is begun.
        step: Seconds. The time is counted in such steps, and a pause of the whole machine (a laptop that slept) is one of them: the
            other side's answer may have come meanwhile.
    """

    def __init__(self, seconds: float, late: int = 20, step: float = 1.0) -> None:
        self._seconds, self._most, self._step = seconds, late, step
        self._late: list[threading.Thread] = []
        self._desk = threading.Lock()

    def until(self) -> float:
        """Until when a call may take that begins now and looks at the time itself: as ``time.monotonic`` has it."""
        return time.monotonic() + self._seconds

    def keep(self, call: Callable[[], T]) -> T:
        """What the call returns, or raises. Raises TimeoutError where it is not over in time."""
        self._require_few()
        results: list[T] = []
        outcome: list[Exception | None] = []
        thread = threading.Thread(
            target=lambda: outcome.append(attempt(lambda: results.append(call()))), name="kantor-outside", daemon=True
        )
        thread.start()
        left = self._seconds
        while left > 0 and not outcome:
            thread.join(min(left, self._step))
            left -= self._step
        if not outcome:
            with self._desk:
                self._late.append(thread)
            message = f"it was not over after {self._seconds:g} s"
            raise TimeoutError(message)
        if outcome[0] is not None:
            raise outcome[0]
        return results[0]

    def _require_few(self) -> None:
        with self._desk:
            self._late = [thread for thread in self._late if thread.is_alive()]
            number = len(self._late)
        if number >= self._most:
            message = f"{number} calls before this one are not over yet"
            raise TimeoutError(message)
