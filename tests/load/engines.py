"""The databases that the bot is measured on: SQLite, or PostgreSQL with so many ``kantor worker``."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING

import psutil
import psycopg
from psycopg.sql import SQL, Identifier

if TYPE_CHECKING:
    from collections.abc import Iterator

_NUMBERS = count(1)


@dataclass(frozen=True)
class Engine:
    """A kind of database, and who does the jobs."""

    name: str
    server: str = ""
    """URL of a server of PostgreSQL where databases may be made; empty: SQLite, a file in the bot's data folder."""
    workers: int = 0
    """Processes beside the bot that do its jobs; 0: the bot does them itself."""

    @contextmanager
    def database(self) -> Iterator[str]:
        """An empty one, as ``KANTOR_DATABASE_URL`` has it; it is gone with the block."""
        if not self.server:
            yield ""
            return
        name = f"kantor_load_{next(_NUMBERS)}"
        with psycopg.connect(self.server, autocommit=True) as connection:
            connection.execute(SQL("CREATE DATABASE {}").format(Identifier(name)))
            try:
                yield self.server.replace("/postgres?", f"/{name}?")
            finally:
                connection.execute(SQL("DROP DATABASE {} WITH (FORCE)").format(Identifier(name)))

    def processes(self) -> list[psutil.Process]:
        """Of the server; none on SQLite."""
        if not self.server:
            return []
        with psycopg.connect(self.server) as connection:
            (backend,) = connection.execute("SELECT pg_backend_pid()").fetchone() or (0,)
            first = psutil.Process(psutil.Process(backend).ppid())
        return [first, *first.children(recursive=True)]


SQLITE = Engine("SQLite")


def postgresql(server: str, workers: int) -> Engine:
    """PostgreSQL on that server."""
    return Engine("PostgreSQL", server, workers)
