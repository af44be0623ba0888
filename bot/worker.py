"""The edge that works through the jobs of the queue."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import structlog

from bot.attempts import attempt
from bot.crew import BACKOFF, NOW, TRIES, Crew, in_words, report
from bot.errors import ConfigurationError, InspectionFailed, RateLimited, Unavailable
from models.base import News

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from bot.crew import Hand
    from bot.ports import Clock
    from models.jobs import Job
    from models.store import Store

log = structlog.get_logger()


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
        self._quiet_until = NOW
        """In the clock's elapsed time. Slack asked us to wait: nothing is fetched."""

    def stop(self, seconds: float = 2.0) -> bool:
        """As ``Crew.stop``; jobs that are not done by then go back to the queue, for the next start."""
        ended = super().stop(seconds)
        with self._desk:
            hands = list(self._hands)
        if hands:
            with self._store.write() as work:
                for row, claim in hands:
                    work.jobs.release(str(row), claim, self._clock.now(), now=self._clock.now())
        return ended

    def _step(self) -> timedelta:
        quiet = self._quiet_until - self._clock.elapsed()
        if quiet > NOW:
            return quiet
        with self._store.read() as work:
            due = work.jobs.due_in(self._clock.now(), self._ids_held())
        if due != NOW:
            return self._poll if due is None else due
        job = self._claim()
        if job is not None:
            with self._in_hand((job.id, job.claims)):
                self._do(job)
        return NOW

    def _claim(self) -> Job | None:
        with self._taking:
            with self._store.write() as work:
                job = work.jobs.claim(self._clock.now(), self._lease, self._ids_held())
            if job is not None:
                self._take((job.id, job.claims))
            return job

    def _ids_held(self) -> list[str]:
        return [str(row) for row in self._held()]

    def _do(self, job: Job) -> None:
        if job.attempts > TRIES:  # its worker died the last time as well
            self._abandon(job)
            return
        failure = attempt(lambda: self._tasks[job.name].run(job.args))
        if failure is None:
            self._outages.pop(job.id, None)
            with self._store.write() as work:
                ours = work.jobs.finish(job.id, job.claims)
            if not ours and not self._stopping.is_set():
                log.warning("a job was taken up by another meanwhile", job=job.name, key=job.key)
            return
        if self._stopping.is_set() and isinstance(failure, Unavailable):
            # Its helpers were taken away beneath it: ``stop`` has given it back, or does so here, and nothing has failed.
            with self._store.write() as work:
                work.jobs.release(job.id, job.claims, self._clock.now(), now=self._clock.now())
            return
        facts = {"job": job.name, "key": job.key, "attempt": job.attempts}
        report("a job failed", failure, reference=_reference(job), **facts)
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
        now, rest = self._clock.now(), timedelta(seconds=failure.retry_after)
        self._quiet_until = self._clock.elapsed() + rest
        with self._store.write() as work:
            work.jobs.release(job.id, job.claims, now + rest, now=now)

    def _wait_out(self, job: Job, failure: Exception) -> None:
        self._outages[job.id] += 1
        now, pause = self._clock.now(), _pause(self._outages[job.id], failure, self._backoff)
        with self._store.write() as work:
            work.jobs.release(job.id, job.claims, now + pause, in_words(failure), now=now)

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
            work.jobs.fail(job.id, job.claims, f"given up after {job.attempts} attempts ({reference})")

    def _retry(self, job: Job, failure: Exception) -> None:
        now, pause = self._clock.now(), _pause(job.attempts, failure, self._backoff)
        with self._store.write() as work:
            work.jobs.retry(job.id, job.claims, now + pause, in_words(failure), now=now)

    def _extend(self, hands: list[Hand]) -> list[Hand]:
        with self._store.write() as work:
            now = self._clock.now()
            return [hand for hand in hands if not work.jobs.extend(str(hand[0]), hand[1], now + self._lease, now=now)]

    def _look_at_the_clock(self) -> None:
        with self._store.read() as work:
            is_ahead = work.jobs.is_ahead(self._clock.now())
        if is_ahead:
            with self._store.write() as work:
                work.jobs.set_back(self._clock.now())


def _is_outage(failure: Exception) -> bool:
    """Whether the work itself is without blame: somebody has to come back, or an operator to mend a setting."""
    return isinstance(failure, Unavailable | ConfigurationError) and not isinstance(failure, InspectionFailed)


def _pause(attempts: int, failure: Exception, backoff: Sequence[float]) -> timedelta:
    seconds = backoff[min(attempts, len(backoff)) - 1]
    return timedelta(seconds=max(seconds, failure.retry_after) if isinstance(failure, RateLimited) else seconds)


def _reference(job: Job) -> str:
    """Eight characters that a person can quote and an operator can look for."""
    return job.id[:8]
