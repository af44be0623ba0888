"""Disks: full, read-only; and a reader of SQLite's file who does not end."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import time
from contextlib import closing, contextmanager, suppress
from typing import TYPE_CHECKING

from tests.faults.deeds import Fault, suffer
from tests.faults.place import SQLITE, open_place
from tests.faults.table import Line
from tests.makers.stage import eventually

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.faults.place import Place

SECONDS = 15.0
MIB = 2**20


class NoMountError(Exception):
    """This machine lets us mount nothing. Says why."""


def _call(*command: str) -> None:
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except FileNotFoundError as error:
        raise NoMountError(str(error)) from None
    if done.returncode:
        raise NoMountError(" ".join(done.stderr.split()) or command[0])


@contextmanager
def tmpfs(folder: Path, mib: int) -> Iterator[Path]:
    """A disk of that size. Raises NoMountError."""
    folder.mkdir()
    _call("mount", "-t", "tmpfs", "-o", f"size={mib}m", "tmpfs", str(folder))
    try:
        yield folder
    finally:
        subprocess.run(("umount", "-l", str(folder)), check=False)


def full(folder: Path, database: str, *, few: int = 0) -> Iterator[Line]:
    """The disk of the data folder is full for a while: on SQLite the database is there, on PostgreSQL the files are."""
    name = "the disk of the data folder is full, 15 s"
    try:
        with tmpfs(folder / "disk", 64) as disk:
            fault = Fault(name, lambda place: _filled(disk, place), 2, asks=database == SQLITE, waits=3)
            with open_place(folder, database, people=20, data=disk / "var") as place:
                yield from suffer(place, database, [fault])
    except NoMountError as error:
        yield Line(name, database, why_not=f"nothing can be mounted: {error}")


@contextmanager
def _filled(disk: Path, place: Place) -> Iterator[None]:
    filler = disk / "filler"
    if not place.is_postgres:  # else its log would begin anew in the room that it has, and nothing had to grow
        eventually(lambda: _is_cut(place), "the end of the write-ahead log")
    descriptor = os.open(filler, os.O_WRONLY | os.O_CREAT)
    with suppress(OSError):
        while True:
            os.write(descriptor, bytes(4096))
    os.close(descriptor)
    try:
        yield
        time.sleep(SECONDS)
    finally:
        filler.unlink()


def _is_cut(place: Place) -> bool:
    """SQLite's log has been put away, and takes no room."""
    with closing(sqlite3.connect(place.settings.data_folder / "kantor.db", timeout=10)) as connection:
        return bool(connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0] == 0)


@contextmanager
def _reading(place: Place) -> Iterator[None]:
    """Somebody has begun to read in SQLite's file, and does not end."""
    file = place.settings.data_folder / "kantor.db"
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True, isolation_level=None)) as connection:
        connection.execute("BEGIN")
        connection.execute("SELECT count(*) FROM outbox").fetchall()
        yield
        connection.execute("COMMIT")


def read_only(folder: Path, database: str, *, few: int = 0) -> Iterator[Line]:
    """Linux makes a disk with errors read-only: here a file system in a file, aborted. It is mounted anew, and the bot started anew."""
    name = "the data folder's disk becomes read-only, 15 s; then it is mounted anew, and the bot started anew"
    image, disk = folder / "image", folder / "disk"
    disk.mkdir()
    try:
        image.write_bytes(b"")
        os.truncate(image, 96 * MIB)
        _call("mkfs.ext4", "-q", str(image))
        _mount(image, disk)
    except NoMountError as error:
        yield Line(name, database, why_not=f"nothing can be mounted: {error}")
        return

    @contextmanager
    def aborted(place: Place) -> Iterator[None]:
        subprocess.run(("mount", "-o", "remount,abort", str(disk)), capture_output=True, check=False)
        yield
        time.sleep(SECONDS)
        for process in place.processes:
            process.stop()
        _call("umount", str(disk))
        _mount(image, disk)
        place.start()

    try:
        fault = Fault(name, aborted, asks=database == SQLITE, waits=3)
        with open_place(folder, database, people=20, data=disk / "var") as place:
            yield from suffer(place, database, [fault])
    finally:
        subprocess.run(("umount", "-l", str(disk)), check=False)


def _mount(image: Path, disk: Path) -> None:
    _call("mount", "-o", "loop,errors=remount-ro", str(image), str(disk))


def reader(folder: Path, database: str, *, few: int = 0) -> Iterator[Line]:
    """Somebody reads in SQLite's file and does not end: nothing of the write-ahead log can be put away meanwhile."""
    grown: list[int] = []

    @contextmanager
    def reading(place: Place) -> Iterator[None]:
        with _reading(place):
            yield
            place.settle()
            grown.append((place.settings.data_folder / "kantor.db-wal").stat().st_size)

    with open_place(folder, database, people=20) as place:
        for line in suffer(
            place, database, [Fault("a reader who does not end holds SQLite's write-ahead log", reading, 2)]
        ):
            line.hear(f"nothing: nobody notices; the log was {max(grown) / MIB:.1f} MiB long")
            yield line
