"""Work to be done soon, written in the same transaction as the reason for it."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from sqlalchemy import BigInteger, Index, Select, and_, bindparam, func, or_, select, update
from sqlalchemy.orm import Mapped, aliased, mapped_column

from bot.rules.causes import cause
from models.base import SKEW, Base, News, Repository, UtcDateTime, Waiting, words

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from sqlalchemy import Row, Update
    from sqlalchemy.orm import Session
    from sqlalchemy.sql.dml import ReturningUpdate


class JobState(StrEnum):
    """How far a job has come."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    DROPPED = "dropped"
    """It failed for good, and somebody decided to leave it at that."""


RECENT = timedelta(minutes=10)
"""So long a turn counts against the person whose job was taken up: after that they stand where everybody else does."""

LATER = -1
"""Priority of what nobody waits for: whatever else is due comes first."""

MOST = 1000
"""So many turns of a person are told apart."""


class Ticket(NamedTuple):
    """Says whose turn it is."""

    id: int
    """The engine's."""
    job_id: str
    number: int
    """Which of the job's tickets it is."""


class UnknownWorkerError(Exception):
    """The engine does not know who wants a ticket: it was taken for dead."""


class Tickets(Protocol):
    """An engine beside the table, where workers on any number of machines get their jobs from.

    The table stays the one record of what is to be done; a ticket only says whose turn it is. It is written on the connection of the
    transaction that queues the job, so that the one is never there without the other.
    """

    def issue(self, connection: Any, job_id: str, number: int, *, rest: timedelta, priority: int) -> None:
        """A ticket for that job, which is drawn after ``rest``; of those that are due the highest priority first."""

    def draw(self, connection: Any, worker: int) -> Ticket | None:
        """The next one that is due, which that worker serves from now on; None where there is none. Raises UnknownWorkerError."""

    def hand_in(self, connection: Any, ticket_id: int) -> None:
        """That one has been served."""

    def outstanding(self, connection: Any) -> Collection[str]:
        """Ids of the jobs that have a ticket which is waiting, or being served."""

    def alive(self, connection: Any, within: timedelta) -> bool:
        """Whether a worker has been heard of within that time."""


class Job(Base):
    """One piece of work: a task's name and its arguments."""

    __tablename__ = "job"
    __table_args__ = (Index(None, "state", "run_at"), Index(None, "taken_at"), Index(None, "owner"))

    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    key: Mapped[str] = mapped_column(unique=True)
    """What the work is about: a second job of the same key is not taken."""
    args: Mapped[dict[str, Any]]
    state: Mapped[JobState] = mapped_column(words(JobState))
    run_at: Mapped[datetime]
    lease_until: Mapped[datetime | None]
    """While it is running: until when it belongs to the worker that took it."""
    set_at: Mapped[datetime]
    """When the one or the other of these was set."""
    attempts: Mapped[int]
    """How often it was tried, this time included; what failed without its fault is taken off again."""
    claims: Mapped[int] = mapped_column(default=0)
    """How often it was taken up. It never goes back, so it tells one worker's turn from every other."""
    error: Mapped[str | None]
    owner: Mapped[str | None]
    """The user id of the person whom it is done for; None where it is for many."""
    taken_at: Mapped[datetime | None]
    """When it was taken up the last time."""
    contest_id: Mapped[str | None]
    """The contest that it is about; None where it is about many, or none."""
    priority: Mapped[int] = mapped_column(default=0)
    """0, or ``LATER``."""
    ticket: Mapped[int] = mapped_column(default=0)
    """How many tickets it was given: the last one holds, those before it are void."""
    drawn: Mapped[int | None] = mapped_column(BigInteger)
    """The engine's id of the ticket by which it was taken up the last time."""
    cause: Mapped[str | None]
    """What it came of (``bot.rules.causes``)."""


