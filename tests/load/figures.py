"""Percentiles, memory, and what is printed at the end."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Self

import psutil

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import TracebackType


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest of the values that at least ``share`` (0-1) of them do not exceed; NaN for none."""
    if not values:
        return float("nan")
    ordered = sorted(values)
    return ordered[max(0, -(-round(share * 1000) * len(ordered) // 1000) - 1)]


@dataclass
class Report:
    """The figures of one scenario, in the order in which they were noted; ``failures`` make the run fail, ``missed`` goals do not."""

    name: str
    figures: list[tuple[str, str]] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)

    def note(self, what: str, value: object) -> None:
        """Write a figure down."""
        self.figures.append((what, str(value)))

    def spread(self, what: str, seconds: Sequence[float]) -> None:
        """p50, p95, p99 and the worst."""
        words = ", ".join(
            f"{name} {percentile(seconds, share):.3f}"
            for name, share in (("p50", 0.5), ("p95", 0.95), ("p99", 0.99), ("worst", 1.0))
        )
        self.note(f"{what}, s", f"{words} ({len(seconds)})")

    def must(self, kept: object, promise: str) -> None:
        """A promise: where it is broken the whole run fails."""
        if not kept:
            self.failures.append(promise)

    def goal(self, reached: object, goal: str) -> None:
        """A goal: where it is missed the table says so."""
        if not reached:
            self.missed.append(goal)

    def lines(self) -> list[str]:
        """For people."""
        width = max((len(what) for what, _ in self.figures), default=0)
        table = [f"  {what:{width}}  {value}" for what, value in self.figures]
        failures = [f"  BROKEN: {one}" for one in self.failures]
        return [self.name, *table, *failures, *(f"  goal missed: {one}" for one in self.missed)]


class MemoryWatch:
    """The most memory (RSS, summed over the processes) that these processes and their children took, in MiB."""

    def __init__(self, *pids: int) -> None:
        self._roots = [psutil.Process(pid) for pid in pids]
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self.most = 0.0

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._done.set()
        self._thread.join()

    def _look(self) -> None:
        while True:
            self.most = max(self.most, self._now())
            if self._done.wait(0.5):
                return

    def _now(self) -> float:
        total = 0
        try:
            for root in self._roots:
                for process in [root, *root.children(recursive=True)]:
                    total += process.memory_info().rss
        except psutil.NoSuchProcess:  # a child that ended in between: the next look counts again
            return 0.0
        return total / 2**20
