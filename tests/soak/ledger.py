"""What is measured each day: memory of each process, the database and what is in it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import psutil

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from tests.load.venue import Venue

MIB = 2**20


@dataclass(frozen=True)
class Day:
    """At one moment of a day."""

    day: date
    memory: dict[str, float]
    """MiB (RSS) of each process by what it is."""
    used: int
    """Bytes of the database's pages that are in use."""
    content: int
    """Bytes of all values of all rows."""
    rows: int


@dataclass
class Ledger:
    """The days, in order."""

    venue: Venue
    days: list[Day] = field(default_factory=list)

    def note(self, day: date) -> None:
        """Measure now."""
        with closing(self._database()) as database:
            used, content, rows = _size(database)
        self.days.append(Day(day, self._memory(), used, content, rows))

    def _database(self) -> sqlite3.Connection:
        file = self.venue.settings.data_folder / "kantor.db"
        return sqlite3.connect(f"file:{file}?mode=ro", uri=True, timeout=30)

    def _memory(self) -> dict[str, float]:
        bot = psutil.Process(self.venue.pid)
        found = {"bot": bot.memory_info().rss / MIB}
        children = [child for child in bot.children(recursive=True) if "spawn_main" in " ".join(child.cmdline())]
        for number, child in enumerate(children, 1):
            found[f"child {number}"] = child.memory_info().rss / MIB
        for other in psutil.Process().children():
            if "tests.load.slack" in other.cmdline():
                found["sandbox"] = other.memory_info().rss / MIB
        return found


def _size(database: sqlite3.Connection) -> tuple[int, int, int]:
    """Used bytes, content, rows."""
    page, pages, free = (
        database.execute(f"PRAGMA {what}").fetchone()[0] for what in ("page_size", "page_count", "freelist_count")
    )
    content = rows = 0
    tables = database.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
    for (table,) in tables.fetchall():
        columns = [row[1] for row in database.execute(f'PRAGMA table_info("{table}")')]
        lengths = " + ".join(f'coalesce(length(CAST("{column}" AS BLOB)), 0)' for column in columns)
        count, length = database.execute(f'SELECT count(*), coalesce(sum({lengths}), 0) FROM "{table}"').fetchone()
        content, rows = content + length, rows + count
    return (pages - free) * page, content, rows


def slope(values: Sequence[float]) -> float:
    """By how much they grow from one to the next: the line of least squares."""
    middle, mean = (len(values) - 1) / 2, sum(values) / len(values)
    above = sum((place - middle) * (value - mean) for place, value in enumerate(values))
    below = sum((place - middle) ** 2 for place in range(len(values)))
    return above / below if below else 0.0
