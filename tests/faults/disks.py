"""Disks: full, read-only; and a reader of the database who does not end."""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing, contextmanager, suppress
from typing import TYPE_CHECKING

import psycopg

from bot.wiring import database_url
from models.engines import conninfo
from tests.faults.clusters import clusters
from tests.faults.meanwhile import Fault, suffer
from tests.faults.mounts import MIB, NoMountError, abort, ext4, filled, mount_anew, tmpfs
from tests.faults.place import open_place
from tests.faults.table import SQLITE, Line
from tests.makers.stage import eventually

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

    from tests.faults.place import Place

SECONDS = 15.0
FULL = "the disk of the data folder is full, 15 s"
SERVERS = "the disk of PostgreSQL's own folder is full, 15 s"
READ_ONLY = "the data folder's disk becomes read-only, 15 s; then it is mounted anew, and the bot started anew"
READER = "a reader who does not end holds what the database would put away"
QUESTION = "SELECT count(*) FROM outbox"


def _with_data(name: str, inject: Callable[[Place], AbstractContextManager[None]], database: str) -> Fault:
    """Of the disk of the data folder: on SQLite the database is there, on PostgreSQL the files are."""
    if database == SQLITE:
        return Fault(name, inject, 2, asks=True, waits=3)
    return Fault(
        name, inject, 2, "nothing: receipts come at once, cards when files can be written again", receives=True, waits=3
    )


def full(folder: Path, database: str, *, few: int = 0) -> Iterator[Line]:
    """The disk of the data folder is full for a while."""
    disk = folder / "disk"
    disk.mkdir()

    @contextmanager
    def no_room(place: Place) -> Iterator[None]:
        if not place.is_postgres:  # else its log would begin anew in the room that it has, and nothing had to grow
            eventually(lambda: _is_cut(place), "the end of the write-ahead log")
        with filled(disk):
            yield
            time.sleep(SECONDS)

    try:
        with tmpfs(disk, 64), open_place(folder, database, data=disk / "var") as place:
            yield from suffer(place, database, [_with_data(FULL, no_room, database)])
    except NoMountError as error:
        yield Line(FULL, database, why_not=f"nothing can be mounted here: {error}")


def _is_cut(place: Place) -> bool:
    """SQLite's log has been put away, and takes no room."""
    with closing(sqlite3.connect(place.settings.data_folder / "kantor.db", timeout=10)) as connection:
        return bool(connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0] == 0)


def servers_full(folder: Path, database: str, *, few: int = 0) -> Iterator[Line]:
    """PostgreSQL has no room for a while, neither for rows nor for its log; where it ends over that it is started anew, as by a supervisor."""
    if database == SQLITE:
        yield Line(SERVERS, database, why_not="SQLite's file is in the data folder: the row above")
        return
    try:
        with clusters(mib=160) as cluster:

            @contextmanager
            def no_room(_: Place) -> Iterator[None]:
                with filled(cluster.folder.parent):
                    with suppress(psycopg.OperationalError):  # else it writes for long into the room that its log has
                        cluster.do("SELECT pg_switch_wal()")
                    yield
                    time.sleep(SECONDS)
                cluster.revive()

            with open_place(folder, database, url=cluster.url) as place:
                yield from suffer(place, database, [Fault(SERVERS, no_room, 2, asks=True, waits=3)])
    except NoMountError as error:
        yield Line(SERVERS, database, why_not=f"nothing can be mounted here: {error}")


def read_only(folder: Path, database: str, *, few: int = 0) -> Iterator[Line]:
    """Linux makes a disk with errors read-only: here a file system in a file, aborted. It is mounted anew, and the bot started anew."""
    image, disk = folder / "image", folder / "disk"
    disk.mkdir()

    @contextmanager
    def aborted(place: Place) -> Iterator[None]:
        abort(disk)
        yield
        time.sleep(SECONDS)
        for process in place.processes:
            process.stop()
        mount_anew(image, disk)
        place.start()

    try:
        with ext4(image, disk, 96), open_place(folder, database, data=disk / "var") as place:
            yield from suffer(place, database, [_with_data(READ_ONLY, aborted, database)])
    except NoMountError as error:
        yield Line(READ_ONLY, database, why_not=f"nothing can be mounted here: {error}")


def reader(folder: Path, database: str, *, few: int = 0) -> Iterator[Line]:
    """Somebody reads and does not end: on SQLite nothing of the log can be put away, on PostgreSQL no old row be cleared."""
    with open_place(folder, database) as place:
        held: list[str] = []

        @contextmanager
        def reading(place: Place) -> Iterator[None]:
            with _on_sqlite(place, held) if database == SQLITE else _on_postgres(place, held):
                yield
                place.settle()

        for line in suffer(place, database, [Fault(READER, reading, 2)]):
            line.hear(f"nothing: nobody notices; {held[-1]}")
            yield line


@contextmanager
def _on_sqlite(place: Place, held: list[str]) -> Iterator[None]:
    file = place.settings.data_folder / "kantor.db"
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True, isolation_level=None)) as connection:
        connection.execute("BEGIN")
        connection.execute(QUESTION).fetchall()
        yield
        held.append(f"SQLite's log was {file.with_name('kantor.db-wal').stat().st_size / MIB:.1f} MiB long")
        connection.execute("COMMIT")


@contextmanager
def _on_postgres(place: Place, held: list[str]) -> Iterator[None]:
    with psycopg.connect(conninfo(database_url(place.settings))) as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        connection.execute(QUESTION).fetchall()
        yield
        dead = place.number("SELECT sum(n_dead_tup) FROM pg_stat_user_tables")
        held.append(f"{dead} old rows could not be cleared away")