class JobRepository(Repository[Job]):
    """The queue of work.

    A worker that was too slow may find that another took its job up when the lease was over. So that it does not spoil
    the other's work, ``finish``, ``retry`` and ``fail`` take the claim that they speak for, and do nothing (and say
    False) where it is not the current one.
    """

    _row = Job

    def __init__(self, session: Session, tickets: Tickets | None = None) -> None:
        super().__init__(session)
        self._tickets = tickets

    def enqueue(  # noqa: PLR0913 - a job is what it says
        self,
        job_id: str,
        name: str,
        key: str,
        args: Mapping[str, Any],
        now: datetime,
        *,
        rest: timedelta = timedelta(0),
        owner: str | None = None,
        contest_id: str | None = None,
        priority: int = 0,
    ) -> bool:
        """Queue a job, to be done after ``rest``. False, and nothing is written, where there is (or was) one of that key."""
        values: dict[str, Any] = {"id": job_id, "name": name, "key": key, "args": dict(args), "owner": owner}
        values |= {
            "run_at": now + rest,
            "set_at": now,
            "contest_id": contest_id,
            "priority": priority,
            "cause": cause(),
        }
        turns = self._turns_of(owner, now)
        queued = self._insert_new({**values, "state": JobState.QUEUED, "attempts": 0}, ("key",))
        if queued:
            self._issue(job_id, 0, rest, _rank(priority, turns))
            self._tell(News.JOB)
        return queued

    def claim(self, now: datetime, lease: timedelta, held: Collection[str] = ()) -> Job | None:
        """Take the next job that is due: a queued one, or one whose worker let its lease run out.

        It is of the person who had the fewest turns in the last minutes, and among those of the same number the one that has been
        due for longest: ten files of one person keep nobody waiting for ten turns. What somebody has waits no longer than their
        turns are remembered, whoever else comes, and the jobs of one person keep their order. What is for many comes first.

        ``held`` are jobs that another thread of this process is at, however old its lease.
        """
        of = {"drawn": None, "now": now, "recent": now - RECENT, "held": list(held) or [""]}
        return self._taken(_next(), now, now + lease, of)

    def draw(self, worker: int, now: datetime) -> Job | None:
        """Take up the job whose ticket that worker draws; None where none is due. Raises UnknownWorkerError.

        Void tickets that it draws are thrown away.
        """
        while self._tickets is not None and (ticket := self._tickets.draw(self._connection, worker)) is not None:
            job = self.take(ticket, now)
            if job is not None:
                return job
            self._tickets.hand_in(self._connection, ticket.id)
        return None

    def take(self, ticket: Ticket, now: datetime) -> Job | None:
        """Take up the job of that ticket, in whose place no other worker is: not even one whose heart has stopped.

        None where the ticket is void: the work is done, or the job was given another ticket since.
        """
        of = {"job_id": ticket.job_id, "number": ticket.number, "drawn": ticket.id}
        return self._taken(_of_ticket(), now, None, of)

    def _taken(
        self, change: ReturningUpdate[Job], now: datetime, lease_until: datetime | None, of: Mapping[str, Any]
    ) -> Job | None:
        values = {"taken": now, "lease": lease_until, **of}
        options = {"synchronize_session": False, "populate_existing": True}
        return self._session.scalars(change, values, execution_options=options).one_or_none()

    def extend(self, job_id: str, claim: int, lease_until: datetime, *, now: datetime) -> bool:
        """Keep a job for longer. False where it is no longer this claim's."""
        return self._settle(job_id, claim, lease_until=lease_until, set_at=now)

    def release(self, job_id: str, claim: int, run_at: datetime, error: str | None = None, *, now: datetime) -> bool:
        """Give it back untouched, until ``run_at``: this attempt does not count."""
        return self._wait(job_id, claim, run_at, now, attempts=Job.attempts - 1, error=error)

    def finish(self, job_id: str, claim: int) -> bool:
        """The work is done."""
        return self._end(job_id, claim, state=JobState.DONE, lease_until=None, error=None)

    def retry(self, job_id: str, claim: int, run_at: datetime, error: str, *, now: datetime) -> bool:
        """It failed in a way that may pass: try again at ``run_at``."""
        return self._wait(job_id, claim, run_at, now, error=error)

    def fail(self, job_id: str, claim: int, error: str) -> bool:
        """It failed for good."""
        return self._end(job_id, claim, state=JobState.FAILED, lease_until=None, error=error)

    def failed(self) -> Sequence[Job]:
        """Those that were given up, and that nobody has looked after yet; the last one first."""
        return self._session.scalars(
            select(Job).where(Job.state == JobState.FAILED).order_by(Job.taken_at.desc(), Job.id)
        ).all()

    def failures(self, contest_id: str) -> int:
        """How many of those are about that contest, or about none."""
        about = or_(Job.contest_id == contest_id, Job.contest_id.is_(None))
        return self._session.scalars(select(func.count()).where(Job.state == JobState.FAILED, about)).one()

    def again(self, job_id: str, now: datetime) -> bool:
        """Try a job that was given up as if it were new. False where it is not one of those."""
        anew = {"state": JobState.QUEUED, "run_at": now, "set_at": now, "attempts": 0, "ticket": Job.ticket + 1}
        job = self._look_after(job_id, error=None, **anew)
        if job is not None:
            self._issue(job.id, job.ticket, timedelta(0), _rank(job.priority, self._turns_of(job.owner, now)))
            self._tell(News.JOB)
        return job is not None

    def drop(self, job_id: str) -> bool:
        """Leave a job that was given up at that. False where it is not one of those."""
        return self._look_after(job_id, state=JobState.DROPPED) is not None

    def _look_after(self, job_id: str, **values: Any) -> Job | None:
        change = update(Job).where(Job.id == job_id, Job.state == JobState.FAILED).values(**values).returning(Job.id)
        if self._session.scalars(change).first() is None:
            return None
        return self._session.get(Job, job_id, populate_existing=True)

    def lost(self) -> Sequence[Job]:
        """Jobs that are to be done, and for which the engine has no ticket: they were brought here by a restored backup."""
        if self._tickets is None:
            return ()
        # First the jobs: one that is settled meanwhile has another ticket, or none, and ``reissue`` looks at that.
        waiting = self._session.scalars(select(Job).where(Job.state.in_((JobState.QUEUED, JobState.RUNNING)))).all()
        known = frozenset(self._tickets.outstanding(self._connection))
        return [job for job in waiting if job.id not in known]

    def reissue(self, job: Job, now: datetime) -> bool:
        """A ticket for a lost job. False where it has gone on since."""
        same = update(Job).where(Job.id == job.id, Job.state == job.state, Job.ticket == job.ticket)
        values = {"state": JobState.QUEUED, "ticket": Job.ticket + 1, "set_at": now, "lease_until": None}
        row = self._session.execute(same.values(**values).returning(Job.ticket, Job.run_at)).first()
        if row is not None:
            self._issue(job.id, row.ticket, max(row.run_at - now, timedelta(0)), _rank(job.priority, 0))
        return row is not None

    def unattended(self, now: datetime, patience: timedelta) -> bool:
        """Whether something has been due for longer than that, and no worker was heard of for as long."""
        if self._tickets is None:
            return False
        due = select(Job.id).where(Job.state.in_((JobState.QUEUED, JobState.RUNNING)), Job.run_at <= now - patience)
        waits = self._session.scalars(due.limit(1)).first() is not None
        return waits and not self._tickets.alive(self._connection, patience)

    def due_in(self, now: datetime, held: Collection[str] = ()) -> timedelta | None:
        """How long until there is something to claim (zero: now), or None where nothing waits and nothing runs."""
        queued = select(func.min(Job.run_at)).where(Job.state == JobState.QUEUED)
        leased = select(func.min(Job.lease_until)).where(Job.state == JobState.RUNNING, Job.id.not_in(held))
        moments = [
            moment for moment in (self._session.scalar(queued), self._session.scalar(leased)) if moment is not None
        ]
        return max(min(moments) - now, timedelta(0)) if moments else None

    def is_ahead(self, now: datetime) -> bool:
        """Whether something waits from a time on that is yet to come: the clock was set back since."""
        return self._session.scalars(_ahead(now).limit(1)).first() is not None

    def set_back(self, now: datetime) -> None:
        """The clock was set back: what was to wait waits from now on, and for as long as it was told to."""
        for job in self._session.scalars(_ahead(now).with_for_update(skip_locked=True)):
            ahead = job.set_at - now
            job.run_at, job.set_at = job.run_at - ahead, now
            job.lease_until = None if job.lease_until is None else job.lease_until - ahead
        self._session.flush()

    def count_by_state(self) -> Mapping[JobState, int]:
        """How many jobs there are in each state (0 where none)."""
        counted = self._session.execute(select(Job.state, func.count()).group_by(Job.state)).tuples().all()
        return dict.fromkeys(JobState, 0) | dict(counted)

    def open(self) -> Mapping[JobState, Waiting]:
        """What is not done, or was given up, by its state; since when the longest has been due."""
        lasting = (JobState.QUEUED, JobState.RUNNING, JobState.FAILED)
        question = select(Job.state, func.count(), func.min(Job.run_at)).where(Job.state.in_(lasting))
        found = self._session.execute(question.group_by(Job.state)).all()
        return {state: Waiting(number, since) for state, number, since in found}

    def by_key(self, key: str) -> Job | None:
        """The job of that key, or None."""
        return self._session.scalars(select(Job).where(Job.key == key)).one_or_none()

    def _wait(self, job_id: str, claim: int, run_at: datetime, now: datetime, **values: Any) -> bool:
        waiting = {"state": JobState.QUEUED, "run_at": run_at, "set_at": now, "lease_until": None, **values}
        if not self._end(job_id, claim, ticket=Job.ticket + 1, **waiting):
            return False
        if self._tickets is not None:
            job = self._session.scalars(
                select(Job).where(Job.id == job_id).execution_options(populate_existing=True)
            ).one()
            # It has had this turn already.
            turns = max(self._turns_of(job.owner, now) - 1, 0)
            self._issue(job_id, job.ticket, max(run_at - now, timedelta(0)), _rank(job.priority, turns))
        return True

    def _end(self, job_id: str, claim: int, **values: Any) -> bool:
        """As ``_settle``; its turn is over, and its ticket goes with it."""
        row = self._settled(job_id, claim, values)
        if row is not None and row.drawn is not None and self._tickets is not None:
            self._tickets.hand_in(self._connection, row.drawn)
        return row is not None

    def _settle(self, job_id: str, claim: int, **values: Any) -> bool:
        return self._settled(job_id, claim, values) is not None

    def _settled(self, job_id: str, claim: int, values: Mapping[str, Any]) -> Row[Any] | None:
        change = update(Job).where(Job.id == job_id, Job.state == JobState.RUNNING, Job.claims == claim)
        # Nobody has the row at hand: to look through the session for it costs as much as the change.
        done = self._session.execute(
            change.values(**values).returning(Job.drawn), execution_options={"synchronize_session": False}
        )
        return done.first()

    def _issue(self, job_id: str, number: int, rest: timedelta, priority: int) -> None:
        if self._tickets is not None:
            self._tickets.issue(self._connection, job_id, number, rest=rest, priority=priority)

    def _turns_of(self, owner: str | None, now: datetime) -> int:
        """How many jobs of that person wait, are in work, or were taken up lately; nobody counts where no engine asks."""
        if self._tickets is None or owner is None:
            return 0
        waits = Job.state.in_((JobState.QUEUED, JobState.RUNNING))
        question = select(func.count()).where(Job.owner == owner, or_(waits, Job.taken_at > now - RECENT))
        return self._session.scalars(question).one()

    @property
    def _connection(self) -> Any:
        """SQLAlchemy's, in the same transaction: the engine's own statements go through it as they are."""
        return self._session.connection()


