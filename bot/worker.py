"""The edge that works through the jobs of the queue: threads of the bot's own, or workers that draw tickets, on any number of machines."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING, Protocol

from bot.attempts import attempt
from bot.crew import BACKOFF, NOW, Crew
from bot.turns import Turns
from models.base import News
from models.jobs import UnknownWorkerError

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable, Collection, Mapping, Sequence
    from datetime import timedelta

    from bot.crew import Hand
    from bot.meters import Meters
    from bot.ports import Clock
    from bot.turns import Task
    from models.jobs import Job
    from models.store import Store, Work

GRACE = 5.0
"""Seconds that jobs of a worker that draws tickets have to come to their end when it is asked to stop."""
LOOKS = 3
"""So often is the roll looked at until jobs without a ticket are looked for again."""


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
        """Taken up, and in hand."""
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

    def _look_after(self) -> None:
        """Where the machine's clock was set back, nothing waits until it shows the old time again."""
        with self._store.read() as work:
            is_ahead = work.jobs.is_ahead(self._clock.now())
        if is_ahead:
            with self._store.write() as work:
                work.jobs.set_back(self._clock.now())


class Roll(Protocol):
    """Who works, on whatever machine. All of it may raise Unavailable."""

    def enter(self) -> int:
        """One worker more; its number."""

    def leave(self, worker: int) -> None:
        """It is no more."""

    def beat(self, worker: int) -> None:
        """It is alive."""

    def put_back_of_the_dead(self) -> None:
        """What was being served by workers whose hearts have stopped is there for the next one."""

    def put_back_but(self, held: Collection[str], worker: int) -> None:
        """Of the tickets that this worker is thought to serve, those of other jobs than these."""


class Ringing(Protocol):
    """What rings when others have something for us."""

    def start(self) -> None:
        """From now on."""

    def stop(self) -> None:
        """No longer."""


class TicketWorker(Worker):
    """Draws tickets, and does their jobs.

    A worker that was killed, or that lost its connection, leaves tickets behind; whoever is alive puts them back.

    Args:
        store: Where the jobs are, and their tickets.
        roll: Who works.
        bell: What rings when a ticket is issued, by whom it wakes.
        clock: Tells when a job that failed is tried again.
        tasks: What to do, by a job's name.
        threads: How many tickets are served side by side.
        lease: Seconds without a sign of life after which a worker is taken for dead.
        poll: Seconds at most between two looks for tickets: a new one rings a bell, one that has rested does not.
        backoff: Seconds between tries.
        meters: Count turns.
    """

    def __init__(  # noqa: PLR0913 - what is of use in tests has a default, and goes by keyword
        self,
        store: Store,
        roll: Roll,
        bell: Callable[[Callable[[], None]], Ringing],
        clock: Clock,
        tasks: Mapping[str, Task],
        *,
        threads: int = 2,
        lease: float = 60.0,
        poll: float = 1.0,
        backoff: Sequence[float] = BACKOFF,
        meters: Meters | None = None,
    ) -> None:
        super().__init__(store, clock, tasks, threads=threads, lease=lease, poll=poll, backoff=backoff, meters=meters)
        self._roll, self._ringing, self._looks = roll, bell(self.wake), count()
        self._me: int | None = None
        """Our number in the roll; None where it has none of us."""
        self._untidy = False
        """Something went wrong: tickets may be ours that nobody here is serving."""

    def start(self) -> None:
        """As ``Crew.start``."""
        super().start()
        self._ringing.start()

    def stop(self, seconds: float = GRACE) -> bool:
        """As ``Worker.stop``; whatever ticket is ours then is there for another."""
        self._ringing.stop()
        ended = super().stop(seconds)
        me = self._me
        if me is not None:
            attempt(lambda: self._roll.leave(me))  # where the database is away, its heart stops
        return ended

    def run(self, stopping: threading.Event, grace: float = GRACE) -> None:
        """Until ``stopping`` is set, and those under way have had so many seconds to come to their end."""
        self.start()
        stopping.wait()
        self.stop(grace)

    def _step(self) -> timedelta:
        quiet = self._turns.quiet
        if quiet > NOW:
            return quiet
        try:
            job = self._claim()
            pause = self._poll if job is None else NOW
            while job is not None:
                with self._in_hand((job.id, job.claims)):
                    job = self._serve(job)
        except BaseException:
            self._untidy = True
            raise
        return pause

    def _claim(self) -> Job | None:
        # Under one lock with what is ours by the roll: nothing that was just drawn is put back.
        with self._taking:
            me = self._enrolled()
            with self._store.write() as work:
                return self._draw(work, me)

    def _serve(self, job: Job) -> Job | None:
        """Do it; the next one, which is drawn with the commit that says that this one is done."""
        drawn: list[Job] = []

        def draw(work: Work) -> None:
            may = self._me is not None and self._turns.quiet == NOW and not self._stopping.is_set()
            following = self._draw(work, self._me) if may and self._me is not None else None
            drawn.extend([following] if following else [])

        try:
            self._turns.give(job, draw)
        except BaseException:
            with self._desk:
                self._hands.difference_update((each.id, each.claims) for each in drawn)
            raise
        return drawn[0] if drawn else None

    def _draw(self, work: Work, me: int) -> Job | None:
        """In hand before others can see that it is ours."""
        try:
            job = work.jobs.draw(me, self._clock.now())
        except UnknownWorkerError:
            self._me = None
            return None
        if job is not None:
            self._take((job.id, job.claims))
        return job

    def _enrolled(self) -> int:
        if self._me is None:
            self._me = self._roll.enter()
        if self._untidy:
            self._roll.put_back_but(self._ids_held(), self._me)
            self._untidy = False
        return self._me

    def _look_after(self) -> None:
        """That we are alive; that what the dead were at is there for the living; and that no job has lost its ticket."""
        if self._me is not None:
            self._roll.beat(self._me)
        self._roll.put_back_of_the_dead()
        if next(self._looks) % LOOKS == 0:
            self._turns.find_lost()
