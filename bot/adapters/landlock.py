"""Landlock, by which Linux lets a process shut itself out of the machine's files, its network and its other processes.

Needs no rights and cannot be undone, by native code neither. The numbers are those of linux/landlock.h; every architecture has the same.
"""

from __future__ import annotations

import ctypes
import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

_CREATE, _ADD, _RESTRICT = 444, 445, 446
_VERSION = 1
_PATH_BENEATH = 1
_NO_NEW_PRIVILEGES = 38

_READ_FILE, _READ_DIR = 1 << 2, 1 << 3
_FILES = {1: (1 << 13) - 1, 2: 1 << 13, 3: 1 << 14, 5: 1 << 15}
"""What can be done with files, by the version of Landlock that began to know it."""
_NETWORK = {4: 0b11}
"""To listen on TCP, and to connect."""
_PROCESSES = {6: 0b11}
"""To reach abstract sockets, and to send signals."""


class _Ruleset(ctypes.Structure):
    _fields_ = (("files", ctypes.c_uint64), ("network", ctypes.c_uint64), ("processes", ctypes.c_uint64))


class _Beneath(ctypes.Structure):
    _pack_ = 1
    _fields_ = (("allowed", ctypes.c_uint64), ("folder", ctypes.c_int32))


def version() -> int:
    """Which Landlock this machine's kernel has; 0 for none."""
    return max(0, _call(_CREATE, None, 0, _VERSION)) if sys.platform == "linux" else 0


def shut_in(readable: Iterable[Path]) -> bool:
    """From now on this thread reads these files and folders, and writes, runs, asks and signals nothing else; so do threads that it starts.

    What is open stays open. False, and nothing has changed, where the kernel has no Landlock. Raises OSError where it has and it fails.
    """
    known = version()
    if not known:
        return False
    handled = _Ruleset(*(_sum(rights, known) for rights in (_FILES, _NETWORK, _PROCESSES)))
    ruleset = _checked(_call(_CREATE, ctypes.byref(handled), ctypes.sizeof(handled), 0))
    try:
        for path in readable:
            _let_read(ruleset, path)
        _checked(ctypes.CDLL(None, use_errno=True).prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0))
        _checked(_call(_RESTRICT, ruleset, 0))
    finally:
        os.close(ruleset)
    return True


def _let_read(ruleset: int, path: Path) -> None:
    try:
        opened = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:  # it is not there, or not for us
        return
    try:
        beneath = _Beneath(_READ_FILE | (_READ_DIR if path.is_dir() else 0), opened)
        _checked(_call(_ADD, ruleset, _PATH_BENEATH, ctypes.byref(beneath), 0))
    finally:
        os.close(opened)


def _sum(rights: dict[int, int], known: int) -> int:
    return sum(right for since, right in rights.items() if since <= known)


def _call(number: int, *arguments: object) -> int:
    return int(ctypes.CDLL(None, use_errno=True).syscall(number, *arguments))


def _checked(answer: int) -> int:
    if answer < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return answer
