"""The machine's clock and its ids."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import uuid4

if TYPE_CHECKING:
    from pathlib import Path


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """The present moment, in UTC."""
        return datetime.now(UTC)

    def elapsed(self) -> timedelta:
        """The time that the machine has been awake."""
        return timedelta(seconds=time.monotonic())


@dataclass(frozen=True)
class SandboxClock:
    """The machine's clock, moved on as a sandbox's is: the sandbox writes the seconds into a file at each step.

    Read anew each time, so that nobody's clock is ever behind the other's by more than that takes.
    """

    file: Path

    def now(self) -> datetime:
        """The present moment in the sandbox, in UTC."""
        return SystemClock().now() + self._step()

    def elapsed(self) -> timedelta:
        """The time that has passed there: it steps on with the sandbox's, which is never set back while the bot runs."""
        return SystemClock().elapsed() + self._step()

    def _step(self) -> timedelta:
        return timedelta(seconds=float(self.file.read_text(encoding="ascii")))


def since_boot() -> float:
    """Seconds since the machine started, asleep or awake; nobody sets them."""
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


class UuidIds:
    """Random ids."""

    def new(self) -> str:
        """32 lower-case hexadecimal digits."""
        return uuid4().hex
