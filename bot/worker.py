"""The edge that works through what is due: jobs from the queue, letters from the outbox."""

from __future__ import annotations

import threading
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import structlog

from bot.crew import NOW, Crew, attempt
from bot.errors import ConfigurationError, InspectionFailed, KantorError, RateLimited, Unavailable, Undeliverable
from bot.ports import Letter, Posted, Upload
from bot.usecases.losses import report_lost_letter
from models.base import News
from models.outbox import Lane

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

    from bot.ports import Clock, Postman
    from models.job import Job
    from models.outbox import OutboxRow
    from models.store import Store

log = structlog.get_logger()

BACKOFF = (1.0, 4.0, 15.0, 60.0)
"""Seconds to wait after the first, second ... failure; the last one from then on."""

FAR = datetime.max.replace(tzinfo=UTC)

TRIES = 6
"""After so many a job is given up, and so is a letter, that fails in a way that nobody foresaw.

An outage of something outside is no try: the work waits for its end, however long that takes.
"""


@dataclass(frozen=True)
class Task:
    """What a job's name stands for."""

    run: Callable[[dict[str, Any]], None]
    """Does it, with the job's arguments. May be called twice for the same job."""
    give_up: Callable[[dict[str, Any], str], None]
    """Tells people, with the job's arguments and a reference, that it failed for the last time."""


class Worker(Crew):
    """Does the jobs of the queue.

    Args:
        store: Where the queue is.
        clock: Tells when a job is due.
        tasks: What to do, by a job's name.
        threads: How many jobs are done side by side.
        lease: Seconds that a job stays taken after a crash.
        poll: Seconds at most between two looks at the queue.
        backoff: Seconds between tries.
    """

    def __init__(  # noqa: PLR0913 - what is of use in tests has a default, and goes by keyword
        self,
        store: Store,
        clock: Clock,
        tasks: Mapping[str, Task],
        *,
        threads: int = 2,
        lease: float = 60.0,
        poll: float = 1.0,
        backoff: Sequence[float] = BACKOFF,
    ) -> None:
        super().__init__("worker", threads, lease, poll)
        self._store, self._clock = store, clock
        self._tasks, self._backoff = tasks, backoff
        self._outages: Counter[str] = Counter()
        """By job, how often in a row something outside did not answer."""
        store.on_news(self.wake, News.JOB)
        self._quiet_until: datetime | None = None
        """Slack asked us to wait: nothing is fetched."""

    def stop(self, seconds: float = 2.0) -> bool:
        """As ``Crew.stop``; jobs that are not done by then go back to the queue, for the next start."""
        ended = super().stop(seconds)
        with self._desk:
            hands = list(self._hands)
        if hands:
            with self._store.write() as work:
                for row, attempts in hands:
                    work.jobs.release(str(row), attempts, self._clock.now())
        return ended

    def _step(self) -> timedelta:
        now, quiet = self._clock.now(), self._quiet_until
        if quiet is not None and quiet > now:
            return quiet - now
        with self._store.read() as work:
            due = work.jobs.due_in(self._clock.now())
        if due != NOW:
            return self._poll if due is None else due
        with self._store.write() as work:
            job = work.jobs.claim(self._clock.now(), self._lease)
        if job is not None:
            with self._in_hand(job.id, job.attempts):
                self._do(job)
        return NOW

    def _do(self, job: Job) -> None:
        if job.attempts > TRIES:  # its worker died the last time as well
            self._abandon(job)
            return
        failure = attempt(lambda: self._tasks[job.name].run(job.args))
        if failure is None:
            self._outages.pop(job.id, None)
            with self._store.write() as work:
                work.jobs.finish(job.id, job.attempts)
            return
        facts = {"job": job.name, "key": job.key, "attempt": job.attempts}
        _report("a job failed", failure, reference=_reference(job), **facts)
        if isinstance(failure, RateLimited):
            self._wait(job, failure)
        elif _is_outage(failure):
            self._wait_out(job, failure)
        elif job.attempts >= TRIES:
            self._abandon(job)
        else:
            self._retry(job, failure)

    def _wait(self, job: Job, failure: RateLimited) -> None:
        """Slack was asked too often, which is no fault of this job: the attempt does not count."""
        self._quiet_until = self._clock.now() + timedelta(seconds=failure.retry_after)
        with self._store.write() as work:
            work.jobs.release(job.id, job.attempts, self._quiet_until)

    def _wait_out(self, job: Job, failure: Exception) -> None:
        self._outages[job.id] += 1
        pause = _pause(self._outages[job.id], failure, self._backoff)
        with self._store.write() as work:
            work.jobs.release(job.id, job.attempts, self._clock.now() + pause, _in_words(failure))

    def _abandon(self, job: Job) -> None:
        reference = _reference(job)
        failure = attempt(lambda: self._tasks[job.name].give_up(job.args, reference))
        if failure is not None:
            log.error("a job could not even be given up", job=job.name, reference=reference, exc_info=failure)
        if failure is not None and job.attempts < 2 * TRIES:
            self._retry(job, failure)
            return
        log.error("a job was given up", job=job.name, key=job.key, reference=reference)
        with self._store.write() as work:
            work.jobs.fail(job.id, job.attempts, f"given up after {job.attempts} attempts ({reference})")

    def _retry(self, job: Job, failure: Exception) -> None:
        pause = _pause(job.attempts, failure, self._backoff)
        with self._store.write() as work:
            work.jobs.retry(job.id, job.attempts, self._clock.now() + pause, _in_words(failure))

    def _extend(self, hands: list[tuple[int | str, int]]) -> None:
        with self._store.write() as work:
            for row, attempts in hands:
                work.jobs.extend(str(row), attempts, self._clock.now() + self._lease)


