"""Jobs on PostgreSQL are handed out by procrastinate: tickets are issued by whoever queues a job, and drawn by workers anywhere.

A ticket says which job's turn it is, and nothing else: what is to be done, how often it was tried and how it ended stands in our own
table, where the job was written in the same transaction. Whatever happens to a ticket, the table tells what to do about it.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any, cast

import structlog
from procrastinate import App, PsycopgConnector, SyncPsycopgConnector
from psycopg_pool import AsyncConnectionPool

from bot.attempts import attempt

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine
    from datetime import datetime, timedelta

    from psycopg import Connection

log = structlog.get_logger()

TASK = "kantor"
"""The one task that procrastinate knows: to serve a ticket."""
GRACE = 5.0
"""Seconds that jobs have to come to their end when we are asked to stop."""
LOOK = 0.1
"""Seconds between two looks whether we are asked to stop."""
_TURN = 0x4B4A4F42
"""Of PostgreSQL's advisory locks: who takes up what dead workers left holds it, so that two do not do it at once."""


class ProcrastinateTickets:
    """Issues tickets, on the connection of whoever queues a job (``models.jobs.Tickets``)."""

    def __init__(self) -> None:
        logging.getLogger("procrastinate").setLevel(logging.ERROR)  # it names each ticket, twice
        self._app = App(connector=SyncPsycopgConnector())

    def issue(self, connection: Connection[Any], job_id: str, number: int, *, rest: timedelta, priority: int) -> None:
        """A ticket for the job; how long it rests is measured by the database's clock, which is the same for all machines."""
        due = _moment(connection, rest) if rest else None
        place = self._app.configure_task(TASK, connection=connection, priority=priority, schedule_at=due)
        place.defer(job_id=job_id, number=number)

    def outstanding(self, connection: Connection[Any]) -> frozenset[str]:
        """Ids of the jobs that have a ticket which is waiting, or being served."""
        tickets = (
            "SELECT args ->> 'job_id' FROM procrastinate_jobs WHERE task_name = %s AND status IN ('todo', 'doing')"
        )
        return frozenset(job_id for (job_id,) in connection.execute(tickets, [TASK]))

    def alive(self, connection: Connection[Any], within: timedelta) -> bool:
        """Whether a worker's heart has beaten within that time."""
        hearts = "SELECT 1 FROM procrastinate_workers WHERE last_heartbeat > clock_timestamp() - %s LIMIT 1"
        return connection.execute(hearts, [within]).fetchone() is not None


def _moment(connection: Connection[Any], rest: timedelta) -> datetime:
    row = connection.execute("SELECT clock_timestamp() + %s", [rest]).fetchone()
    return cast("tuple[datetime]", row)[0]


