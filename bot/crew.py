"""Crews: threads that sleep until a commit rings their bell, or until the next due moment, and take up what is due under a lease.

A crew that is killed leaves its leases behind; when they are over, the work is taken up again, by whoever runs then.
"""

from __future__ import annotations

import threading
import time
from abc import ABC, abstractmethod
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import structlog

from bot.attempts import attempt
from bot.errors import KantorError, RateLimited
from models.engines import is_out

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.ports import Clock

log = structlog.get_logger()

NOW = timedelta(0)

BACKOFF = (1.0, 4.0, 15.0, 60.0)
"""Seconds to wait after the first, second ... failure; the last one from then on."""

TRIES = 6
"""After so many a job is given up, and so is a letter, that fails in a way that nobody foresaw.

An outage of something outside is no try: the work waits for its end, however long that takes.
"""

NAP = 0.5
"""Seconds between two looks at the clock of those who wait by it."""

Hand = tuple[int | str, int]
"""A row's id, and the number of the claim by which it was taken up."""


def rest(seconds: float, clock: Clock, stopping: threading.Event) -> bool:
    """Wait so long by the clock that all the bot goes by: a sandbox's may be moved on by hours. Whether we are asked to stop."""
    due = clock.elapsed() + timedelta(seconds=seconds)
    while (left := (due - clock.elapsed()).total_seconds()) > 0 and not stopping.wait(min(left, NAP)):
        pass
    return stopping.is_set()


class Bell:
    """Wakes whoever waits for news. A ring between a look and the wait after it is not missed."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._rings = 0

    def heard(self) -> int:
        """How often it has rung."""
        return self._rings

    def ring(self) -> None:
        """Wake one that waits; if nobody does, whoever is next to wait does not."""
        with self._changed:
            self._rings += 1
            # Not all: a hundred commits in a moment would have every thread look a hundred times, when the database is busiest.
            self._changed.notify()

    def ring_all(self) -> None:
        """Wake all that wait."""
        with self._changed:
            self._rings += 1
            self._changed.notify_all()

    def wait(self, heard: int, seconds: float) -> None:
        """Return when it has rung more than ``heard`` times, or after ``seconds``."""
        with self._changed:
            self._changed.wait_for(lambda: self._rings != heard, seconds)


class Crew(ABC):
    """Threads that do one thing after another until they are stopped.

    Args:
        name: The threads are called by it.
        threads: How many.
        lease: Seconds that what is taken up belongs to the crew; it is kept for longer while it is worked on.
        poll: Seconds at most between two looks, for what other processes wrote.
    """

    def __init__(self, name: str, threads: int, lease: float, poll: float) -> None:
        self._lease = timedelta(seconds=lease)
        self._poll = timedelta(seconds=poll)
        self._bell = Bell()
        self._stopping = threading.Event()
        self._hands: set[Hand] = set()
        """Id and claim of each row that is being worked on."""
        self._desk = threading.Lock()
        self._taking = threading.Lock()
        """Held from the choice of a row until it is in hand, so that no two threads of ours take the same one."""
        names = [f"kantor-{name}-{number}" for number in range(1, threads + 1)]
        self._threads = [threading.Thread(target=self._loop, name=thread, daemon=True) for thread in names]
        # Daemons, since a task may be in the middle of a download when we stop; its lease brings it back.
        self._threads.append(threading.Thread(target=self._keep_leases, name=f"kantor-{name}-leases", daemon=True))

    def start(self) -> None:
        """Begin. Not to be started twice."""
        for thread in self._threads:
            thread.start()

    def stop(self, seconds: float = 2.0) -> bool:
        """Take up nothing new, and wait ``seconds`` at most for what is under way. Whether all of it came to its end."""
        self._stopping.set()
        self._bell.ring_all()
        deadline = time.monotonic() + seconds
        for thread in self._threads:
            thread.join(max(0.0, deadline - time.monotonic()))
        return not any(thread.is_alive() for thread in self._threads)

    def wake(self) -> None:
        """Look at once; ``Store.on_news`` takes this."""
        self._bell.ring()

    @abstractmethod
    def _step(self) -> timedelta:
        """Do one thing that is due; how long there is nothing to do (zero: look again)."""

    @abstractmethod
    def _extend(self, hands: list[Hand]) -> list[Hand]:
        """Keep these rows for longer; those that are no longer ours."""

    def _loop(self) -> None:
        while not self._stopping.is_set():
            failure = attempt(self._turn)
            if failure is not None:
                if is_out(failure):
                    log.warning("the database is away, and looked for again", reason=type(failure).__name__)
                else:
                    report("a crew could not look for work", failure)
                self._stopping.wait(self._poll.total_seconds())

    def _turn(self) -> None:
        heard = self._bell.heard()
        pause = min(self._step(), self._poll)
        if pause > NOW and not self._stopping.is_set():
            self._bell.wait(heard, pause.total_seconds())

    @abstractmethod
    def _look_after(self) -> None:
        """Called at the start, and three times a lease: what nobody's turn sees to."""

    def _keep_leases(self) -> None:
        while True:
            # The clock first: at the start it may have been set back while we were away.
            for care in (self._look_after, self._extend_all):
                failure = attempt(care)
                if failure is not None:
                    log.warning("leases could not be looked after", exc_info=failure)
            if self._stopping.wait((self._lease / 3).total_seconds()):
                return

    def _extend_all(self) -> None:
        with self._desk:
            hands = list(self._hands)
        lost = self._extend(hands) if hands else []
        with self._desk:
            self._hands.difference_update(lost)

    def _held(self) -> list[int | str]:
        """Ids of what we are at: nothing of it is taken up a second time, even after a pause that outlasted its lease."""
        with self._desk:
            return [row for row, _ in self._hands]

    def _take(self, hand: Hand) -> None:
        with self._desk:
            self._hands.add(hand)

    @contextmanager
    def _in_hand(self, hand: Hand) -> Iterator[None]:
        self._bell.ring()  # one commit may have brought work for several
        try:
            yield
        finally:
            with self._desk:
                self._hands.discard(hand)


def report(what: str, failure: Exception, **facts: Any) -> None:
    """Foreseen failures are a line; the others come with their traceback (without the values of variables).

    Being asked to wait is no failure: nothing is lost, and it is done again after so many seconds.
    """
    if isinstance(failure, RateLimited):
        log.info("Slack asks us to wait, and then it is tried again", seconds=failure.retry_after, **facts)
    elif isinstance(failure, KantorError):
        log.warning(what, reason=str(failure), **facts)
    else:
        log.error(what, exc_info=failure, **facts)


def in_words(failure: Exception) -> str:
    """For the database. Only our own errors are known to hold no secret: of the others the name must do."""
    name = type(failure).__name__
    return f"{name}: {failure}" if isinstance(failure, KantorError) else name
