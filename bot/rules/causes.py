"""What belongs together: one name from what Slack told us to the last letter that came of it, in the log and in the rows of jobs and letters."""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_CAUSE: ContextVar[str | None] = ContextVar("cause", default=None)


def cause() -> str | None:
    """Of what this thread does now; None where nobody asked for it: an hour of the day, or upkeep."""
    return _CAUSE.get()


@contextmanager
def caused(by: str | None) -> Iterator[None]:
    """All that is done inside comes of that."""
    before = _CAUSE.set(by)
    try:
        yield
    finally:
        _CAUSE.reset(before)
