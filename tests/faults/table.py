"""The table of docs/reliability.md: one line a fault and database."""

from __future__ import annotations

import os
import platform
import re
import statistics
import sys
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from tests.faults.book import Count

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

BEGIN, END = "<!-- made by `make faults`: begin -->", "<!-- end -->"
_REFERENCE = re.compile(r"reference:? [0-9a-f]{8}")
HEAD = (
    "| fault | database | times | lost | doubled | told meanwhile | seconds to recover: median, worst |",
    "|---|---|---|---|---|---|---|",
)


@dataclass
class Line:
    """What came of one fault on one database."""

    fault: str
    database: str
    told: str = ""
    """What people read meanwhile."""
    times: int = 0
    seconds: list[float] = field(default_factory=list)
    count: Count = field(default_factory=Count)
    broken: list[str] = field(default_factory=list)
    """Promises that do not fit into the columns."""
    why_not: str = ""
    """Why it could not be injected on this machine."""

    def add(self, count: Count, seconds: float, about: str = "") -> None:
        """Once more."""
        self.times += 1
        self.seconds.append(seconds)
        at = f" [{about}]" if about else ""
        self.count += Count(tuple(f"{one}{at}" for one in count.lost), tuple(f"{one}{at}" for one in count.doubled))

    def hear(self, words: str) -> None:
        """Somebody read this; the same is told once."""
        words = without_reference(words)
        if words not in self.told:
            self.told = f"{self.told}; {words}" if self.told else words

    def must(self, kept: object, promise: str) -> None:
        """One that is no letter: where it is broken, the run fails."""
        if not kept:
            self.broken.append(promise)

    @property
    def failures(self) -> list[str]:
        """Everything that should not be."""
        lost = [f"lost: {one}" for one in self.count.lost]
        return lost + [f"doubled: {one}" for one in self.count.doubled] + self.broken

    def cells(self) -> str:
        """As a row of the table."""
        if self.why_not:
            return f"| {self.fault} | {self.database} | not measured here | | | {self.why_not} | |"
        spread = f"{statistics.median(self.seconds):.1f}, {max(self.seconds):.1f}" if self.seconds else ""
        told = self.told + "".join(f" **Broken: {promise}.**" for promise in self.broken)
        cells = (self.fault, self.database, self.times, len(self.count.lost), len(self.count.doubled), told, spread)
        return f"| {' | '.join(map(str, cells))} |"


def without_reference(words: str) -> str:
    """As a cell of the table; each complaint's reference is its own."""
    return _REFERENCE.sub("reference: ...", " ".join(words.split()).replace("|", "/"))


def say(words: str) -> None:
    """What is going on, for whoever waits."""
    sys.stderr.write(f"{words}\n")


def stamp() -> str:
    """When and where."""
    load = os.getloadavg()[0]
    where = f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    return f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, {where}, load average {load:.1f} at the end."


def markdown(lines: Iterable[Line]) -> list[str]:
    """The table."""
    return [*HEAD, *(line.cells() for line in lines)]


def write(file: Path, lines: Sequence[Line], command: str) -> None:
    """Put the table between its two marks; lines of other faults stay as they are."""
    before, _, rest = file.read_text(encoding="utf-8").partition(BEGIN)
    old, _, after = rest.partition(END)
    made = {_name(cells): cells for cells in old.splitlines() if cells.startswith("|") and cells not in HEAD}
    made |= {_name(line.cells()): line.cells() for line in lines}
    words = [BEGIN, f"Last run: `{command}`, {stamp()}", "", *HEAD, *made.values(), END]
    file.write_text(before + "\n".join(words) + after, encoding="utf-8")


def _name(cells: str) -> tuple[str, ...]:
    """Fault and database: how many of the steps were tried is another matter."""
    fault, database, *_ = cells.removeprefix("| ").split(" | ")
    return fault.partition(" (")[0], database
