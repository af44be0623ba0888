"""PostgreSQL's connections. ``models.engines`` asks for this module where a database is one of those, and nobody else does."""

from __future__ import annotations

import select
import time
from functools import partial
from typing import TYPE_CHECKING, Any

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from sqlalchemy import NullPool, create_engine, event
from sqlalchemy.exc import InvalidatePoolError

if TYPE_CHECKING:
    from sqlalchemy import Engine
    from sqlalchemy.engine import ExceptionContext

NotAnUrlError = psycopg.ProgrammingError
"""Its sentence may quote a part of a password."""

IDLE = 10.0
"""Seconds after which a connection that nobody used is asked whether the server is still there."""

CONNECTIONS = 15
"""At most so many of PostgreSQL's are held by one process: its own default of 100 is enough for six."""

_SESSION = {
    "timezone": "UTC",
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


def shown(info: str) -> str:
    """Where it is, without a password."""
    parts = conninfo_to_dict(info).items()
    return "postgresql: " + make_conninfo(**{name: str(value) for name, value in parts if "password" not in name})


def ports(info: str) -> str:
    """What stands there for a port; of several hosts, with commas between. Raises NotAnUrlError."""
    return str(conninfo_to_dict(info).get("port", ""))


def writer_and_reader(info: str, busy_seconds: int) -> tuple[Engine, Engine]:
    """One pool; who writes locks rows, who reads sees one moment and can change nothing."""
    writer = create_engine(
        "postgresql+psycopg://",
        creator=partial(connected, info, lock_timeout=f"{busy_seconds}s", **_SESSION),
        pool_size=5,
        max_overflow=CONNECTIONS - 5,
        pool_use_lifo=True,  # what a rush hour opened is let go again
        pool_recycle=1800,
        hide_parameters=True,
    )
    event.listen(writer, "handle_error", _hide_values)
    _close_late_returns(writer)
    _look_before_use(writer)
    reader = writer.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    return writer, reader


def _look_before_use(engine: Engine) -> None:
    """No question before each question: a server that went away has said so, and what it said waits to be read.

    A network that swallows everything says nothing, so whoever has been idle for longer is asked as well.
    """

    @event.listens_for(engine, "checkin")
    def _returned(_connection: Any, record: Any) -> None:
        record.info["used"] = time.monotonic()

    @event.listens_for(engine, "checkout")
    def _taken(connection: psycopg.Connection[Any], record: Any, _proxy: object) -> None:
        used = record.info.get("used")
        if used is None:  # it is new
            return
        try:
            if _has_news(connection) or time.monotonic() - used > IDLE:
                connection.execute("")
                connection.commit()  # no rollback: with that psycopg would forget all statements that it has prepared
        except psycopg.OperationalError:
            raise InvalidatePoolError from None  # those that are as old went with it


def _has_news(connection: psycopg.Connection[Any]) -> bool:
    """Whether the server sent something that nobody asked for, its farewell for one. Raises psycopg.OperationalError where it is closed."""
    watch = select.poll()
    watch.register(connection.fileno(), select.POLLIN)
    return bool(watch.poll(0))


def _close_late_returns(engine: Engine) -> None:
    """A connection that comes back after ``dispose`` goes to a pool that nobody uses any more: it is closed at once."""
    disposals: list[Engine] = []
    event.listen(engine, "engine_disposed", disposals.append)

    @event.listens_for(engine, "connect")
    def _connected(_connection: object, record: Any) -> None:
        record.info["disposals"] = len(disposals)

    @event.listens_for(engine, "checkin")
    def _returned(connection: Any, record: Any) -> None:
        if connection is not None and record.info.get("disposals") != len(disposals):
            connection.close()


def _hide_values(context: ExceptionContext) -> None:
    """PostgreSQL's details quote what people wrote, and so do its words about a value that is wrong in itself; an error may be logged."""
    raw, wrapped = context.original_exception, context.sqlalchemy_exception
    if isinstance(raw, psycopg.Error) and raw.diag.message_primary and wrapped is not None:
        plain = raw.diag.message_primary
        if isinstance(raw, psycopg.DataError):
            plain = plain.partition('"')[0].rstrip(": ") or type(raw).__name__
        wrapped.args = tuple(str(part).replace(str(raw), plain) for part in wrapped.args)
        raw.args = (plain,)


def migrator(info: str) -> Engine:
    """An engine for migrations."""
    creator = partial(connected, info, timezone="UTC")
    engine = create_engine("postgresql+psycopg://", creator=creator, poolclass=NullPool, hide_parameters=True)
    event.listen(engine, "handle_error", _hide_values)
    return engine


def connected(info: str, **session: str) -> psycopg.Connection[Any]:
    """A connection that notices where nobody is at its other end; with these settings, but for what the URL says itself. Raises psycopg.OperationalError."""
    named = conninfo_to_dict(info)
    # What the URL says itself comes last, and counts.
    options = " ".join([*(f"-c {name}={value}" for name, value in session.items()), str(named.get("options", ""))])
    network = {name: value for name, value in _NETWORK.items() if name not in named}
    return psycopg.connect(make_conninfo(info, **network, options=options.strip()))
