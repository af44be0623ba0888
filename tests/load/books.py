"""What the bot has written down, asked from outside and past its models: SQLite's file, or a database of PostgreSQL.

Questions are written for both, with ``?`` where a value goes.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from threading import Lock
from typing import TYPE_CHECKING, Any, TypeAlias

import psycopg
from psycopg.types.json import Json
from sqlalchemy import make_url

from models.engines import conninfo, is_postgres

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

Row: TypeAlias = "dict[str, Any]"


@dataclass
class Books:
    """A database by its URL; may be asked by several threads."""

    url: str
    _kept: psycopg.Connection[Any] | None = field(default=None, repr=False)
    """On PostgreSQL a connection costs more than most questions."""
    _turn: Lock = field(default_factory=Lock, repr=False)

    def rows(self, question: str, *values: object) -> list[tuple[Any, ...]]:
        """What it answers."""
        with self._opened() as connection:
            return list(connection.execute(self._said(question), values))

    def dicts(self, question: str, *values: object) -> list[Row]:
        """The same, by the names of the columns."""
        with self._opened() as connection:
            found = connection.execute(self._said(question), values)
            names = [column[0] for column in found.description]
            return [dict(zip(names, row, strict=True)) for row in found]

    def number(self, question: str, *values: object) -> int:
        """The one number that it answers."""
        return int(self.rows(question, *values)[0][0])

    def change(self, order: str, *values: object) -> None:
        """Carry it out, for good."""
        with self._opened() as connection:
            connection.execute(self._said(order), values)

    def put(self, table: str, rows: Sequence[Mapping[str, Any]]) -> None:
        """New rows of the same columns; what is there already stays."""
        if not rows:
            return
        names, places = ", ".join(rows[0]), ", ".join("?" for _ in rows[0])
        order = f"INSERT INTO {table} ({names}) VALUES ({places}) ON CONFLICT DO NOTHING"
        values = [[self._plain(value) for value in row.values()] for row in rows]
        with self._opened() as connection:
            connection.cursor().executemany(self._said(order), values)

    def close(self) -> None:
        """Let go of it."""
        if self._kept is not None:
            self._kept.close()

    @contextmanager
    def _opened(self) -> Iterator[Any]:
        if not is_postgres(self.url):
            file = make_url(self.url).database
            with closing(sqlite3.connect(str(file), timeout=30)) as connection, connection:
                yield connection
            return
        with self._turn:
            if self._kept is None:
                self._kept = psycopg.connect(conninfo(self.url), autocommit=True)
            with self._kept.transaction():
                yield self._kept

    def _said(self, question: str) -> str:
        return question.replace("%", "%%").replace("?", "%s") if is_postgres(self.url) else question

    def _plain(self, value: object) -> object:
        """PostgreSQL gives JSON as what it stands for, and wants to be told so on the way back."""
        return Json(value) if isinstance(value, dict | list) else value
