"""Jobs on PostgreSQL are handed out by procrastinate: tickets are issued by whoever queues a job, and drawn by workers anywhere.

A ticket says which job's turn it is, and nothing else: what is to be done, how often it was tried and how it ended stands in our own
table, where the job was written in the same transaction. Whatever happens to a ticket, the table tells what to do about it.

Of the library we take its tables and what it does inside the database: order, locks, hearts, stalled tickets. Its own worker would draw
and hand in each ticket in transactions of its own, beside ours.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import psycopg
import structlog
from procrastinate import SyncPsycopgConnector
from procrastinate.exceptions import ConnectorException
from procrastinate.sql import queries

from bot.errors import Unavailable
from models.engines import conninfo
from models.jobs import Ticket, UnknownWorkerError
from models.postgres import connected

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping
    from datetime import timedelta

log = structlog.get_logger()

TASK = "kantor"
"""What all tickets are called where procrastinate has a task's name."""
ISSUED = "procrastinate_any_queue_v1"
"""Of PostgreSQL's channels: it rings there when a ticket is issued."""
_TURN = 0x4B4A4F42
"""Of PostgreSQL's advisory locks: who takes up what dead workers left holds it, so that two do not do it at once."""

_ISSUE = """
    SELECT procrastinate_defer_jobs_v1(ARRAY[ROW('default', %s, %s::int, NULL, NULL,
        jsonb_build_object('job_id', %s::text, 'number', %s::int),
        CASE WHEN %s THEN clock_timestamp() + %s END)::procrastinate_job_to_defer_v1])
"""
_DRAW = """
    SELECT ticket.id, ticket.args ->> 'job_id', (ticket.args ->> 'number')::int
    FROM procrastinate_workers AS worker CROSS JOIN procrastinate_fetch_job_v2(NULL, worker.id) AS ticket WHERE worker.id = %s
"""
_HAND_IN = "SELECT procrastinate_finish_job_v1(id, 'succeeded', true) FROM procrastinate_jobs WHERE id = %s"
"""It may be gone: then there is nothing to do."""


class ProcrastinateTickets:
    """Issues tickets, draws them and takes them back, in the transaction that writes down what happens to the job (``models.jobs.Tickets``)."""

    def issue(self, connection: Any, job_id: str, number: int, *, rest: timedelta, priority: int) -> None:
        """A ticket for the job; how long it rests is measured by the database's clock, which is the same for all machines."""
        connection.exec_driver_sql(_ISSUE, (TASK, priority, job_id, number, bool(rest), rest))

    def draw(self, connection: Any, worker: int) -> Ticket | None:
        """The next one that is due, which belongs to that worker from now on; None where there is none. Raises UnknownWorkerError."""
        row = connection.exec_driver_sql(_DRAW, (worker,)).first()
        if row is None:
            raise UnknownWorkerError
        return None if row[0] is None else Ticket(*row)

    def hand_in(self, connection: Any, ticket_id: int) -> None:
        """It has been served: the table of what waits stays small."""
        connection.exec_driver_sql(_HAND_IN, (ticket_id,))

    def outstanding(self, connection: Any) -> frozenset[str]:
        """Ids of the jobs that have a ticket which is waiting, or being served."""
        tickets = (
            "SELECT args ->> 'job_id' FROM procrastinate_jobs WHERE task_name = %s AND status IN ('todo', 'doing')"
        )
        return frozenset(job_id for (job_id,) in connection.exec_driver_sql(tickets, (TASK,)))

    def alive(self, connection: Any, within: timedelta) -> bool:
        """Whether a worker's heart has beaten within that time."""
        hearts = "SELECT 1 FROM procrastinate_workers WHERE last_heartbeat > clock_timestamp() - %s LIMIT 1"
        return connection.exec_driver_sql(hearts, (within,)).first() is not None


class WorkersByHearts:
    """procrastinate's list of workers, by whose hearts it knows whose tickets are being served (``bot.worker.Roll``).

    Args:
        url: The database's.
        lease: Seconds after which a worker whose heart has stopped is taken for dead.
    """

    def __init__(self, url: str, lease: float) -> None:
        self._info, self._lease, self._library = conninfo(url), lease, SyncPsycopgConnector()

    def enter(self) -> int:
        """One worker more; its number."""
        with self._asked() as ask:
            (row,) = ask("register_worker")
            return int(row["worker_id"])

    def leave(self, worker: int) -> None:
        """It is no more; what it was at is left by the dead."""
        with self._asked() as ask:
            ask("unregister_worker", worker_id=worker)

    def beat(self, worker: int) -> None:
        """It is alive."""
        with self._asked() as ask:
            ask("update_heartbeat", worker_id=worker)

    def put_back_of_the_dead(self) -> None:
        """What was being served by workers that have died is there for the next one; so they are struck out."""
        with self._asked() as ask:
            ((mine,),) = (row.values() for row in ask(f"SELECT pg_try_advisory_xact_lock({_TURN})"))
            if not mine:
                return
            for ticket in ask(
                "select_stalled_jobs_by_heartbeat", queue=None, task_name=None, seconds_since_heartbeat=self._lease
            ):
                log.warning("a worker died, and another takes its job", job=ticket["args"].get("job_id"))
                _put_back(ask, ticket)
            ask("prune_stalled_workers", seconds_since_heartbeat=self._lease)

    def put_back_but(self, held: Collection[str], worker: int) -> None:
        """Of the tickets that the worker has by the registry, those of other jobs than these."""
        every = dict.fromkeys(("id", "queue_name", "task_name", "lock", "queueing_lock"))
        with self._asked() as ask:
            for ticket in ask("list_jobs", **every, status="doing", worker_id=worker):
                if ticket["args"].get("job_id") not in held:
                    _put_back(ask, ticket)

    @contextmanager
    def _asked(self) -> Iterator[Callable[..., list[dict[str, Any]]]]:
        """One transaction of the library's own questions, by their names. Raises Unavailable where the database is away."""
        try:
            with connected(self._info) as connection:

                def ask(name: str, **values: Any) -> list[dict[str, Any]]:
                    query = queries.get(name, name)
                    return self._library.execute_query_all_with_connection(connection, query=query, **values)

                yield ask
        except (psycopg.OperationalError, ConnectorException) as error:
            raise Unavailable("the database is away") from error


def _put_back(ask: Callable[..., list[dict[str, Any]]], ticket: Mapping[str, Any]) -> None:
    same = dict.fromkeys(("new_priority", "new_queue_name", "new_lock"))
    ask("retry_job", job_id=ticket["id"], retry_at=None, **same)
