"""The store: opens units of work on the database, and tells who waits for work that there is some."""

from __future__ import annotations

from contextlib import contextmanager
from threading import local
from typing import TYPE_CHECKING

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.accounts import AccountRepository
from models.awards import AwardRepository
from models.base import NEWS, Base, News
from models.boards import BoardRepository
from models.charters import CharterRepository
from models.contests import ContestRepository
from models.duties import DutyRepository
from models.engines import shown, writer_and_reader
from models.erasure import ErasureRepository
from models.jobs import JobRepository
from models.judging import RatingRepository
from models.looks import LookRepository
from models.outbox import OutboxRepository
from models.pace import PaceRepository
from models.panels import PanelRepository
from models.people import PersonRepository
from models.records import AuditRepository, EventRepository, PresenceRepository
from models.submissions import SubmissionRepository
from models.verdicts import VerdictRepository

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

    from models.jobs import Tickets


LETTERS = "kantor_letters"
"""Of PostgreSQL's channels: it rings there when a letter was written in a process that sends none."""


class Work:
    """One transaction. Each attribute answers the named questions about one topic."""

    def __init__(self, session: Session, tickets: Tickets | None = None) -> None:
        self.contests = ContestRepository(session)
        self.people = PersonRepository(session)
        self.accounts = AccountRepository(session)
        self.submissions = SubmissionRepository(session)
        self.verdicts = VerdictRepository(session)
        self.ratings = RatingRepository(session)
        self.panels = PanelRepository(session)
        self.charters = CharterRepository(session)
        self.duties = DutyRepository(session)
        self.boards = BoardRepository(session)
        self.awards = AwardRepository(session)
        self.jobs = JobRepository(session, tickets)
        self.outbox = OutboxRepository(session)
        self.pace = PaceRepository(session)
        self.looks = LookRepository(session)
        self.audit = AuditRepository(session)
        self.events = EventRepository(session)
        self.presence = PresenceRepository(session)
        self.erasure = ErasureRepository(session)


class Store:
    """The database, safe to share between threads.

    Args:
        url: ``sqlite:///`` and a file (readers and the writer have connections of their own), or a URL of PostgreSQL as libpq
            takes it.
        tickets: The engine that hands jobs out; None: workers look into the table.
        rings: Whether others on the same PostgreSQL are told of letters with the commit. Such commits come one after the other, so
            whoever sends letters itself does without.

    Raises:
        WrongUrlError: It is neither.
    """

    def __init__(self, url: str, tickets: Tickets | None = None, *, rings: bool = False) -> None:
        self._tickets, self._rings = tickets, rings
        self._writer, self._reader = writer_and_reader(url)
        self.url = url
        """As it was given, a password included: for whoever connects by themselves."""
        self.safe_url = shown(url)
        """Where it is, without a password: for people and logs."""
        self._listeners: list[tuple[Callable[[], None], frozenset[News]]] = []
        self._here = local()

    @contextmanager
    def write(self) -> Iterator[Work]:
        """One transaction that commits at the end, and rolls back where an exception leaves it.

        Keep it short: on SQLite there is one writer at a time. Rows stay readable afterwards.
        """
        news: Collection[News] = ()
        with self._counted(), Session(self._writer, expire_on_commit=False) as session, session.begin():
            session.connection()  # at once: SQLAlchemy would begin with the first question, and who looks at the clock must have had their turn
            yield Work(session, self._tickets)
            news = session.info.get(NEWS, frozenset())
            if self._rings and News.LETTER in news:
                session.execute(select(func.pg_notify(LETTERS, "")))
        for listener, about in self._listeners:
            if not about.isdisjoint(news):
                listener()

    @contextmanager
    def read(self) -> Iterator[Work]:
        """One consistent look at the database; what is changed in it is not kept."""
        with self._counted(), Session(self._reader, expire_on_commit=False) as session:
            yield Work(session, self._tickets)
            session.expunge_all()
            session.commit()  # nothing; with each rollback psycopg would forget all statements that it has prepared

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
