"""One turn of a job: what is done with it, and what becomes of it then, by whatever engine its turn came."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import structlog

from bot.attempts import attempt
from bot.crew import BACKOFF, NOW, TRIES, in_words, report
from bot.errors import ConfigurationError, InspectionFailed, RateLimited, Unavailable
from bot.meters import Meters
from bot.rules.causes import caused
from models.engines import is_out

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from threading import Event

    from bot.crew import Hand
    from bot.ports import Clock
    from models.jobs import Job
    from models.store import Store, Work

log = structlog.get_logger()


@dataclass(frozen=True)
class Task:
    """What a job's name stands for."""

    run: Callable[[dict[str, Any]], None]
    """Does it, with the job's arguments. May be called twice for the same job."""
    give_up: Callable[[dict[str, Any], str], None]
    """Tells people, with the job's arguments and a reference, that it failed for the last time."""


class Turns:
    """Gives jobs their turns.

    Args:
        store: Where the jobs are.
        clock: Tells when one that failed is tried again.
        tasks: What to do, by a job's name.
        stopping: Set when we are to end.
        backoff: Seconds between tries.
        meters: Count turns, and know how long they took.
    """

    def __init__(  # noqa: PLR0913 - what is of use in tests has a default, and goes by keyword
        self,
        store: Store,
        clock: Clock,
        tasks: Mapping[str, Task],
        stopping: Event,
        backoff: Sequence[float] = BACKOFF,
        *,
        meters: Meters | None = None,
    ) -> None:
        self._store, self._clock, self._meters = store, clock, meters or Meters()
        self._tasks, self._stopping, self._backoff = tasks, stopping, backoff
        self._outages: Counter[str] = Counter()
        """By job, how often in a row something outside did not answer."""
        self._quiet_until = NOW
        """In the clock's elapsed time. Slack asked us to wait: nothing is fetched."""

    @property
    def quiet(self) -> timedelta:
        """How long Slack wants to be left alone yet."""
        return max(self._quiet_until - self._clock.elapsed(), NOW)

    def give_back(self, hands: Iterable[Hand]) -> None:
        """What is not done goes back to the queue, for whoever comes next."""
        with self._store.write() as work:
            for row, claim in hands:
                work.jobs.release(str(row), claim, self._clock.now(), now=self._clock.now())

    def find_lost(self) -> None:
        """Jobs that have no ticket get one: they came with a backup, or whatever kept the tickets was emptied."""
        with self._store.write() as work:
            for job in work.jobs.lost():
                if work.jobs.reissue(job, self._clock.now()):
                    log.info("a job without a ticket got one", job=job.name, key=job.key)

    def give(self, job: Job, then: Callable[[Work], None] = lambda _: None) -> None:
        """Do a job that was taken up, and say what came of it; ``then`` goes with the commit that says it is done."""
        with caused(job.cause):
            log.info("a job begins", job=job.name, key=job.key, attempt=job.attempts)
            self._give(job, then)

    def _give(self, job: Job, then: Callable[[Work], None]) -> None:
        if job.attempts > TRIES:  # its worker died the last time as well
            self._abandon(job)
            self._meters.job(job.name, "failed", 0.0)
            return
        began = self._clock.elapsed()
        failure = attempt(lambda: self._tasks[job.name].run(job.args))
        self._meters.job(job.name, _outcome(failure, job), (self._clock.elapsed() - began).total_seconds())
        if failure is None:
            self._outages.pop(job.id, None)
            with self._store.write() as work:
                ours = work.jobs.finish(job.id, job.claims)
                then(work)
            if ours:
                log.info("a job is done", job=job.name, key=job.key)
            elif not self._stopping.is_set():
                log.warning("a job was taken up by another meanwhile", job=job.name, key=job.key)
            return
        if self._stopping.is_set() and isinstance(failure, Unavailable):
            # Its helpers were taken away beneath it: whoever stops has given it back, or does so here, and nothing has failed.
            self.give_back([(job.id, job.claims)])
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


def _outcome(failure: Exception | None, job: Job) -> str:
    """For ``Meters.job``."""
    if failure is None:
        return "done"
    if isinstance(failure, RateLimited) or _is_outage(failure):
        return "waiting"
    return "failed" if job.attempts >= TRIES else "retried"


def _is_outage(failure: Exception) -> bool:
    """Whether the work itself is without blame: somebody has to come back, or an operator to mend a setting."""
    blameless = isinstance(failure, Unavailable | ConfigurationError) and not isinstance(failure, InspectionFailed)
    return blameless or is_out(failure)


def _pause(attempts: int, failure: Exception, backoff: Sequence[float]) -> timedelta:
    seconds = backoff[min(attempts, len(backoff)) - 1]
    return timedelta(seconds=max(seconds, failure.retry_after) if isinstance(failure, RateLimited) else seconds)


def _reference(job: Job) -> str:
    """Eight characters that a person can quote and an operator can look for."""
    return job.id[:8]
