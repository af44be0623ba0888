"""What is slow, or not ours, is never asked while a transaction is open: whoever waits for Slack keeps nobody from writing."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar, cast

if TYPE_CHECKING:
    from bot.ports import Outside
    from models.store import Store

Port = TypeVar("Port")


class Guarded:
    """Stands before something of the world outside, and is used like it; in the middle of a transaction it raises RuntimeError."""

    def __init__(self, port: object, store: Store) -> None:
        self._port, self._store = port, store

    def __getattr__(self, name: str) -> Any:
        """Asked of whatever stands behind it."""
        self._store.require_idle()
        return getattr(self._port, name)


def guarded(port: Port, store: Store) -> Port:
    """The same port, which refuses to be asked while this thread has a transaction of that store open."""
    return cast("Port", Guarded(port, store))


def guard(outside: Outside, store: Store) -> Outside:
    """All that waits for somebody; the clock, the ids and the vault answer at once."""
    return replace(
        outside,
        directory=guarded(outside.directory, store),
        door=guarded(outside.door, store),
        files=guarded(outside.files, store),
        objects=guarded(outside.objects, store),
        inspector=guarded(outside.inspector, store),
        posters=guarded(outside.posters, store),
    )
