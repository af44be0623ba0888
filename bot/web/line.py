"""Slack reaches us over HTTP. Nobody calls to say that nobody calls, so silence is a doubt, and doubts are settled by reading."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Executor
    from datetime import datetime

    from bot.ports import Clock
    from bot.web.server import Server

PATIENCE = timedelta(minutes=6)
"""So long does Slack try to tell of an event. While there is no longer pause between two that are told, none is missing."""
SETTLE_EVERY = timedelta(hours=1)
"""Between two times in which we read because of mere silence: each costs a call for each room. After a late try ``PATIENCE`` is enough."""
LATE_TRY = 2
"""Of an event: the first one that comes a minute later. Others that Slack could not tell then it may have given up on."""


class Silence:
    """Knows how long nothing was told, and when that has to be looked into; safe to use from several threads.

    Args:
        clock: Measures it.
        doubt: Called with the moment from which on something may be missing.
    """

    def __init__(self, clock: Clock, doubt: Callable[[datetime], None]) -> None:
        self._clock, self._doubt = clock, doubt
        self._desk = threading.Lock()
        self._last = self._settled = clock.elapsed()
        self._last_at = clock.now()
        """When the last event was told."""
        self._unsure: datetime | None = None
        """Since when something may be missing; None where nothing is."""
        self._settle_after = SETTLE_EVERY

    def broken(self, attempt: int) -> None:
        """An event was told, at the first try (0) or at a later one."""
        with self._desk:
            self._note()
            self._last, self._last_at = self._clock.elapsed(), self._clock.now()
            if attempt >= LATE_TRY:
                begun = self._last_at - PATIENCE
                self._unsure, self._settle_after = min(begun, self._unsure or begun), PATIENCE

    def look(self) -> None:
        """Called every second or so."""
        with self._desk:
            self._note()
            unsure, passed = self._unsure, self._clock.elapsed()
            if unsure is None or passed - self._settled < self._settle_after:
                return
            # What is read now is as good as told.
            self._unsure, self._settled, self._settle_after = None, passed, SETTLE_EVERY
            self._last, self._last_at = passed, self._clock.now()
        self._doubt(unsure)

    def _note(self) -> None:
        if self._unsure is None and self._clock.elapsed() - self._last > PATIENCE:
            self._unsure = self._last_at


class HttpLine:
    """The way by which Slack's requests come in.

    Args:
        server: Serves them.
        executor: The threads in which they are answered.
        silence: Is looked at.
    """

    def __init__(self, server: Server, executor: Executor, silence: Silence) -> None:
        self._server, self._executor, self._silence = server, executor, silence

    def start(self) -> None:
        """Let Slack in; what came while we were away is read by whoever sees the new session."""
        self._server.start()

    def session(self) -> str | None:
        """There is one, for as long as we serve."""
        return "http" if self._server.is_serving else None

    def look(self) -> None:
        """Called every second."""
        self._silence.look()

    def stop(self) -> None:
        """Take nothing new; returns when the last one that was taken has been answered, or Slack no longer waits for it."""
        self._server.stop()
        self._executor.shutdown()
