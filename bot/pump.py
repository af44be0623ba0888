"""The edge that delivers the letters of the outbox."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from math import ceil
from typing import TYPE_CHECKING

import structlog

from bot.attempts import attempt
from bot.crew import BACKOFF, NOW, TRIES, Crew, in_words, report
from bot.errors import KantorError, Overtaken, RateLimited, Unavailable, Undeliverable
from bot.meters import Meters
from bot.pace import Pacer
from bot.ports import Enclosure, Letter, Posted
from bot.rules.causes import caused
from bot.usecases.losses import report_lost_letter
from bot.waiting import Waiting
from models.base import News
from models.engines import is_out

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence
    from datetime import datetime

    from bot.crew import Hand
    from bot.ports import Clock, Postman
    from models.outbox import OutboxRow
    from models.store import Store, Work

log = structlog.get_logger()

PACE = 1.0
"""Seconds between two messages to one recipient: Slack allows one a second in a channel."""

AT_ONCE = 16
"""Letters that a thread takes up at the most: taking up and writing down cost as much for one as for many."""

SOON = timedelta(seconds=1)
"""Within that time what has arrived is written down: the next letters of its thread wait for it."""


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
        pace: Seconds between two messages to one recipient.
        backoff: Seconds between tries.
        organizer_ids: Organizers by the settings: they learn of letters that are given up, beside those of the contest.
        delivered: Called with the recipient of each letter that has arrived.
        waiting: People who wait for an answer; letters let them go first.
        meters: Count letters.
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
        pace: float = PACE,
        backoff: Sequence[float] = BACKOFF,
        organizer_ids: Collection[str] = (),
        delivered: Callable[[str], None] = lambda _: None,
        waiting: Waiting | None = None,
        meters: Meters | None = None,
    ) -> None:
        super().__init__("outbox", threads, lease, poll)
        self._number, self._waiting, self._meters = threads, waiting or Waiting(), meters or Meters()
        self._store, self._postman, self._clock = store, postman, clock
        self._backoff = backoff
        self._organizer_ids, self._tell = organizer_ids, delivered
        store.on_news(self.wake, News.LETTER)
        self._pacer = Pacer(store, clock, pace, SOON)

    def _step(self) -> timedelta:
        self._waiting.let_pass()
        now = self._clock.now()
        rows = self._claim(now)
        if not rows:
            return self._idle(now)
        with ExitStack() as stack:
            for row in rows:
                stack.enter_context(self._in_hand((row.id, row.claims)))
            self._send_all(rows)
        return NOW

    def _claim(self, now: datetime) -> list[OutboxRow]:
        """Some of what is due: as many as leave the other threads their share."""
        # Under one lock with the marking of the recipients: nobody slips in between.
        with self._taking:
            with self._store.read() as work:
                waits, held = self._pacer.waits(work), self._ids_held()
                ids = work.outbox.due(now, waits.resting, waits.closed, held, AT_ONCE * self._number)
            if not ids:
                return []
            with self._store.write() as work:
                free = partial(self._pacer.take, work)
                rows = work.outbox.claim(ids[: ceil(len(ids) / self._number)], now, self._lease, free)
            for row in rows:
                self._take((row.id, row.claims))
                self._pacer.hold(row)
            return rows

    def _ids_held(self) -> list[int]:
        return [int(row) for row in self._held()]

    def _idle(self, now: datetime) -> timedelta:
        with self._store.read() as work:
            with self._taking:
                waits, held = self._pacer.waits(work), self._ids_held()
            due = work.outbox.due_in(now, waits.resting, waits.closed, held)
        return min(waits.shortest, self._poll if due is None else due)

    @contextmanager
    def _resting_after(self, row: OutboxRow) -> Iterator[None]:
        try:
            yield
        finally:
            with self._taking:
                self._pacer.sent(row)

    def _send_all(self, rows: Sequence[OutboxRow]) -> None:
        """One after the other; what has arrived is written down together, and what may not go now after all is put back."""
        places, since = self._places(rows), self._clock.elapsed()
        arrived: list[tuple[OutboxRow, Posted]] = []
        left = list(rows)
        try:
            while left and self._may_go_on(left[0], since):
                row = left.pop(0)
                with caused(row.cause), self._resting_after(row):
                    posted = self._send(row, places.get(row.edits or ""), since)
                arrived += [(row, posted)] if posted else []
                self._waiting.let_pass()
        finally:
            self._settle(rows, arrived, left)

    def _may_go_on(self, row: OutboxRow, since: timedelta) -> bool:
        is_soon = self._clock.elapsed() - since < SOON
        return is_soon and not self._pacer.is_closed(row.lane) and not self._stopping.is_set()

    def _places(self, rows: Sequence[OutboxRow]) -> dict[str, Posted]:
        """Where the letters are that these rewrite; those that never arrived are left out."""
        edited = [row.edits for row in rows if row.edits is not None]
        if not edited:
            return {}
        with self._store.read() as work:
            return {key: Posted(channel, ts) for key, channel, ts in work.outbox.places(edited)}

    def _send(self, row: OutboxRow, place: Posted | None, since: timedelta) -> Posted | None:
        """Where it is; None where it has not arrived, and has been dealt with."""
        if row.edits is not None and place is None:
            self._drop(row, "what it rewrites never arrived")
            return None
        posted: list[Posted] = []
        claim = _Claim(self._store, self._clock, self._lease, row, since)
        failure = attempt(lambda: posted.append(self._postman.deliver(_letter(row, place), claim)))
        if failure is None:
            return posted[0]
        report("a letter failed", failure, letter=row.id, key=row.key, attempt=row.attempts)
        if isinstance(failure, Overtaken):
            return None  # it is in other hands, which say what becomes of it
        if isinstance(failure, RateLimited) and failure.for_all:
            with self._taking:
                self._pacer.close(row.lane, failure.retry_after)
        unforeseen = not (isinstance(failure, Unavailable) or is_out(failure)) and row.attempts >= TRIES
        if not unforeseen and not isinstance(failure, Undeliverable):
            self._postpone(row, failure)
        elif row.edits is not None:
            self._drop(row, in_words(failure))
        else:
            self._fail(row, failure)
        return None

    def _drop(self, row: OutboxRow, why: str) -> None:
        """An edit that finds nothing to rewrite is no loss to anybody: nobody is told."""
        self._count(row, "dropped")
        with self._store.write() as work:
            work.outbox.drop(row.id, why, row.claims)

    def _settle(
        self, rows: Sequence[OutboxRow], arrived: Sequence[tuple[OutboxRow, Posted]], left: Sequence[OutboxRow]
    ) -> None:
        with self._taking:
            for row in left:
                self._pacer.put_back(row)
        if not arrived and not left and not self._pacer.is_shared:
            return
        now = self._clock.now()
        with self._store.write() as work:
            is_first = [work.outbox.sent(row.id, posted.channel_id, posted.ts, now) for row, posted in arrived]
            for row in left:
                work.outbox.postpone(row.id, now, row.error or "", row.claims, now=now, counted=False)
            self._pacer.settle(work, rows)
        for (row, posted), first in zip(arrived, is_first, strict=True):
            with caused(row.cause):
                if first:
                    log.info("a letter arrived", letter=row.id, kind=row.kind, key=row.key, ts=posted.ts)
                    self._tell_of(row)
                else:
                    self._withdraw(row, posted)

    def _count(self, row: OutboxRow, outcome: str) -> None:
        self._meters.letter(row.kind, row.lane, outcome)

    def _tell_of(self, row: OutboxRow) -> None:
        self._count(row, "sent")
        failure = attempt(lambda: self._tell(row.recipient))
        if failure is not None:
            log.warning("nobody could be told of a letter", exc_info=failure)

    def _withdraw(self, row: OutboxRow, posted: Posted) -> None:
        """Ours was on its way for longer than a lease, and another has sent the letter meanwhile: people keep that one."""
        log.warning("a letter went out twice, and one is taken back", letter=row.id, key=row.key)
        failure = attempt(lambda: self._postman.withdraw(posted))
        if failure is not None:
            report("a letter could not be taken back", failure, letter=row.id, key=row.key)

    def _postpone(self, row: OutboxRow, failure: Exception) -> None:
        self._count(row, "postponed")
        limited = isinstance(failure, RateLimited)
        # Slack said how long to wait; what it did not look at counts as no attempt.
        pause = timedelta(seconds=failure.retry_after) if isinstance(failure, RateLimited) else self._pause(row)
        now, why = self._clock.now(), in_words(failure)
        with self._store.write() as work:
            work.outbox.postpone(row.id, now + pause, why, row.claims, now=now, counted=not limited)

    def _pause(self, row: OutboxRow) -> timedelta:
        return timedelta(seconds=self._backoff[min(row.attempts, len(self._backoff)) - 1])

    def _fail(self, row: OutboxRow, failure: Exception) -> None:
        log.error("a letter was given up", letter=row.id, key=row.key)
        self._count(row, "failed")
        with self._store.write() as work:
            if row.contest_id is not None:
                work.contests.lock(
                    row.contest_id
                )  # before the letter's row: so does an erasure, and neither waits for the other
            if work.outbox.fail(row.id, in_words(failure), row.claims):
                report_lost_letter(work, row, _reason(failure), self._clock.now(), self._organizer_ids)

    def _extend(self, hands: list[Hand]) -> list[Hand]:
        with self._store.write() as work:
            now = self._clock.now()
            return [hand for hand in hands if not work.outbox.extend(int(hand[0]), hand[1], now + self._lease, now=now)]

    def _look_after(self) -> None:
        """Where the machine's clock was set back, nothing waits until it shows the old time again."""
        with self._store.read() as work:
            is_ahead = work.outbox.is_ahead(self._clock.now())
        if is_ahead:
            with self._store.write() as work:
                work.outbox.set_back(self._clock.now())


