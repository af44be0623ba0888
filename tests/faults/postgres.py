"""PostgreSQL that is restarted, crashes, fails over to its standby, or has no connection left."""

from __future__ import annotations

import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

import psycopg

from tests.faults.clusters import HOST, Cluster, clusters
from tests.faults.meanwhile import Fault, suffer
from tests.faults.place import open_place
from tests.faults.table import SQLITE, Line

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.faults.place import Place

SECONDS = 15.0
"""How long the database is away."""
RESTARTED, CRASHED = "PostgreSQL is restarted, 15 s", "PostgreSQL crashes, away for 15 s"
CROWDED = "PostgreSQL has no connection left for 15 s"
FAILOVER = "PostgreSQL fails over to its synchronous standby, promoted after 15 s"
NO_SERVER = "nothing: SQLite is a file that the bot opens itself, and there is no server"


def servers(folder: Path, database: str, *, few: int = 0) -> Iterator[Line]:
    """Restarted, crashed, out of connections."""
    if database == SQLITE:
        yield from (Line(name, database, why_not=NO_SERVER) for name in (RESTARTED, CRASHED, CROWDED))
        return
    with clusters() as cluster:
        cluster.do("ALTER SYSTEM SET max_connections = 40")
        cluster.stop()
        cluster.start()

        @contextmanager
        def away(mode: str) -> Iterator[None]:
            cluster.stop(mode)
            try:
                yield
                time.sleep(SECONDS)
            finally:
                cluster.start()

        @contextmanager
        def crowded() -> Iterator[None]:
            others = list(_take_all(cluster))
            try:
                yield
                time.sleep(SECONDS)
            finally:
                for other in others:
                    other.close()

        faults = (
            Fault(RESTARTED, lambda _: away("fast"), 2, asks=True, waits=3),
            Fault(CRASHED, lambda _: away("immediate"), 2, asks=True, waits=3),
            Fault(CROWDED, lambda _: crowded(), 2, asks=True, waits=3),
        )
        with open_place(folder, database, url=cluster.url) as place:
            yield from suffer(place, database, faults[:few] if few else faults)


def _take_all(cluster: Cluster) -> Iterator[psycopg.Connection[tuple[object, ...]]]:
    """Others' connections, until there is none left; the bot's are broken off, so that it needs new ones."""
    with psycopg.connect(cluster.url, autocommit=True) as ours:
        ours.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = 'kantor'"
        )
        with suppress(psycopg.OperationalError):
            while True:
                yield psycopg.connect(cluster.url)
    with suppress(psycopg.OperationalError):  # the one that was ours
        yield psycopg.connect(cluster.url)


def failover(folder: Path, database: str, *, few: int = 0) -> Iterator[Line]:
    """The primary crashes and does not come back: its standby is promoted, and the URL names both."""
    if database == SQLITE:
        yield Line(FAILOVER, database, why_not=NO_SERVER)
        return
    with clusters() as primary:
        standby = primary.copied()
        url = (
            f"postgresql://postgres@{HOST}:{primary.port},{HOST}:{standby.port}/kantor?target_session_attrs=read-write"
        )

        @contextmanager
        def over(_: Place) -> Iterator[None]:
            primary.stop("immediate")
            yield
            time.sleep(SECONDS)
            standby.promote()

        fault = Fault(FAILOVER, over, asks=True, waits=3)
        with open_place(folder, database, url=url) as place:
            yield from suffer(place, database, [fault])
