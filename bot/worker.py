"""The edge that works through the jobs of the queue."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.crew import BACKOFF, NOW, Crew
from bot.turns import Turns
from models.base import News

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import timedelta

    from bot.crew import Hand
    from bot.meters import Meters
    from bot.ports import Clock
    from bot.turns import Task
    from models.jobs import Job
    from models.store import Store


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
        meters: Count turns.
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
        meters: Meters | None = None,
    ) -> None:
        super().__init__("worker", threads, lease, poll)
        self._store, self._clock = store, clock
        self._turns = Turns(store, clock, tasks, self._stopping, backoff, meters=meters)
        store.on_news(self.wake, News.JOB)

    def stop(self, seconds: float = 2.0) -> bool:
        """As ``Crew.stop``; jobs that are not done by then go back to the queue, for the next start."""
        ended = super().stop(seconds)
        with self._desk:
            hands = list(self._hands)
        if hands:
            self._turns.give_back(hands)
        return ended

    def _step(self) -> timedelta:
        quiet = self._turns.quiet
        if quiet > NOW:
            return quiet
        with self._store.read() as work:
            due = work.jobs.due_in(self._clock.now(), self._ids_held())
        if due != NOW:
            return self._poll if due is None else due
        job = self._claim()
        if job is not None:
            with self._in_hand((job.id, job.claims)):
                self._turns.give(job)
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
