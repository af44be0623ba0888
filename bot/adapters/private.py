"""Keeps the data folder for its owner alone: there are passwords, names and unheard music in it."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

OWNER_FOLDER = 0o700
OWNER_FILE = 0o600


def keep_private(folder: Path) -> None:
    """Make the folder where it is missing, and close it and all that is in it to everybody but its owner."""
    folder.mkdir(parents=True, exist_ok=True, mode=OWNER_FOLDER)
    for path in (folder, *folder.rglob("*")):
        if path.is_symlink():
            continue  # where it leads is not ours to close
        # Gone since we looked (another process works in there), or another user's: the closed folder above it still holds.
        with suppress(FileNotFoundError, PermissionError):
            path.chmod(OWNER_FOLDER if path.is_dir() else OWNER_FILE)
