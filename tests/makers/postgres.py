"""A real PostgreSQL server for tests, and empty databases on it.

It is the one that ``KANTOR_TEST_POSTGRES`` names (whoever runs the tests may make databases there), or one of its own from a wheel,
which all processes of one test run share.
"""

from __future__ import annotations

import atexit
import os
from contextlib import ExitStack, contextmanager
from functools import cache
from itertools import count
from pathlib import Path
from tempfile import gettempdir
from typing import TYPE_CHECKING

import psycopg
from psycopg.conninfo import conninfo_to_dict
from psycopg.sql import SQL, Composed, Identifier

from bot.demo.postgres import own_server
from migrations.run import upgrade
from models.store import Store

if TYPE_CHECKING:
    from collections.abc import Iterator

_free: list[tuple[Store, str]] = []
_names = (f"kantor_test_{os.getpid()}_{number}" for number in count())


@contextmanager
def postgres_store() -> Iterator[Store]:
    """A store on an empty database. As with SQLite's files, stores go from test to test; what was in their databases does not."""
    store, url = _free.pop() if _free else _new()
    try:
        yield store
    finally:
        store.dispose()
        store._listeners.clear()
        _empty(url)
        _free.append((store, url))


@contextmanager
def postgres_database(*, tables: bool = True) -> Iterator[str]:
    """An empty database; its URL, for processes that open it by themselves."""
    name = next(_names)
    _make(name, _template() if tables else "template0")
    try:
        yield url_of(name)
    finally:
        _drop(name)


def url_of(name: str) -> str:
    """The URL of that database on the tests' server."""
    parts = conninfo_to_dict(server_url())
    host, port = str(parts.get("host", "localhost")), str(parts.get("port", "5432"))
    secret = f":{parts['password']}" if "password" in parts else ""
    return f"postgresql://{parts.get('user', 'postgres')}{secret}@/{name}?host={host}&port={port}"


@cache
def server_url() -> str:
    """The server's URL; it is started with the first question, and stopped with the last process that asked."""
    if named := os.environ.get("KANTOR_TEST_POSTGRES", ""):
        return named
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID", "") or str(os.getpid())
    folder = Path(gettempdir()) / f"kantor-postgres-{run[:12]}"  # short: its socket is in there
    stack = ExitStack()
    url = stack.enter_context(own_server(folder, temporary=True))
    atexit.register(stack.close)
    with psycopg.connect(url, autocommit=True) as connection:
        for costly in ("fsync", "full_page_writes", "synchronous_commit"):  # no test pulls the plug
            connection.execute(SQL("ALTER SYSTEM SET {} = off").format(Identifier(costly)))
        connection.execute("SELECT pg_reload_conf()")
    return url


def _new() -> tuple[Store, str]:
    name = next(_names)
    _make(name, _template())
    atexit.register(_drop, name)
    return Store(url_of(name)), url_of(name)


def _empty(url: str) -> None:
    """Take all rows out: fifty times as fast as a new database."""
    with psycopg.connect(url) as connection:
        others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        connection.execute(others)  # of a test that failed in the middle
        connection.execute("SET session_replication_role = replica")  # no foreign key minds the order
        tables = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version'"
        for (table,) in connection.execute(tables).fetchall():
            connection.execute(SQL("DELETE FROM {}").format(Identifier(table)))
        for (counter,) in connection.execute("SELECT sequencename FROM pg_sequences").fetchall():
            connection.execute(SQL("ALTER SEQUENCE {} RESTART").format(Identifier(counter)))


@cache
def _template() -> str:
    name = next(_names)
    _make(name, "template0")
    upgrade(url_of(name))
    atexit.register(_drop, name)
    return name


def _make(name: str, template: str) -> None:
    _do(SQL("CREATE DATABASE {} TEMPLATE {}").format(Identifier(name), Identifier(template)))


def _drop(name: str) -> None:
    _do(SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(Identifier(name)))


def _do(statement: Composed) -> None:
    with psycopg.connect(server_url(), autocommit=True) as connection:
        connection.execute(statement)
