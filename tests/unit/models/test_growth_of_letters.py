"""What the look for due letters costs, counted in SQLite's own instructions: no clock, and the same on each machine."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from models.outbox import LetterState, OutboxRow
from tests.makers.databases import sqlite_store

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from models.store import Store, Work

NOW = datetime(2026, 11, 29, 12, 0, tzinfo=UTC)
FEW, MANY = 100, 2_000
STEP = 10


def instructions(work: Work, action: Callable[[], object]) -> int:
    """How many instructions of SQLite's machine an action takes, in tens."""
    connection = work.outbox._session.connection().connection.driver_connection
    assert connection is not None
    counted = [0]

    def count() -> int:
        counted[0] += 1
        return 0

    connection.set_progress_handler(count, STEP)
    try:
        action()
    finally:
        connection.set_progress_handler(None, 0)
    return counted[0]


def write(
    store: Store, number: int, state: LetterState, *, thread: Callable[[int], str | None], to: str = "C1"
) -> None:
    """So many letters to one channel."""
    with store.write() as work:
        letters: list[dict[str, Any]] = [
            {
                "key": f"{state}:{each}",
                "recipient": to,
                "thread_ts": thread(each),
                "message": {"kind": "card"},
                "uploads": [],
            }
            for each in range(number)
        ]
        work.outbox.add_all(letters, now=NOW)
        if state is not LetterState.PENDING:
            work.outbox._session.query(OutboxRow).filter(OutboxRow.key.like(f"{state}:%")).update({"state": state})


def cost(folder: Path, waiting: int, history: int, thread: Callable[[int], str | None]) -> int:
    """Of the pump's two questions."""
    folder.mkdir()
    with sqlite_store(folder) as store:
        write(store, history, LetterState.SENT, thread=lambda _: None)
        write(store, waiting, LetterState.PENDING, thread=thread)
        with store.read() as work:
            outbox = work.outbox
            return instructions(
                work, lambda: (outbox.due(NOW, most=64), outbox.due_in(NOW), outbox.messages_waiting("C1"))
            )


def test_letters_that_were_sent_cost_nothing_any_more(tmp_path: Path) -> None:
    """With two thousand of them behind it the look takes as long as with none."""
    none, many = (cost(tmp_path / str(history), FEW, history, lambda _: None) for history in (0, MANY))
    assert many <= none * 1.1


@pytest.mark.parametrize("thread", [lambda _: None, lambda number: f"{number}.000100"], ids=["one line", "threads"])
def test_ten_times_the_letters_that_wait_cost_ten_times_as_much(
    thread: Callable[[int], str | None], tmp_path: Path
) -> None:
    """And not a hundred times: to one channel, in one line or each in a thread of its own."""
    few, many = (cost(tmp_path / str(waiting), waiting, 0, thread) for waiting in (FEW, 10 * FEW))
    assert many <= 15 * few
