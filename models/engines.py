"""Connections to the database, and what SQLite needs so that many threads can share it."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import NullPool, create_engine, event, make_url

if TYPE_CHECKING:
    from sqlalchemy import URL, Engine

_WRITING = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON")
"""Secure: what is erased for a person is overwritten in the file, and not only forgotten."""

BUSY_SECONDS = 10
"""How long a writer waits for one in another process (``kantor accounts import`` beside ``kantor run``)."""


def writer_and_reader(url: str) -> tuple[Engine, Engine]:
    """Two engines for the same database; one and the same unless it is SQLite. Raises ValueError for SQLite without a file."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        engine = create_engine(parsed, pool_size=10, max_overflow=40, pool_pre_ping=True, hide_parameters=True)
        return engine, engine
    _make_file(parsed)
    # Hidden parameters: an error that is logged must not show what people wrote. Threads queue for the one connection that
    # writes, which is far fairer than SQLite's own lock, which they would poll.
    common: dict[str, Any] = {"connect_args": {"timeout": BUSY_SECONDS}, "hide_parameters": True}
    writer = create_engine(parsed, pool_size=1, max_overflow=0, **common)
    reader = create_engine(parsed, pool_size=10, max_overflow=40, **common)
    _prepare(writer, begin="BEGIN IMMEDIATE", pragmas=_WRITING)
    _prepare(reader, begin="BEGIN", pragmas=("query_only=ON",))
    return writer, reader


def migrator(url: str) -> Engine:
    """An engine for migrations: foreign keys are off, since SQLite changes a table by copying it and dropping the old one."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        return create_engine(parsed, poolclass=NullPool)
    _make_file(parsed)
    engine = create_engine(parsed, poolclass=NullPool, connect_args={"timeout": BUSY_SECONDS})
    _prepare(engine, begin="BEGIN IMMEDIATE", pragmas=("journal_mode=WAL", "foreign_keys=OFF"))
    return engine


def _make_file(url: URL) -> None:
    if url.database in {None, "", ":memory:"}:
        message = f"SQLite needs a file, such as sqlite:///var/kantor.db, not {url}"
        raise ValueError(message)
    file = Path(str(url.database))
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    # For its owner alone, before anything stands in it; what SQLite makes beside it takes over the file's mode.
    file.touch(mode=0o600)
    for beside in ("", "-wal", "-shm", "-journal"):
        with suppress(FileNotFoundError, PermissionError):  # permission: it is another user's, who lets us write
            os.chmod(f"{file}{beside}", 0o600)  # noqa: PTH101 - a suffix behind the whole name


def _prepare(engine: Engine, *, begin: str, pragmas: tuple[str, ...]) -> None:
    @event.listens_for(engine, "connect")
    def _connected(connection: Any, _record: object) -> None:
        # Python's sqlite3 would begin transactions when it thinks fit, and never for DDL; we do it ourselves, below.
        connection.isolation_level = None
        for pragma in pragmas:
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begun(connection: Any) -> None:
        # IMMEDIATE: a transaction that reads first and writes later could otherwise be refused in its middle.
        connection.exec_driver_sql(begin)
