"""Keeps files in a folder; ``bot.adapters.buckets`` keeps them in S3."""

from __future__ import annotations

import errno
import itertools
import os
import re
import shutil
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bot.errors import AlreadyKept, StoreFailed

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import timedelta

_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*(/[A-Za-z0-9][A-Za-z0-9._-]*)*")
"""Each part begins with a letter or a digit: no ``..``, no leading slash, no hidden file."""
_NO_LINKS = {errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS}
"""What a file system says that has no second names."""


@dataclass(frozen=True)
class FolderObjects:
    """Objects as files below a folder, made when it is needed."""

    folder: Path
    sync: Callable[[int], None] = os.fsync
    """Waits until what was written to a descriptor is on the disk. Tests look on."""
    second_name: Callable[[Path, Path], None] = os.link
    """Gives a file a second name, and fails where there is one of that name. Tests have disks that cannot."""

    def put(self, key: str, data: bytes) -> None:
        """Store ``data``: written aside first, then renamed, so that nobody ever sees half of it."""
        self._write(key, data, lambda aside, path: aside.replace(path))

    def keep(self, key: str, data: bytes) -> None:
        """Store ``data`` where there is nothing yet. Raises AlreadyKept where there is something else."""
        self._write(key, data, self._name_once)
        with suppress(KeyError):  # erased in this very moment
            if self.get(key) != data:
                raise AlreadyKept(f"there are other bytes under {key}: they stay as they are")

    def get(self, key: str) -> bytes:
        """The bytes stored under ``key``. Raises KeyError where there are none."""
        try:
            return self._path(key).read_bytes()
        except (FileNotFoundError, IsADirectoryError, NotADirectoryError):
            raise KeyError(key) from None
        except OSError as error:
            message = f"cannot read {key}: {error.strerror}"
            raise StoreFailed(message) from error

    def exists(self, key: str) -> bool:
        """Whether there is an object of that key."""
        return self._path(key).is_file()

    def below(self, folder: str) -> list[str]:
        """The keys of all objects below a folder, sorted; what is being written aside is none yet."""
        files = (path for path in self._path(folder).rglob("*") if path.is_file() and not path.name.startswith("."))
        return sorted(path.relative_to(self.folder).as_posix() for path in files)

    def delete(self, key: str) -> None:
        """Delete the object, and its folder with the last one in it; where there is none, nothing happens."""
        path = self._path(key)
        try:
            path.unlink()
        except (FileNotFoundError, IsADirectoryError, NotADirectoryError):
            return
        except OSError as error:
            message = f"cannot delete {key}: {error.strerror}"
            raise StoreFailed(message) from error
        self._tidy(path)

    def clear(self, folder: str) -> None:
        """Delete a folder with all that is in it, also what was being written when the power went."""
        path = self._path(folder)
        try:
            shutil.rmtree(path)
        except (FileNotFoundError, NotADirectoryError):
            return
        except OSError as error:
            message = f"cannot delete what is below {folder}: {error.strerror}"
            raise StoreFailed(message) from error
        self._tidy(path)

    def link(self, key: str, filename: str, lifetime: timedelta) -> None:
        """None: no browser reaches a folder."""

    def _path(self, key: str) -> Path:
        return self.folder / checked(key)

    def _write(self, key: str, data: bytes, name: Callable[[Path, Path], object]) -> None:
        path = self._path(key)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            _write_whole(path, data, self.sync, name)
        except OSError as error:
            message = f"cannot write {path}: {error.strerror}"
            raise StoreFailed(message) from error

    def _name_once(self, aside: Path, path: Path) -> None:
        """Unlike a rename, a link never takes the place of what is there."""
        try:
            self.second_name(aside, path)
        except FileExistsError:
            pass
        except OSError as error:
            if error.errno not in _NO_LINKS:
                raise
            if not path.exists():  # some shared folders have no links: then this is as sure as it gets
                aside.replace(path)
        aside.unlink(missing_ok=True)

    def _tidy(self, path: Path) -> None:
        """Take away the folders above it that are empty now."""
        with suppress(OSError):  # one that is not
            for folder in itertools.takewhile(lambda each: each != self.folder, path.parents):
                folder.rmdir()


def checked(key: str) -> str:
    """The key itself. Raises ValueError for one that could lead out of the store."""
    if not _KEY.fullmatch(key):
        message = f"not a key of an object: {key!r}"
        raise ValueError(message)
    return key


def _write_whole(path: Path, data: bytes, sync: Callable[[int], None], name: Callable[[Path, Path], object]) -> None:
    descriptor, aside = tempfile.mkstemp(dir=path.parent, prefix=".")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            # On the disk before its name is, or a power cut could leave a name with nothing behind it.
            sync(file.fileno())
        name(Path(aside), path)
        _sync_folder(path.parent, sync)
    except OSError:
        Path(aside).unlink(missing_ok=True)
        raise


def _sync_folder(folder: Path, sync: Callable[[int], None]) -> None:
    """The name, too, before the database speaks of it. Windows opens no folders."""
    if not hasattr(os, "O_DIRECTORY"):
        return
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        sync(descriptor)
    finally:
        os.close(descriptor)
