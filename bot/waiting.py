"""Who waits for an answer at this moment: what runs by itself lets them go first, for it has the same writer and the same processor."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

LONGEST = 1.0
"""Seconds that one step of what runs by itself is held up: in an hour of rush letters still arrive."""


class Waiting:
    """Counts them; safe to use from several threads."""

    def __init__(self, longest: float = LONGEST) -> None:
        self._longest, self._number = longest, 0
        self._changed = threading.Condition()

    @contextmanager
    def somebody(self) -> Iterator[None]:
        """One more waits meanwhile."""
        with self._changed:
            self._number += 1
        try:
            yield
        finally:
            with self._changed:
                self._number -= 1
                if not self._number:
                    self._changed.notify_all()

    def let_pass(self) -> None:
        """Return as soon as nobody waits, or after a while."""
        with self._changed:
            self._changed.wait_for(lambda: not self._number, self._longest)
