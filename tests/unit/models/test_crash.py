"""A process that is killed with SIGKILL in the middle of its work, on the same database."""

from __future__ import annotations

import subprocess
import sys
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from models.store import Store

LEASE = timedelta(seconds=60)

DIES = """
import os, signal, sys
from datetime import datetime, timedelta
from models.store import Store

store, now = Store(sys.argv[1]), datetime.fromisoformat(sys.argv[2])
with store.write() as work:
    work.jobs.claim(now, timedelta(seconds=60))
    work.outbox.claim(work.outbox.due(now), now, timedelta(seconds=60))
    if sys.argv[3] == "before":
        os.kill(os.getpid(), signal.SIGKILL)
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.parametrize(("moment", "attempts"), [("before", 1), ("after", 2)])
def test_killed_around_a_commit(store: Store, url: str, now: datetime, moment: str, attempts: int) -> None:
    """What a killed process had not committed did not happen; what it had claimed is taken up when its lease is over."""
    with store.write() as work:
        work.jobs.enqueue("1", "check", "check:1", {}, now)
        work.outbox.add("receipt:1", "C1", {"kind": "receipt"}, now=now)
    died = subprocess.run([sys.executable, "-c", DIES, url, now.isoformat(), moment], check=False, timeout=60)

    with store.write() as work:
        job = work.jobs.claim(now + LEASE, LEASE)
        rows = work.outbox.claim(work.outbox.due(now + LEASE), now + LEASE, LEASE)

    assert job is not None
    assert (-9, attempts, [attempts]) == (died.returncode, job.attempts, [row.attempts for row in rows])
