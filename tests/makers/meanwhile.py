"""Two transactions at the same time, in a known order: the second one comes while the first one has not committed."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

import psycopg

if TYPE_CHECKING:
    from collections.abc import Callable

    from models.store import Store, Work

_WAITING = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock' AND pid <> pg_backend_pid()"


def meanwhile(
    store: Store,
    first: Callable[[Work], object],
    second: Callable[[], object],
    then: Callable[[], object] = lambda: None,
) -> Exception | None:
    """Do ``first`` in a transaction; before it commits ``second`` runs until it waits for a lock, and ``then`` is done.

    What ``second`` raised, or None. Fails where it does not wait: then nothing keeps the two apart. On PostgreSQL.
    """
    raised: list[Exception] = []

    def run() -> None:
        try:
            second()
        except Exception as error:  # noqa: BLE001 - the caller looks at it
            raised.append(error)

    thread = threading.Thread(target=run)
    with store.write() as work:
        first(work)
        work.contests._session.flush()  # it is written, and nobody else sees it
        thread.start()
        waits = _waits(store, thread)
        then()
    thread.join(30)
    assert waits, f"the second did not wait for the first ({raised})"
    return raised[0] if raised else None


def _waits(store: Store, thread: threading.Thread) -> bool:
    """Whether somebody comes to wait for a lock; False where the thread has ended without."""
    with psycopg.connect(store.url, autocommit=True) as connection:
        while thread.is_alive():
            row = connection.execute(_WAITING).fetchone()
            if row is not None and row[0]:
                return True
            time.sleep(0.01)
    return False