@dataclass
class _Claim:
    """``bot.ports.Claim`` on a row of the outbox."""

    store: Store
    clock: Clock
    lease: timedelta
    row: OutboxRow
    since: timedelta
    """When it was taken up, or renewed, in the clock's elapsed time; by the calendar it stands in the row."""

    def renew(self) -> None:
        if not self._is_new():
            with self.store.write() as work:
                self._renew(work)

    def _is_new(self) -> bool:
        """So little of the lease has passed that nobody can have taken it up: by the calendar, too, which goes on while a machine sleeps."""
        passed, by_calendar = self.clock.elapsed() - self.since, self.clock.now() - self.row.set_at
        return max(passed, abs(by_calendar)) < self.lease / 20

    def remember(self, object_key: str, file_id: str) -> None:
        with self.store.write() as work:
            self._renew(work)
            work.outbox.remember_upload(self.row.id, object_key, file_id)

    def _renew(self, work: Work) -> None:
        # One statement asks and answers: nobody can take the letter up in between.
        now = self.clock.now()
        if not work.outbox.extend(self.row.id, self.row.claims, now + self.lease, now=now):
            raise Overtaken("another has taken the letter up, or has sent it")
        self.since, self.row.set_at = self.clock.elapsed(), now


def _reason(failure: Exception) -> str:
    """For people."""
    return str(failure) if isinstance(failure, KantorError) else f"{type(failure).__name__}, which nobody foresaw"


def _letter(row: OutboxRow, rewrites: Posted | None) -> Letter:
    uploads = tuple(Enclosure(**upload) for upload in row.uploads)
    tried_before = row.attempts > 1
    return Letter(row.key, row.recipient, row.thread_ts, row.message, uploads, tried_before, row.created_at, rewrites)
