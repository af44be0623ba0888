"""Keeps the data folder for its owner alone, and the bot's memory for the bot: there are passwords, names, tokens and unheard music in them."""

from __future__ import annotations

import ctypes
import os
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

OWNER_FOLDER = 0o700
OWNER_FILE = 0o600
SECRETS = (
    "SLACK_BOT_TOKEN",
    "SLACK_APP_TOKEN",
    "SLACK_SIGNING_SECRET",
    "KANTOR_SECRET_KEY",
    "KANTOR_OPENING_KEYS",
    "KANTOR_DATABASE_URL",
)
"""Environment variables that nobody reads again once the settings are made; the database's may hold a password."""
_SET_DUMPABLE = 4


def keep_private(folder: Path) -> None:
    """Make the folder where it is missing, and close it and all that is in it to everybody but its owner."""
    folder.mkdir(parents=True, exist_ok=True, mode=OWNER_FOLDER)
    for path in (folder, *folder.rglob("*")):
        if path.is_symlink():
            continue  # where it leads is not ours to close
        # Gone since we looked (another process works in there), or another user's: the closed folder above it still holds.
        with suppress(FileNotFoundError, PermissionError):
            path.chmod(OWNER_FOLDER if path.is_dir() else OWNER_FILE)


def keep_to_ourselves() -> None:
    """From now on no process that we start inherits our tokens, no other one of our user's reads our memory, and no crash writes it down.

    For what of /proc a child could still open where the kernel has no Landlock; root reads it all the same.
    """
    for name in SECRETS:
        os.environ.pop(name, None)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_SET_DUMPABLE, 0, 0, 0, 0)
