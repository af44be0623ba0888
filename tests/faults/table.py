"""The table of docs/reliability.md: one row a fault and database, written by the run that measured it."""

from __future__ import annotations

import fcntl
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
    from collections.abc import Sequence
    from pathlib import Path

BEGIN, END = "<!-- made by `make faults`: begin -->", "<!-- end -->"
SQLITE, POSTGRES = "SQLite", "PostgreSQL"
BOTH = (SQLITE, POSTGRES)
_REFERENCE = re.compile(r"reference:? [0-9a-f]{8}")
HEAD = (
    "| fault | database | times | lost | doubled | told meanwhile | seconds to recover: median, worst | measured |",
    "|---|---|---|---|---|---|---|---|",
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
    """Why it could not be injected: on this machine, or ever."""
    of: str = ""
    """Which part of it was tried, where not all of it was."""

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

    def row(self) -> str:
        """Of the table, measured now."""
        if self.why_not:
            return f"| {self.fault} | {self.database} | none | | | {self.why_not} | | {_now()} |"
        spread = f"{statistics.median(self.seconds):.1f}, {max(self.seconds):.1f}" if self.seconds else ""
        told = self.told + "".join(f" **Broken: {promise}.**" for promise in self.broken)
        times = f"{self.times} {self.of}".rstrip()
        cells = (self.fault, self.database, times, len(self.count.lost), len(self.count.doubled), told, spread, _now())
        return f"| {' | '.join(map(str, cells))} |"


def without_reference(words: str) -> str:
    """As a cell of the table; each complaint's reference is its own."""
    return _REFERENCE.sub("reference: ...", " ".join(words.split()).replace("|", "/"))


def say(words: str) -> None:
    """What is going on, for whoever waits."""
    sys.stderr.write(f"{words}\n")


def _now() -> str:
    return f"{datetime.now(UTC):%Y-%m-%d %H:%M}, load {os.getloadavg()[0]:.1f}"


def rows_of(text: str) -> dict[tuple[str, str], str]:
    """The rows of the table in a document, by fault and database. Raises ValueError where it has no such table."""
    _, begin, rest = text.partition(BEGIN)
    table, end, _ = rest.partition(END)
    if not (begin and end):
        message = f"there is no table between {BEGIN} and {END}"
        raise ValueError(message)
    return {_name(row): row for row in table.splitlines() if row.startswith("| ") and row not in HEAD}


def _name(row: str) -> tuple[str, str]:
    fault, database, *_ = row.removeprefix("| ").split(" | ")
    return fault, database


def merged(text: str, lines: Sequence[Line], order: Sequence[str]) -> str:
    """The document with these lines in the place of the rows of the same fault and database.

    Args:
        text: The document.
        lines: What was measured.
        order: All faults, in the order of the table: rows of others go.
    """
    rows = rows_of(text) | {(line.fault, line.database): line.row() for line in lines}
    sorted_rows = [rows[fault, database] for fault in order for database in BOTH if (fault, database) in rows]
    machine = f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    told = f"Times are UTC, load is the machine's average over a minute at that moment; the last row was measured on {machine}."
    before, _, rest = text.partition(BEGIN)
    return before + "\n".join([BEGIN, told, "", *HEAD, *sorted_rows, END]) + rest.partition(END)[2]


def write(file: Path, lines: Sequence[Line], order: Sequence[str]) -> None:
    """Put them into the table; several runs may do so at once."""
    with file.open("r+", encoding="utf-8") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        text = merged(stream.read(), lines, order)
        stream.seek(0)
        stream.truncate()
        stream.write(text)
