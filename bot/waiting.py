"""Who waits for an answer at this moment: what runs by itself lets them go first, for it has the same writer and the same processor."""

from __future__ import annotations

import math
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

QUIET = 0.1
"""Seconds in which nobody has waited: in a rush there are moments in which all who were read are answered, and the next are not read yet."""

LONGEST = 1.0
"""Seconds that one step of what runs by itself is held up: in an hour of rush letters still arrive."""


class Waiting:
    """Counts them; safe to use from several threads."""

    def __init__(self, longest: float = LONGEST, quiet: float = QUIET) -> None:
        self._longest, self._quiet = longest, quiet
        self._number, self._latest = 0, -math.inf
        self._desk = threading.Lock()

    @contextmanager
    def somebody(self) -> Iterator[None]:
        """One more waits meanwhile."""
        with self._desk:
            self._number += 1
        try:
            yield
        finally:
            with self._desk:
                self._number, self._latest = self._number - 1, time.monotonic()

    def let_pass(self) -> None:
        """Return as soon as nobody has waited for a moment, or after a while."""
        deadline = time.monotonic() + self._longest
        while (pause := min(self._left(), deadline - time.monotonic())) > 0:
            time.sleep(pause)

    def _left(self) -> float:
        """Seconds until nobody will have waited for a moment, at the least."""
        with self._desk:
            return self._quiet if self._number else self._latest + self._quiet - time.monotonic()
