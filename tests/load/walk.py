"""Every command in a contest of thousands: ``python -m tests.load.walk`` (``--pieces 20000 --people 2000 --judges 50 --contests 40``).

The contest is made straight in the database (``tests.makers.thousands``), the bot runs in this process, and the sandbox says where
something is larger than Slack takes. Each command is typed by an organizer, a judge and an author.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table

from bot.sandbox.client import SandboxError, said
from handlers.commands import Sub
from models.contests import Contest
from tests.makers.asked import questions
from tests.makers.fakes import FakeInspector
from tests.makers.stage import CHANNEL, Stage, eventually
from tests.makers.thousands import fill, write

if TYPE_CHECKING:
    from bot.sandbox.client import Person
    from models.store import Store

PATIENCE = 120.0
SKIPPED = frozenset({Sub.ERASE})
"""What others still need."""


def many_contests(store: Store, number: int) -> None:
    """So many copies of the one there is, finished, in channels of their own."""
    with store.read() as work:
        (one,) = work.contests.newest_first()
    columns = {column.key: getattr(one, column.key) for column in Contest.__table__.columns}
    rows = [
        columns
        | {
            "id": f"contest{at}",
            "slug": f"jam-{at}",
            "name": f"A contest with a long name, number {at}",
            "channel_id": CHANNEL,
            "phase": "finished",
            "created_at": one.created_at - timedelta(days=at),
            "finished_at": one.created_at - timedelta(days=at),
        }
        for at in range(1, number)
    ]
    write(store, Contest, rows)


def answered(stage: Stage, who: Person, typed: str) -> tuple[str, float]:
    """What ``/kantor ...`` brings, in a window or in a message for the person's eyes, and after how many seconds."""
    before, began = len(who.ephemerals(CHANNEL)), time.perf_counter()
    who.command(CHANNEL, f"/kantor {typed}")

    def come() -> str:
        shown = [said(each) for each in (*who.ephemerals(CHANNEL)[before:], *who.views())]
        return "" if "One moment" in str(shown) else "".join(shown)

    words = eventually(come, f"an answer to {typed} for {who.id}", PATIENCE)
    seconds = time.perf_counter() - began
    stage.close_all(who)
    return words, seconds


def walk(stage: Stage, pieces: int, people: int, judges: int, contests: int) -> list[tuple[str, ...]]:
    """A row for each command: who typed it, seconds, questions to the database, and what went wrong."""
    stage.contest("judging")
    store = stage.database.store
    with store.read() as work:
        (contest,) = work.contests.newest_first()
    fill(store, contest.id, stage.clock.now(), pieces=pieces, people=people, judges=judges)
    many_contests(store, contests)
    stage.slack.seed(
        people=[
            {"id": f"U{number:05d}", "handle": f"person{number}", "name": f"Person {number}"}
            for number in range(1, people + 1)
        ]
    )
    author = stage.slack.person("U00001")
    author.join(CHANNEL)
    rows: list[tuple[str, ...]] = []
    for who, name in ((stage.olive, "organizer"), (stage.judy, "judge"), (author, "author")):
        for sub in Sub:
            if sub in SKIPPED:
                continue
            cpu = time.process_time()
            with questions(store) as asked:
                try:
                    words, seconds = answered(stage, who, sub)
                except (AssertionError, SandboxError) as error:
                    words, seconds = f"went wrong: {error}", PATIENCE
            wrong = words[:160] if "went wrong" in words else ""
            rows.append((sub.value, name, f"{seconds:.1f}", f"{time.process_time() - cpu:.1f}", str(len(asked)), wrong))
            sys.stderr.write(" | ".join(rows[-1]) + "\n")
        began = time.perf_counter()
        who.open_home()
        who.wait_for_home("Spring Jam", PATIENCE)
        rows.append(("Home", name, f"{time.perf_counter() - began:.1f}", "", "", ""))
        sys.stderr.write(" | ".join(rows[-1]) + "\n")
    return rows


def main() -> int:
    """Walk, and print; 1 where something went wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name, number in (("pieces", 20_000), ("people", 2_000), ("judges", 50), ("contests", 40)):
        parser.add_argument(f"--{name}", type=int, default=number)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="kantor-walk-") as name, Stage.raised(Path(name), FakeInspector()) as stage:
        rows = walk(stage, asked.pieces, asked.people, asked.judges, asked.contests)
    table = Table("command", "by", "s", "processor", "questions", "went wrong")
    for row in rows:
        table.add_row(*row)
    Console(width=170).print(table)
    sys.stdout.write(f"load average {os.getloadavg()[0]:.1f}\n")
    return int(any(row[-1] for row in rows))


if __name__ == "__main__":
    sys.exit(main())
