"""What a rehearsal writes down while it plays: what people did, how long they waited, and what is held against it at the end."""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@dataclass(frozen=True)
class Check:
    """A promise, and whether it was kept."""

    promise: str
    kept: bool
    found: str = ""
    """What was found instead, or the numbers."""


@dataclass(frozen=True)
class Upload:
    """A file that somebody sent, at Slack's time ``ts``."""

    name: str
    ts: str
    good: bool = True
    in_crash: bool = False
    late: bool = False


Given = tuple[str, str]
"""A judge, and what the composition is called among judges."""
Scores = dict[str, int]


@dataclass
class Record:
    """One rehearsal."""

    entries: int
    judges: int
    seed: int
    tell: Callable[[str], None] = print
    uploads: list[Upload] = field(default_factory=list)
    withdrawn: int = 0
    tried: dict[Given, Scores] = field(default_factory=dict)
    """Ratings that a judge sent."""
    saved: dict[Given, Scores] = field(default_factory=dict)
    """Those of which they read that they are saved."""
    retries: int = 0
    """How often somebody had to press once more."""
    waits: dict[str, list[float]] = field(default_factory=dict)
    """Seconds, by what was waited for."""
    steps: list[tuple[str, float]] = field(default_factory=list)
    """What was done, and how many seconds it took."""
    checks: list[Check] = field(default_factory=list)
    look_at: list[str] = field(default_factory=list)
    """For the organizer."""
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def well(self) -> bool:
        """Whether all promises were kept; one at least has to be there."""
        return bool(self.checks) and all(each.kept for each in self.checks)

    @contextmanager
    def step(self, words: str) -> Iterator[None]:
        """Tell what is done now, and note how long that took."""
        self.tell(f"  {words} ...")
        began = time.monotonic()
        yield
        self.steps.append((words, time.monotonic() - began))

    @contextmanager
    def waiting(self, what: str) -> Iterator[None]:
        """Somebody waits, in real seconds, until the block ends well."""
        began = time.monotonic()
        yield
        self.waited(what, time.monotonic() - began)

    def waited(self, what: str, seconds: float) -> None:
        """Note a wait."""
        with self._lock:
            self.waits.setdefault(what, []).append(seconds)

    def must(self, promise: str, *, kept: bool, found: str = "") -> None:
        """Hold a promise against what was found."""
        self.checks.append(Check(promise, kept, found))


def middle_and_longest(seconds: list[float]) -> tuple[float, float]:
    """The median, and the longest of them."""
    return median(seconds), max(seconds)
