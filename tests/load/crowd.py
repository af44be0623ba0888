"""A workspace with many people: the sandbox's own file, written before it starts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.sandbox.people import channels, people, user
from bot.sandbox.store import Collection, Store
from tests.makers.stage import CHANNEL

if TYPE_CHECKING:
    from pathlib import Path


def ids(count: int) -> list[str]:
    """The user ids of that many simulated people."""
    return [f"U0LOAD{number:04d}" for number in range(1, count + 1)]


def write_workspace(file: Path, crowd: list[str]) -> None:
    """The seeded workspace with these people besides, all of them in the contest's channel."""
    store = Store(file)
    try:
        users, rooms = Collection(store, "user"), Collection(store, "channel")
        extra = [user(each, each.lower(), f"Load {each[-4:]}", "person") for each in crowd]
        for one in [*people(), *extra]:
            users.put(one["id"], one)
        for room in channels():
            here = crowd if room["id"] == CHANNEL else []
            rooms.put(room["id"], room | {"members": [*room["members"], *here]})
    finally:
        store.close()
