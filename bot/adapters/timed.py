"""An inspector, and how long it takes: what people wait for between an upload and its card."""

from __future__ import annotations

import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from bot.meters import Meters
    from bot.ports import Assessment, Inspection, Inspector, Picture
    from judge.verdict import NearestWork


@dataclass(frozen=True)
class TimedInspector:
    """``bot.ports.Inspector`` by another one; refusals count like answers, and what failed counts, too."""

    inspector: Inspector
    meters: Meters

    def inspect(self, data: bytes, title: str) -> Inspection:
        """As the other one."""
        with self._timed("inspect"):
            return self.inspector.inspect(data, title)

    def compare(self, data: bytes, others: Mapping[str, bytes]) -> Sequence[NearestWork]:
        """As the other one."""
        with self._timed("compare"):
            return self.inspector.compare(data, others)

    def starters(self, data: bytes) -> Sequence[NearestWork]:
        """As the other one."""
        with self._timed("starters"):
            return self.inspector.starters(data)

    def assess(self, data: bytes) -> Assessment:
        """As the other one."""
        with self._timed("assess"):
            return self.inspector.assess(data)

    def align(self, data: bytes, other: bytes | None, shared: NearestWork, names: tuple[str, str]) -> Picture:
        """As the other one."""
        with self._timed("align"):
            return self.inspector.align(data, other, shared, names)

    @contextmanager
    def _timed(self, what: str) -> Iterator[None]:
        began = time.monotonic()
        try:
            yield
        finally:
            self.meters.judged(what, time.monotonic() - began)