class OutboxPump(Crew):
    """Delivers the letters of the outbox: in order in one thread, and to different ones side by side.

    Slack counts messages, edits and files apart, so where it asks to wait in one lane, the others go on.

    Args:
        store: Where the outbox is.
        postman: Brings them to Slack.
        clock: Tells when a letter is due.
        threads: How many are delivered side by side.
        lease: Seconds that a letter stays taken after a crash.
        poll: Seconds at most between two looks at the outbox.
        pace: Seconds between two messages to one recipient; Slack allows one a second in a channel.
        backoff: Seconds between tries.
        organizer_ids: Organizers by the settings: they learn of letters that are given up, beside those of the contest.
        delivered: Called with the recipient of each letter that has arrived.
    """

    def __init__(  # noqa: PLR0913 - what is of use in tests has a default, and goes by keyword
        self,
        store: Store,
        postman: Postman,
        clock: Clock,
        *,
        threads: int = 4,
        lease: float = 60.0,
        poll: float = 1.0,
        pace: float = 1.0,
        backoff: Sequence[float] = BACKOFF,
        organizer_ids: Collection[str] = (),
        delivered: Callable[[str], None] = lambda _: None,
    ) -> None:
        super().__init__("outbox", threads, lease, poll)
        self._store, self._postman, self._clock = store, postman, clock
        self._pace, self._backoff = timedelta(seconds=pace), backoff
        self._organizer_ids, self._tell = organizer_ids, delivered
        store.on_news(self.wake, News.LETTER)
        self._resting: dict[str, datetime] = {}
        """Until when a recipient gets no more messages."""
        self._pacing = threading.Lock()
        self._closed_until: dict[Lane, datetime] = {}
        """Slack asked us to wait: until when nothing goes in that lane."""

    def _step(self) -> timedelta:
        now = self._clock.now()
        row = self._claim(now)
        if row is None:
            return self._idle(now)
        with self._in_hand(row.id, row.attempts), self._resting_after(row):
            self._send(row)
        return NOW

    def _claim(self, now: datetime) -> OutboxRow | None:
        # Under one lock with the marking of the recipient: nobody slips in between.
        with self._pacing:
            resting, closed = self._still_resting(now), self._still_closed(now)
            with self._store.read() as work:
                due = work.outbox.due_in(now, resting, closed)
            if due != NOW:
                return None
            with self._store.write() as work:
                row = work.outbox.claim(now, self._lease, resting, closed)
            if row is not None and row.lane is Lane.MESSAGES:
                self._resting[row.recipient] = FAR  # one at a time
            return row

    def _idle(self, now: datetime) -> timedelta:
        with self._pacing:
            resting, closed = self._still_resting(now), self._still_closed(now)
        with self._store.read() as work:
            due = work.outbox.due_in(now, resting, closed)
        pauses = [until - now for until in (*resting.values(), *closed.values())]
        return min([*pauses, self._poll if due is None else due])

    def _still_resting(self, now: datetime) -> dict[str, datetime]:
        self._resting = {recipient: until for recipient, until in self._resting.items() if until > now}
        return dict(self._resting)

    @contextmanager
    def _resting_after(self, row: OutboxRow) -> Iterator[None]:
        try:
            yield
        finally:
            if row.lane is Lane.MESSAGES:
                with self._pacing:
                    self._resting[row.recipient] = self._clock.now() + self._pace

    def _still_closed(self, now: datetime) -> dict[Lane, datetime]:
        return {lane: until for lane, until in self._closed_until.items() if until > now}

    def _send(self, row: OutboxRow) -> None:
        place = self._place(row)
        if row.edits is not None and place is None:
            self._drop(row, "what it rewrites never arrived")
            return
        posted: list[Posted] = []
        failure = attempt(lambda: posted.append(self._postman.deliver(_letter(row, place), self._memory(row))))
        if failure is None:
            self._delivered(row, posted[0])
            return
        _report("a letter failed", failure, letter=row.id, key=row.key, attempt=row.attempts)
        if isinstance(failure, RateLimited) and failure.for_all:
            self._closed_until[row.lane] = self._clock.now() + timedelta(seconds=failure.retry_after)
        unforeseen = not isinstance(failure, Unavailable) and row.attempts >= TRIES
        if not unforeseen and not isinstance(failure, Undeliverable):
            self._postpone(row, failure)
        elif row.edits is not None:
            self._drop(row, _in_words(failure))
        else:
            self._fail(row, failure)

    def _place(self, row: OutboxRow) -> Posted | None:
        """Where the letter is that this one rewrites; None where it never arrived."""
        if row.edits is None:
            return None
        with self._store.read() as work:
            earlier = work.outbox.by_key(row.edits)
        if earlier is None or earlier.sent_channel is None or earlier.sent_ts is None:
            return None
        return Posted(earlier.sent_channel, earlier.sent_ts)

    def _drop(self, row: OutboxRow, why: str) -> None:
        """An edit that finds nothing to rewrite is no loss to anybody: nobody is told."""
        with self._store.write() as work:
            work.outbox.drop(row.id, why, row.attempts)

    def _delivered(self, row: OutboxRow, posted: Posted) -> None:
        with self._store.write() as work:
            work.outbox.sent(row.id, posted.channel_id, posted.ts, self._clock.now())
        failure = attempt(lambda: self._tell(row.recipient))
        if failure is not None:
            log.warning("nobody could be told of a letter", exc_info=failure)

    def _postpone(self, row: OutboxRow, failure: Exception) -> None:
        limited = isinstance(failure, RateLimited)
        # Slack said how long to wait; what it did not look at counts as no attempt.
        pause = timedelta(seconds=failure.retry_after) if isinstance(failure, RateLimited) else self._pause(row)
        send_at = self._clock.now() + pause
        with self._store.write() as work:
            work.outbox.postpone(row.id, send_at, _in_words(failure), row.attempts, counted=not limited)

    def _pause(self, row: OutboxRow) -> timedelta:
        return timedelta(seconds=self._backoff[min(row.attempts, len(self._backoff)) - 1])

    def _fail(self, row: OutboxRow, failure: Exception) -> None:
        log.error("a letter was given up", letter=row.id, key=row.key)
        with self._store.write() as work:
            if work.outbox.fail(row.id, _in_words(failure), row.attempts):
                report_lost_letter(work, row, _reason(failure), self._clock.now(), self._organizer_ids)

    def _memory(self, row: OutboxRow) -> Callable[[str, str], None]:
        def remember(object_key: str, file_id: str) -> None:
            with self._store.write() as work:
                work.outbox.remember_upload(row.id, object_key, file_id)

        return remember

    def _extend(self, hands: list[tuple[int | str, int]]) -> None:
        with self._store.write() as work:
            for row, attempts in hands:
                work.outbox.extend(int(row), attempts, self._clock.now() + self._lease)


