"""Is this process ready for work? Asked by whoever runs it (a balancer, Kubernetes), and answered part by part."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.attempts import Deadline, attempt
from bot.crew import in_words

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from threading import Event

PATIENCE = 2.0
"""Seconds that the look at one part may take: Kubernetes waits for one, unless it is told otherwise."""
WELL = "ok"


class Readiness:
    """Knows the parts, of which there are none yet while the process starts.

    Args:
        stopping: Set when the process is asked to end: then it is not ready for any more work, and no part is looked at.
        patience: Seconds for each part.
    """

    def __init__(self, stopping: Event, patience: float = PATIENCE) -> None:
        self._parts: dict[str, Callable[[], str | None]] = {"start": lambda: "it is still starting"}
        self._stopping, self._patience = stopping, patience

    def look_at(self, parts: Mapping[str, Callable[[], str | None]]) -> None:
        """From now on these count. A look says None where all is well, else why not.

        What it raises is a reason, too: our own errors are told with their words, of others the name.
        """
        # Each with a deadline of its own: one that hangs neither holds up nor uses up the others'.
        self._parts = {name: _Timely(look, Deadline(self._patience, late=3, step=0.25)) for name, look in parts.items()}

    def parts(self) -> dict[str, str]:
        """Each part with ``ok`` or what is wrong with it."""
        if self._stopping.is_set():
            return {"stop": "it was asked to"}
        return {name: _state(look) for name, look in self._parts.items()}


class _Timely:
    def __init__(self, look: Callable[[], str | None], deadline: Deadline) -> None:
        self._look, self._deadline = look, deadline

    def __call__(self) -> str | None:
        return self._deadline.keep(self._look)


def _state(look: Callable[[], str | None]) -> str:
    found: list[str | None] = []
    failure = attempt(lambda: found.append(look()))
    if isinstance(failure, TimeoutError):
        return "no answer in time"
    return in_words(failure) if failure is not None else found[0] or WELL
