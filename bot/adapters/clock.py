"""The machine's clock and its ids."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from uuid import uuid4


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """The present moment, in UTC."""
        return datetime.now(UTC)

    def elapsed(self) -> timedelta:
        """The time that the machine has been awake."""
        return timedelta(seconds=time.monotonic())


def since_boot() -> float:
    """Seconds since the machine started, asleep or awake; nobody sets them."""
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


class UuidIds:
    """Random ids."""

    def new(self) -> str:
        """32 lower-case hexadecimal digits."""
        return uuid4().hex