def _is_outage(failure: Exception) -> bool:
    """Whether the work itself is without blame: somebody has to come back, or an operator to mend a setting."""
    return isinstance(failure, Unavailable | ConfigurationError) and not isinstance(failure, InspectionFailed)


def _report(what: str, failure: Exception, **facts: Any) -> None:
    """Foreseen failures are a line; the others come with their traceback (without the values of variables)."""
    if isinstance(failure, KantorError):
        log.warning(what, reason=str(failure), **facts)
    else:
        log.error(what, exc_info=failure, **facts)


def _in_words(failure: Exception) -> str:
    """For the database. Only our own errors are known to hold no secret: of the others the name must do."""
    name = type(failure).__name__
    return f"{name}: {failure}" if isinstance(failure, KantorError) else name


def _reason(failure: Exception) -> str:
    """For people."""
    return str(failure) if isinstance(failure, KantorError) else f"{type(failure).__name__}, which nobody foresaw"


def _pause(attempts: int, failure: Exception, backoff: Sequence[float]) -> timedelta:
    seconds = backoff[min(attempts, len(backoff)) - 1]
    return timedelta(seconds=max(seconds, failure.retry_after) if isinstance(failure, RateLimited) else seconds)


def _reference(job: Job) -> str:
    """Eight characters that a person can quote and an operator can look for."""
    return job.id[:8]


def _letter(row: OutboxRow, rewrites: Posted | None) -> Letter:
    uploads = tuple(Upload(**upload) for upload in row.uploads)
    tried_before = row.attempts > 1
    return Letter(row.key, row.recipient, row.thread_ts, row.message, uploads, tried_before, rewrites)
