"""Empty databases for tests: a real SQLite file each, made from one that has the tables already.

With ``KANTOR_TEST_DATABASE=postgresql`` (``make check-postgres``) it is a database of PostgreSQL.
"""

from __future__ import annotations

import atexit
import os
import shutil
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING

from migrations.run import upgrade
from models.engines import migrator
from models.store import Store
from tests.makers.postgres import postgres_database, postgres_store

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection

MEMORY = Path("/dev/shm")
_free: list[tuple[Store, Path]] = []


def on_postgres() -> bool:
    """Whether tests that do not say on which database they run do so on PostgreSQL."""
    return os.environ.get("KANTOR_TEST_DATABASE", "sqlite") == "postgresql"


@contextmanager
def empty_store(folder: Path) -> Iterator[Store]:
    """A store with an empty database; of SQLite's the file is seen in that folder."""
    with postgres_store() if on_postgres() else sqlite_store(folder) as store:
        yield store


@contextmanager
def sqlite_store(folder: Path) -> Iterator[Store]:
    """A store with an empty file, which is seen in that folder, too.

    Stores go from test to test, their databases do not: what SQLAlchemy compiled for one is most of the time that a test takes.
    """
    store, file = _free.pop() if _free else _new()
    with_tables(file)
    seen = folder / file.name
    seen.symlink_to(file)
    try:
        yield store
    finally:
        store.dispose()
        store._listeners.clear()
        seen.unlink()
        for each in file.parent.iterdir():
            each.unlink()
        _free.append((store, file))


@contextmanager
def database_of_a_bot() -> Iterator[str]:
    """An empty database for a bot that keeps its own: what its KANTOR_DATABASE_URL says; empty for a file in its data folder."""
    if not on_postgres():
        yield ""
        return
    with postgres_database() as url:
        yield url


@contextmanager
def looked_at(url: str) -> Iterator[Connection]:
    """Any database, from outside; what is done to it is kept."""
    engine = migrator(url)
    try:
        with engine.begin() as connection:
            yield connection
    finally:
        engine.dispose()


def with_tables(file: Path) -> str:
    """Make a database there that has the tables, and nothing in them; its URL."""
    file.write_bytes(_template())
    return f"sqlite:///{file}"


def _new() -> tuple[Store, Path]:
    file = _own_folder() / "kantor.db"
    return Store(f"sqlite:///{file}"), file


def _own_folder() -> Path:
    """In memory where the system has such a place: each commit waits for its disk, and these databases are no longer than their tests."""
    folder = Path(mkdtemp(prefix="kantor-tests-", dir=MEMORY if os.access(MEMORY, os.W_OK) else None))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


@cache
def _template() -> bytes:
    file = _own_folder() / "kantor.db"
    upgrade(f"sqlite:///{file}")
    return file.read_bytes()
