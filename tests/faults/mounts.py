"""File systems of our own, for disks that are full or read-only."""

from __future__ import annotations

import os
import subprocess
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

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
    """A disk of that size, in a folder that is there. Raises NoMountError."""
    _call("mount", "-t", "tmpfs", "-o", f"size={mib}m,mode=755", "tmpfs", str(folder))
    try:
        yield folder
    finally:
        _let_go(folder)


@contextmanager
def filled(disk: Path) -> Iterator[None]:
    """Not a byte is left there."""
    filler = disk / "filler"
    descriptor = os.open(filler, os.O_WRONLY | os.O_CREAT)
    with suppress(OSError):
        while True:
            os.write(descriptor, bytes(4096))
    os.close(descriptor)
    try:
        yield
    finally:
        filler.unlink()


@contextmanager
def ext4(image: Path, folder: Path, mib: int) -> Iterator[Path]:
    """A disk of that size in a file, in a folder that is there. Raises NoMountError."""
    image.write_bytes(b"")
    os.truncate(image, mib * MIB)
    _call("mkfs.ext4", "-q", str(image))
    _mount(image, folder)
    try:
        yield folder
    finally:
        _let_go(folder)


def abort(folder: Path) -> None:
    """Linux finds an error on that disk of ext4: it makes it read-only."""
    subprocess.run(("mount", "-o", "remount,abort", str(folder)), capture_output=True, check=False)


def mount_anew(image: Path, folder: Path) -> None:
    """The disk of that file, which nobody has open, is well again."""
    _call("umount", str(folder))
    _mount(image, folder)


def _mount(image: Path, folder: Path) -> None:
    _call("mount", "-o", "loop,errors=remount-ro", str(image), str(folder))


def _let_go(folder: Path) -> None:
    subprocess.run(("umount", "-l", str(folder)), check=False)
