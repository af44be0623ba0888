"""Coming to an end within ten seconds, whatever is under way: who asks for it (systemd, Kubernetes, ECS) kills what takes longer.

Nothing is lost by that: what is not done by then is taken up again, as after a kill. But a job that was given back needs not wait for its lease.
"""

from __future__ import annotations

import os
import threading
import time
from typing import TYPE_CHECKING

import structlog

if TYPE_CHECKING:
    from collections.abc import Callable

log = structlog.get_logger()

WHOLE = 9.5
"""Seconds from when we are asked until the process is gone."""
ORDERLY = 8.5
"""Of these, for the parts of it."""


class Grace:
    """The time that is left for an orderly end."""

    def __init__(self, seconds: float = ORDERLY) -> None:
        self._until = time.monotonic() + seconds

    def at_most(self, seconds: float) -> float:
        """So many of it, or what is left."""
        return max(0.1, min(seconds, self._until - time.monotonic()))

    def spend(self, seconds: float, action: Callable[[], object]) -> None:
        """Wait for it no longer than that; whoever is waited for by it may hang on Slack, or on a disk."""
        thread = threading.Thread(target=action, name="kantor-ending", daemon=True)
        thread.start()
        thread.join(self.at_most(seconds))


def end_in_time(stopping: threading.Event, end: Callable[[int], object] = os._exit, seconds: float = WHOLE) -> None:
    """From when ``stopping`` is set the process has so many seconds. What Python would wait for at its end counts, too."""

    def watch() -> None:
        stopping.wait()
        time.sleep(seconds)
        log.warning("what is under way did not end in time, and is taken up again by the next")
        end(0)

    threading.Thread(target=watch, name="kantor-watch", daemon=True).start()
