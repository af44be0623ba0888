"""The store: opens units of work on the database, and tells who waits for work that there is some.

With connections as SQLite needs them so that many threads can share it.
"""

from __future__ import annotations

import os
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import local
from typing import TYPE_CHECKING, Any

from sqlalchemy import NullPool, create_engine, event, make_url
from sqlalchemy.orm import Session

from models.accounts import AccountRepository
from models.base import NEWS, Base, News
from models.boards import BoardRepository
from models.contests import ContestRepository
from models.erasure import ErasureRepository
from models.jobs import JobRepository
from models.judging import RatingRepository
from models.outbox import OutboxRepository
from models.people import PersonRepository
from models.records import AuditRepository, EventRepository, PresenceRepository
from models.submissions import SubmissionRepository
from models.verdicts import VerdictRepository

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlalchemy import URL, Engine

    from models.jobs import Tickets


class Work:
    """One transaction. Each attribute answers the named questions about one topic."""

    def __init__(self, session: Session, tickets: Tickets | None = None) -> None:
        self.contests = ContestRepository(session)
        self.people = PersonRepository(session)
        self.accounts = AccountRepository(session)
        self.submissions = SubmissionRepository(session)
        self.verdicts = VerdictRepository(session)
        self.ratings = RatingRepository(session)
        self.boards = BoardRepository(session)
        self.jobs = JobRepository(session, tickets)
        self.outbox = OutboxRepository(session)
        self.audit = AuditRepository(session)
        self.events = EventRepository(session)
        self.presence = PresenceRepository(session)
        self.erasure = ErasureRepository(session)


class Store:
    """The database, safe to share between threads.

    Args:
        url: A SQLAlchemy URL. SQLite needs a file: readers and the writer have connections of their own.
        tickets: The engine that hands jobs out; None: workers look into the table.
    """

    def __init__(self, url: str, tickets: Tickets | None = None) -> None:
        self._tickets = tickets
        self._writer, self._reader = writer_and_reader(url)
        self._listeners: list[tuple[Callable[[], None], frozenset[News]]] = []
        self._here = local()

    @contextmanager
    def write(self) -> Iterator[Work]:
        """One transaction that commits at the end, and rolls back where an exception leaves it.

        Keep it short: on SQLite there is one writer at a time. Rows stay readable afterwards.
        """
        with self._counted(), Session(self._writer, expire_on_commit=False) as session:
            with session.begin():
                session.connection()  # at once: SQLAlchemy would begin with the first question, and who looks at the clock must have had their turn
                yield Work(session, self._tickets)
            news = session.info.get(NEWS, frozenset())
        for listener, about in self._listeners:
            if not about.isdisjoint(news):
                listener()

    @contextmanager
    def read(self) -> Iterator[Work]:
        """One consistent look at the database; what is changed in it is not kept."""
        with self._counted(), Session(self._reader, expire_on_commit=False) as session:
            yield Work(session, self._tickets)

    def require_idle(self) -> None:
        """Raises RuntimeError in the middle of a transaction of this thread: whoever is slow, or outside, is asked before it."""
        if self._open:
            raise RuntimeError("This was asked in the middle of a transaction: ask before it, and hand in the answer.")

    @property
    def _open(self) -> int:
        """How many transactions this thread is in."""
        return getattr(self._here, "open", 0)

    @contextmanager
    def _counted(self) -> Iterator[None]:
        self._here.open = self._open + 1
        try:
            yield
        finally:
            self._here.open = self._open - 1

    @property
    def safe_url(self) -> str:
        """Where it is, without a password: for people and logs."""
        return self._writer.url.render_as_string(hide_password=True)

    def on_news(self, listener: Callable[[], None], *about: News) -> None:
        """Call ``listener`` after each commit of this process that wrote one of these (any, where none is named).

        It must be quick and not raise.
        """
        self._listeners.append((listener, frozenset(about or News)))

    def create_tables(self) -> None:
        """Make all tables at once, for tests; a deployment runs the migrations."""
        Base.metadata.create_all(self._writer)

    def dispose(self) -> None:
        """Close all connections."""
        for engine in {self._writer, self._reader}:
            engine.dispose()


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