def _rank(priority: int, turns: int) -> int:
    """For an engine that knows one number: nobody's third comes before another's first."""
    return priority * MOST - min(turns, MOST - 1)


@cache
def _next() -> ReturningUpdate[Job]:
    """Takes up what ``claim`` says. Made once: to build it takes longer than to ask it."""
    now, recent = bindparam("now", type_=UtcDateTime), bindparam("recent", type_=UtcDateTime)
    # How many jobs of each person were taken up lately: done, or in work. Not those "of the future": clocks are set back.
    other = aliased(Job)
    lately = other.owner.is_not(None), other.taken_at > recent, other.taken_at <= now
    turns = select(other.owner, func.count().label("number")).where(*lately).group_by(other.owner).subquery()
    due = or_(
        and_(Job.state == JobState.QUEUED, Job.run_at <= now),
        and_(Job.state == JobState.RUNNING, Job.lease_until <= now),
    )
    first = (
        select(Job.id)
        .outerjoin(turns, turns.c.owner == Job.owner)
        .where(due, Job.id.not_in(bindparam("held", expanding=True)))
        .order_by(Job.priority.desc(), func.coalesce(turns.c.number, 0), Job.run_at, Job.id)
        .limit(1)
        .with_for_update(skip_locked=True, of=Job)
    )
    return _taking().where(Job.id == first.scalar_subquery()).returning(Job)


@cache
def _of_ticket() -> ReturningUpdate[Job]:
    this = Job.id == bindparam("job_id"), Job.ticket == bindparam("number")
    return _taking().where(*this, Job.state.in_((JobState.QUEUED, JobState.RUNNING))).returning(Job)


def _taking() -> Update:
    taken = bindparam("taken", type_=UtcDateTime)
    change = update(Job).values(state=JobState.RUNNING, lease_until=bindparam("lease", type_=UtcDateTime))
    change = change.values(taken_at=taken, set_at=taken, drawn=bindparam("drawn"))
    return change.values(attempts=Job.attempts + 1, claims=Job.claims + 1)


def _ahead(now: datetime) -> Select[Job]:
    return select(Job).where(Job.state.in_((JobState.QUEUED, JobState.RUNNING)), Job.set_at > now + SKEW)
