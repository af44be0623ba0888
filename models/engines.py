"""Connections as each database needs them, so that many threads, and on PostgreSQL many machines, can share it."""

from __future__ import annotations

import os
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from sqlalchemy import NullPool, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, OperationalError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import URL, Engine
    from sqlalchemy.engine import ExceptionContext

_SCHEMES = ("postgresql://", "postgres://", "postgresql+psycopg://", "postgres+psycopg://")
"""Ways to write the same: libpq's two, and SQLAlchemy's."""

_WRITING = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON")
"""Secure: what is erased for a person is overwritten in the file, and not only forgotten."""

BUSY_SECONDS = 10
"""How long a writer waits for another: for the file on SQLite (``kantor accounts import`` beside ``kantor run``), for a row on PostgreSQL."""

CONNECTIONS = 15
"""At most so many of PostgreSQL's are held by one process: its own default of 100 is enough for six."""

_SESSION = {
    "timezone": "UTC",
    "lock_timeout": f"{BUSY_SECONDS}s",
    "statement_timeout": "60s",
    "idle_in_transaction_session_timeout": "60s",  # of a machine that is gone; what it had locked is free again
}
_NETWORK = {
    "connect_timeout": "5",  # seconds for each host
    "keepalives_idle": "10",
    "keepalives_interval": "5",
    "keepalives_count": "3",
    "tcp_user_timeout": "30000",  # milliseconds until a silent machine counts as gone
    "application_name": "kantor",
}


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
    parts = conninfo_to_dict(conninfo(url)).items()
    return "postgresql: " + make_conninfo(**{name: str(value) for name, value in parts if "password" not in name})


def require_right(url: str) -> None:
    """Raises WrongUrlError where it names no database that we know."""
    if is_postgres(url):
        try:
            ports = str(conninfo_to_dict(conninfo(url)).get("port", ""))
        except psycopg.ProgrammingError:  # its sentence may quote a part of a password
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


def writer_and_reader(url: str) -> tuple[Engine, Engine]:
    """Two engines for the same database. Raises WrongUrlError for one that is not known, and for SQLite without a file."""
    require_right(url)
    if is_postgres(url):
        return _postgres(url)
    parsed = make_url(url)
    _make_file(parsed)
    # Hidden parameters: an error that is logged must not show what people wrote. Threads queue for the one connection that
    # writes, which is far fairer than SQLite's own lock, which they would poll.
    common: dict[str, Any] = {"connect_args": {"timeout": BUSY_SECONDS}, "hide_parameters": True}
    writer = create_engine(parsed, pool_size=1, max_overflow=0, **common)
    reader = create_engine(parsed, pool_size=10, max_overflow=40, **common)
    _prepare(writer, begin="BEGIN IMMEDIATE", pragmas=_WRITING)
    _prepare(reader, begin="BEGIN", pragmas=("query_only=ON",))
    return writer, reader


def _postgres(url: str) -> tuple[Engine, Engine]:
    """One pool; who writes locks rows, who reads sees one moment and can change nothing."""
    writer = create_engine(
        "postgresql+psycopg://",
        creator=partial(_connect, url, **_SESSION),
        pool_size=5,
        max_overflow=CONNECTIONS - 5,
        pool_pre_ping=True,
        pool_use_lifo=True,  # what a rush hour opened is let go again
        pool_recycle=1800,
        hide_parameters=True,
    )
    event.listen(writer, "handle_error", _hide_values)
    reader = writer.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    return writer, reader


def _hide_values(context: ExceptionContext) -> None:
    """PostgreSQL's details quote what people wrote, and an error may be logged."""
    raw, wrapped = context.original_exception, context.sqlalchemy_exception
    if isinstance(raw, psycopg.Error) and raw.diag.message_primary and wrapped is not None:
        plain = raw.diag.message_primary
        wrapped.args = tuple(str(part).replace(str(raw), plain) for part in wrapped.args)
        raw.args = (plain,)


def migrator(url: str) -> Engine:
    """An engine for migrations. Raises WrongUrlError as ``writer_and_reader``.

    Foreign keys are off on SQLite, since it changes a table by copying it and dropping the old one; PostgreSQL gets as much time
    as it needs.
    """
    require_right(url)
    if is_postgres(url):
        creator = partial(_connect, url, timezone="UTC")
        return create_engine("postgresql+psycopg://", creator=creator, poolclass=NullPool, hide_parameters=True)
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
        if not isinstance(error.orig, psycopg.OperationalError):
            raise
        raise UnreachableError(" ".join(str(error.orig).split())) from None


def _connect(url: str, **session: str) -> psycopg.Connection[Any]:
    info = conninfo(url)
    named = conninfo_to_dict(info)
    # What the URL says itself comes last, and counts.
    options = " ".join([*(f"-c {name}={value}" for name, value in session.items()), str(named.get("options", ""))])
    network = {name: value for name, value in _NETWORK.items() if name not in named}
    return psycopg.connect(make_conninfo(info, **network, options=options.strip()))


def _make_file(url: URL) -> None:
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
