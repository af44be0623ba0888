"""What a database is asked: how often, and in which words."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from sqlalchemy import event

if TYPE_CHECKING:
    from collections.abc import Iterator

    from models.store import Store


@contextmanager
def questions(store: Store) -> Iterator[list[str]]:
    """Each statement that is sent meanwhile, in order."""
    asked: list[str] = []

    def hear(_connection: object, _cursor: object, statement: str, *_: Any) -> None:
        asked.append(statement)

    engines = {store._writer.pool: store._writer, store._reader.pool: store._reader}.values()  # one pool: heard once
    for engine in engines:
        event.listen(engine, "before_cursor_execute", hear)
    try:
        yield asked
    finally:
        for engine in engines:
            event.remove(engine, "before_cursor_execute", hear)