class TicketWorker:
    """Draws tickets until it is asked to stop, and has each served in a thread of its own.

    A worker that was killed, or that lost its connection, leaves tickets behind; whoever is alive puts them back.

    Args:
        conninfo: The database, as libpq takes it.
        serve: Does the job of a ticket, and says so in our table. It may raise where the database is away: it is asked again.
        care: Called now and then, for jobs that have lost their tickets.
        threads: How many tickets are served side by side.
        lease: Seconds without a sign of life after which a worker is taken for dead.
        poll: Seconds at most between two looks for tickets: a new one rings a bell, one that has rested does not.
    """

    def __init__(  # noqa: PLR0913 - what is of use in tests has a default, and goes by keyword
        self,
        conninfo: str,
        serve: Callable[[str, int], None],
        care: Callable[[], None],
        *,
        threads: int = 2,
        lease: float = 60.0,
        poll: float = 1.0,
    ) -> None:
        self._conninfo, self._serve, self._care = conninfo, serve, care
        self._threads, self._lease, self._poll = threads, lease, poll

    def run(self, stopping: threading.Event, grace: float = GRACE) -> None:
        """Returns when ``stopping`` is set, and those under way have had so many seconds to come to their end."""
        while not stopping.is_set():
            failure = attempt(lambda: asyncio.run(self._round(stopping, grace)))
            if failure is not None and not stopping.is_set():
                log.warning("the worker lost the database, and looks for it again", reason=type(failure).__name__)
                stopping.wait(self._poll)

    async def _round(self, stopping: threading.Event, grace: float) -> None:
        """Until we are asked to stop, or something breaks: then all is begun anew, with new connections."""
        parts: list[Coroutine[Any, Any, None]] = [self._work(grace), _set(stopping)]
        tasks = [asyncio.create_task(part) for part in parts]
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in tasks:
            task.cancel()
        for outcome in await asyncio.gather(*tasks, return_exceptions=True):
            if isinstance(outcome, Exception):
                raise outcome

    async def _work(self, grace: float) -> None:
        # A pool of our own: procrastinate's asks a question before each question. Where a connection is broken all is begun anew.
        pool: AsyncConnectionPool[Any] = AsyncConnectionPool(self._conninfo, min_size=1, max_size=4, open=False)
        app = App(connector=PsycopgConnector())
        app.task(name=TASK)(self._turn)
        # Without any periodic task procrastinate 3.10 does not see when a heart stops beating.
        app.periodic(cron="0 0 1 1 *")(app.task(name="new_year")(_nothing))
        async with pool, app.open_async(pool):
            caring = asyncio.create_task(self._look_after(app, pool))
            try:
                await app.run_worker_async(
                    concurrency=self._threads,
                    install_signal_handlers=False,
                    delete_jobs="always",
                    fetch_job_polling_interval=self._poll,
                    update_heartbeat_interval=self._lease / 6,
                    stalled_worker_timeout=self._lease,
                    shutdown_graceful_timeout=grace,
                )
            finally:
                caring.cancel()

    async def _turn(self, job_id: str, number: int) -> None:
        """Until it is served: where the database is away it cannot even be put back."""
        while (failure := await _in_a_thread(partial(self._serve, job_id, number))) is not None:
            log.warning("a job's turn could not be written down", job=job_id, exc_info=failure)
            await asyncio.sleep(self._poll)

    async def _look_after(self, app: App, pool: AsyncConnectionPool[Any]) -> None:
        while True:
            failure = await _in_a_thread(self._care)
            if failure is not None:
                log.warning("lost jobs could not be looked for", exc_info=failure)
            for _ in range(6):
                await self._put_back(app, pool)
                await asyncio.sleep(self._lease / 6)

    async def _put_back(self, app: App, pool: AsyncConnectionPool[Any]) -> None:
        """What was being served by workers that have died is there for the next one."""
        try:
            async with pool.connection() as connection, connection.transaction():
                asked = "SELECT pg_try_advisory_xact_lock(%s), clock_timestamp()"
                row = await (await connection.execute(asked, [_TURN])).fetchone()
                mine, now = cast("tuple[bool, datetime]", row)
                stalled = await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=self._lease) if mine else ()
                for job in stalled:
                    log.warning("a worker died, and another takes its job", job=job.task_kwargs.get("job_id"))
                    await app.job_manager.retry_job(job, retry_at=now)
        except Exception as failure:  # noqa: BLE001 - the next look is soon
            log.warning("what dead workers left could not be put back", reason=type(failure).__name__)


async def _set(event: threading.Event) -> None:
    while not event.is_set():  # noqa: ASYNC110 - a signal sets it, and may come to any thread
        await asyncio.sleep(LOOK)


async def _nothing(timestamp: int) -> None:
    """Once a year."""


async def _in_a_thread(action: Callable[[], None]) -> Exception | None:
    """What it raised, or None. In a daemon: a job that outlasts the grace does not keep the process from its end."""
    loop, ended = asyncio.get_running_loop(), asyncio.Event()
    outcome: list[Exception | None] = []

    def act() -> None:
        outcome.append(attempt(action))
        with suppress(RuntimeError):  # the loop is closed: nobody waits any more
            loop.call_soon_threadsafe(ended.set)

    threading.Thread(target=act, name="kantor-turn", daemon=True).start()
    await ended.wait()
    return outcome[0]
