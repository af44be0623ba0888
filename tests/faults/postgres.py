"""PostgreSQL that is restarted, crashes, fails over to its standby, or has no connection left."""

from __future__ import annotations

import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

import psycopg

from tests.faults.clusters import HOST, Cluster, clusters
from tests.faults.deeds import Fault, suffer
from tests.faults.place import open_place

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.faults.place import Place
    from tests.faults.table import Line

SECONDS = 15.0
"""How long the database is away."""


def servers(folder: Path, database: str, *, few: int = 0) -> Iterator[Line]:
    """Restarted, crashed, out of connections."""
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
            Fault("PostgreSQL is restarted, 15 s", lambda _: away("fast"), asks=True, waits=3),
            Fault("PostgreSQL crashes, away for 15 s", lambda _: away("immediate"), waits=3),
            Fault("PostgreSQL has no connection left for 15 s", lambda _: crowded(), asks=True, waits=3),
        )
        with open_place(folder, database, people=20, url=cluster.url) as place:
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

        told = "as when it is restarted"
        fault = Fault(
            "PostgreSQL fails over to its synchronous standby, promoted after 15 s", over, told=told, rates=False
        )
        with open_place(folder, database, people=20, url=url) as place:
            yield from suffer(place, database, [fault])
