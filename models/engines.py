"""Connections as each database needs them, so that many threads, and on PostgreSQL many machines, can share it.

What PostgreSQL needs is imported where it is used: its library takes 25 MB.
"""

from __future__ import annotations

import os
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import NullPool, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import URL, Engine

_SCHEMES = ("postgresql://", "postgres://", "postgresql+psycopg://", "postgres+psycopg://")
"""Ways to write the same: libpq's two, and SQLAlchemy's."""

_WRITING = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON")
"""Secure: what is erased for a person is overwritten in the file, and not only forgotten."""

BUSY_SECONDS = 10
"""How long a writer waits for another: for the file on SQLite (``kantor accounts import`` beside ``kantor run``), for a row on PostgreSQL."""


_BESIDE = ("", "-wal", "-shm", "-journal")
"""What SQLite calls its file, and those beside it."""

READER_KIB = 512
"""What each of SQLite's readers keeps of the file, of which there may be fifty; its own default is 2 MB. The machine keeps the rest."""


class WrongUrlError(ValueError):
    """No database that we know could be meant by it. Says why, without what it was: there may be a password in it."""


class UnreachableError(Exception):
    """The database does not let us in. Says why."""


def is_postgres(url: str) -> bool:
    """Whether it is a URL of PostgreSQL."""
    return url.startswith(_SCHEMES)


def conninfo(url: str) -> str:
    """What libpq takes, from any way to write a URL of PostgreSQL: one or several hosts, and all of its own parameters."""
    return "postgresql://" + url.partition("://")[2]


def shown(url: str) -> str:
    """Where it is, without a password: for people and logs."""
    if not is_postgres(url):
        return make_url(url).render_as_string(hide_password=True)
    from models import postgres  # noqa: PLC0415 - see the module's docstring

    return postgres.shown(conninfo(url))


def require_right(url: str) -> None:
    """Raises WrongUrlError where it names no database that we know."""
    if is_postgres(url):
        from models import postgres  # noqa: PLC0415 - see the module's docstring

        try:
            ports = postgres.ports(conninfo(url))
        except postgres.NotAnUrlError:
            raise WrongUrlError("it is not written as PostgreSQL's URLs are") from None
        if not all(port.isdecimal() for port in ports.split(",") if port):
            raise WrongUrlError("a port is a number")
        return
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise WrongUrlError("it is no URL of a database") from None
    if parsed.get_backend_name() != "sqlite":
        raise WrongUrlError("it is neither SQLite's nor PostgreSQL's")
    if parsed.database in {None, "", ":memory:"}:
        raise WrongUrlError("SQLite needs a file")


def is_missing_file(url: str) -> bool:
    """Whether it is SQLite's, in a file that is not there yet. Raises WrongUrlError."""
    require_right(url)
    return not is_postgres(url) and not Path(str(make_url(url).database)).exists()


def remove_file(url: str) -> None:
    """Take SQLite's file away, with all that is beside it. Nothing happens to PostgreSQL's."""
    if not is_postgres(url):
        for beside in _BESIDE:
            Path(f"{make_url(url).database}{beside}").unlink(missing_ok=True)


def writer_and_reader(url: str) -> tuple[Engine, Engine]:
    """Two engines for the same database. Raises WrongUrlError for one that is not known, and for SQLite without a file."""
    require_right(url)
    if is_postgres(url):
        from models import postgres  # noqa: PLC0415 - see the module's docstring

        return postgres.writer_and_reader(conninfo(url), BUSY_SECONDS)
    parsed = make_url(url)
    _make_file(parsed)
    # Hidden parameters: an error that is logged must not show what people wrote. Threads queue for the one connection that
    # writes, which is far fairer than SQLite's own lock, which they would poll.
    common: dict[str, Any] = {"connect_args": {"timeout": BUSY_SECONDS}, "hide_parameters": True}
    writer = create_engine(parsed, pool_size=1, max_overflow=0, **common)
    reader = create_engine(parsed, pool_size=10, max_overflow=40, **common)
    _prepare(writer, begin="BEGIN IMMEDIATE", pragmas=_WRITING)
    _prepare(reader, begin="BEGIN", pragmas=("query_only=ON", f"cache_size=-{READER_KIB}"))
    return writer, reader


def migrator(url: str) -> Engine:
    """An engine for migrations. Raises WrongUrlError as ``writer_and_reader``.

    Foreign keys are off on SQLite, since it changes a table by copying it and dropping the old one; PostgreSQL gets as much time
    as it needs.
    """
    require_right(url)
    if is_postgres(url):
        from models import postgres  # noqa: PLC0415 - see the module's docstring

        return postgres.migrator(conninfo(url))
    parsed = make_url(url)
    _make_file(parsed)
    engine = create_engine(parsed, poolclass=NullPool, connect_args={"timeout": BUSY_SECONDS}, hide_parameters=True)
    _prepare(engine, begin="BEGIN IMMEDIATE", pragmas=("journal_mode=WAL", "foreign_keys=OFF"))
    return engine


@contextmanager
def reached() -> Iterator[None]:
    """What SQLAlchemy raises where PostgreSQL cannot be reached becomes an UnreachableError."""
    try:
        yield
    except OperationalError as error:
        if type(error.orig).__module__.partition(".")[0] != "psycopg":
            raise
        raise UnreachableError(" ".join(str(error.orig).split())) from None


_SQLITE_OUT = {5, 6, 7, 8, 10, 13, 14}
"""SQLite's codes: busy, locked, no memory, read-only, input or output failed, full, cannot be opened."""
_POSTGRES_OUT = {"08", "25", "40", "53", "55", "57", "58"}
"""PostgreSQL's classes: connections, a standby that only reads, what lost against others, room and connections, locks, operators, the system."""


def is_out(error: BaseException) -> bool:
    """Whether the database itself was in no state to answer, so that the same may work later: it is away, busy, full or read-only."""
    if isinstance(error, PoolTimeoutError):
        return True
    if not isinstance(error, DBAPIError):
        return False
    code = getattr(error.orig, "sqlite_errorcode", None)
    if code is not None:  # of an extended code the lowest byte says what it is
        return code & 0xFF in _SQLITE_OUT
    state = getattr(error.orig, "sqlstate", None)
    # Without any state: no server has said anything.
    return isinstance(error, OperationalError) if state is None else state[:2] in _POSTGRES_OUT


def _make_file(url: URL) -> None:
    file = Path(str(url.database))
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    # For its owner alone, before anything stands in it; what SQLite makes beside it takes over the file's mode.
    file.touch(mode=0o600)
    for beside in _BESIDE:
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
