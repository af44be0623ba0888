"""Keeps files in a folder; ``bot.adapters.buckets`` keeps them in S3."""

from __future__ import annotations

import os
import re
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bot.errors import StoreFailed

if TYPE_CHECKING:
    from collections.abc import Callable

_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*(/[A-Za-z0-9][A-Za-z0-9._-]*)*")
"""Each part begins with a letter or a digit: no ``..``, no leading slash, no hidden file."""


@dataclass(frozen=True)
class FolderObjects:
    """Objects as files below a folder, made when it is needed."""

    folder: Path
    sync: Callable[[int], None] = os.fsync
    """Waits until what was written to a descriptor is on the disk. Tests look on."""

    def put(self, key: str, data: bytes) -> None:
        """Store ``data``: written aside first, then renamed, so that nobody ever sees half of it."""
        path = self._path(key)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            _write_whole(path, data, self.sync)
        except OSError as error:
            message = f"cannot write {path}: {error.strerror}"
            raise StoreFailed(message) from error

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
        if path.parent != self.folder:
            with suppress(OSError):  # not the last one
                path.parent.rmdir()

    def _path(self, key: str) -> Path:
        return self.folder / checked(key)


def checked(key: str) -> str:
    """The key itself. Raises ValueError for one that could lead out of the store."""
    if not _KEY.fullmatch(key):
        message = f"not a key of an object: {key!r}"
        raise ValueError(message)
    return key


def _write_whole(path: Path, data: bytes, sync: Callable[[int], None]) -> None:
    descriptor, aside = tempfile.mkstemp(dir=path.parent, prefix=".")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            # On the disk before its name is, or a power cut could leave a name with nothing behind it.
            sync(file.fileno())
        Path(aside).replace(path)
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
