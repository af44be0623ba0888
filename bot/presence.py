"""The edge that notes while the bot is there, and reads what was sent whenever it was not.

Slack repeats what it could not deliver for about six minutes. After a start, a new connection, a sleep of the machine, and after
a time in which the database took nothing down, something may have been lost: then the bot looks for itself.
"""

from __future__ import annotations

import threading
from functools import partial
from typing import TYPE_CHECKING, Protocol

import structlog

from bot.attempts import attempt
from bot.crew import report
from bot.errors import Unavailable

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from bot.usecases.submissions.absences import Absence, Absences, Room
    from bot.usecases.submissions.arrivals import Upload

log = structlog.get_logger()

BACKOFF = (1.0, 4.0, 15.0, 30.0)
"""Seconds to wait after the first, second ... look that failed; the last one from then on."""
STANDSTILL = 60.0
"""Seconds between two turns after which we take it that the machine, or the process, stood still."""


class Line(Protocol):
    """The way by which Slack reaches us."""

    def start(self) -> None:
        """Let Slack in."""

    def session(self) -> str | None:
        """The name of the present connection, each its own; None where Slack cannot reach us."""

    def look(self) -> None:
        """Called every second: mend what has broken."""

    def stop(self) -> None:
        """Take nothing new; returns when what was taken is acknowledged."""


class Presence:
    """One thread; a look at the connection each second.

    Args:
        absences: The use cases.
        stopping: Set when the bot is to end; whoever waits for Slack looks at it, too.
        passed: A clock in seconds that nobody sets, and that goes on while the machine sleeps.
        look_every: Seconds between two looks at the connection.
        note_every: Seconds between two notes that we are there.
        backoff: Seconds between tries to read.
        waited: A clock in seconds for these pauses, where it is another one: a sandbox's goes on in steps, and nobody stood still.
    """

    def __init__(  # noqa: PLR0913 - what is of use in tests has a default, and goes by keyword
        self,
        absences: Absences,
        stopping: threading.Event,
        passed: Callable[[], float],
        *,
        look_every: float = 1.0,
        note_every: float = 10.0,
        backoff: Sequence[float] = BACKOFF,
        waited: Callable[[], float] | None = None,
    ) -> None:
        self._absences, self._stopping, self._passed = absences, stopping, passed
        self._waited = waited or passed
        self._look_every, self._note_every, self._backoff = look_every, note_every, backoff
        self._behind = threading.Event()
        """Something may have been sent that we do not know."""
        self._since: datetime | None = None
        """When that began, where only we know it: other bots may have been there all the time."""
        self._doubted: datetime | None = None
        """Since when something may not have reached us, though we were there."""
        self._known = ""
        """The connection that we have been hearing by."""
        self._failures, self._taken = 0, 0
        self._note_at, self._read_at = 0.0, 0.0
        self._thread: threading.Thread | None = None

    def start(self, connection: Callable[[], str | None]) -> None:
        """Begin. ``connection`` names the present connection to Slack, each by another name; None where there is none."""
        self._thread = threading.Thread(target=self._loop, args=(connection,), name="kantor-presence", daemon=True)
        self._thread.start()

    def stop(self, seconds: float = 2.0) -> None:
        """Note nothing more; what is being read is read again after the next start."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join(seconds)

    def missed(self) -> None:
        """Something that Slack told could not be written down: once that works again, read it."""
        self._since = self._since or self._absences.now()
        self._behind.set()

    def doubt(self, since: datetime) -> None:
        """Something that was sent since then may not have reached us, though we were there: read it."""
        self._doubted = min(since, self._doubted or since)
        self._behind.set()

    def _loop(self, connection: Callable[[], str | None]) -> None:
        while not self._stopping.is_set():
            name = connection()
            if name is not None:
                self._turn(name)
            before = self._passed()
            self._stopping.wait(self._look_every)
            if self._passed() - before > STANDSTILL:
                self._behind.set()

    def _turn(self, connection: str) -> None:
        if connection != self._known:
            self._known = connection
            self._behind.set()
        now = self._waited()
        if self._behind.is_set():
            if now >= self._read_at:
                self._catch_up()
        elif now >= self._note_at:
            self._note_at = now + self._note_every
            self._try(self._absences.note_presence)

    def _catch_up(self) -> None:
        self._behind.clear()  # before the look: what is missed while we read is read after that
        if self._try(self._read):
            self._failures = 0
        else:
            pause = self._backoff[min(self._failures, len(self._backoff) - 1)]
            self._failures, self._read_at = self._failures + 1, self._waited() + pause

    def _try(self, action: Callable[[], None]) -> bool:
        failure = attempt(action)
        if failure is not None and not self._stopping.is_set():
            self._behind.set()
            report("what was missed could not be read", failure)
        return failure is None

    def _read(self) -> None:
        since, doubted = self._since, self._doubted
        absence = self._absences.begin(since, doubted)
        if absence is None:
            self._absences.note_presence()
            self._doubted = None
            return
        # One room, or one file, that fails does not keep the others out.
        failures = [failure for room in absence.rooms for failure in self._read_room(absence, room)]
        if failures:
            raise failures[0]
        self._absences.end(absence, self._taken)
        self._since = None if self._since == since else self._since
        self._doubted = None if self._doubted == doubted else self._doubted
        log.info("caught_up", away_since=str(absence.since), taken=self._taken)
        self._taken = 0

    def _read_room(self, absence: Absence, room: Room) -> list[Exception]:
        if self._stopping.is_set():
            return [Unavailable("we are asked to stop")]
        found: list[Upload] = []
        failures = [attempt(lambda: found.extend(self._absences.missed(absence, room)))]
        failures += [attempt(partial(self._take, upload)) for upload in found]
        return [failure for failure in failures if failure is not None]

    def _take(self, upload: Upload) -> None:
        self._taken += self._absences.take(upload)
