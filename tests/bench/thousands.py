"""What a contest of thousands costs: ``python -m tests.bench.thousands`` (``--sizes 1000,5000,20000``, ``--postgres``: on a server of its own).

The contest is made straight in the database, of 2,000 people and 50 judges, with 8 ratings of each composition. What is measured is
processor time of this process, the least of two times, and how often the database was asked. The judge is a fake.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table

from bot.demo.postgres import own_server
from bot.rules import storage
from bot.rules.phases import Phase
from handlers.people import home_views
from judge.copycheck import index_of, keep, nearest, shipped_index
from judge.midi import read
from migrations.run import upgrade
from models.store import Store
from tests.load.engines import SQLITE, postgresql
from tests.makers.asked import questions
from tests.makers.playing import imitation, midi
from tests.makers.thousands import fill
from tests.makers.world import ADA, BEN, CHANNEL, OLIVE, World, world_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.load.engines import Engine

PEOPLE, JUDGES = 2_000, 50
PLAYED = 40
"""Compositions that are not each other's copies; a longer pile has them again."""
Actions = dict[str, "Callable[[], object]"]


def judged(world: World, contest: str) -> Actions:
    """What is looked at and done while it is being judged."""
    with world.store.read() as work:
        rated = work.ratings.rated_by(contest, ["J00002"], "preliminary")["J00002"]
        left = iter([piece for piece in work.submissions.authors(contest) if piece not in rated])
    return {
        "live board": lambda: world.boards.show(ADA, CHANNEL),
        "Home of an organizer": lambda: home_views.home(world.people.home(OLIVE)),
        "Home of a judge": lambda: home_views.home(world.people.home("J00001")),
        "Home of an author": lambda: home_views.home(world.people.home("U00001")),
        "a rating": lambda: world.rate("J00002", next(left)),
        "the next phase, looked at": lambda: world.contests.preview_next(OLIVE, CHANNEL),
        "the export of everything": lambda: world.exports.make(contest, OLIVE, "all", world.ids.new()),
    }


def arriving(world: World, _: str) -> Actions:
    """An upload up to its card, and its comparison with all others."""
    pieces = [world.accepted(BEN, "F0")]
    with world.store.read() as work:
        piece = work.submissions.get(pieces[0])
        assert piece is not None
        folders = work.submissions.others_of(piece).values()
    for folder in folders:
        world.objects.put(storage.fingerprint(folder), b"x")
    files = iter(("F1", "F2"))
    return {
        "an upload, received and checked": lambda: pieces.append(world.accepted(BEN, next(files))),
        "its comparison, but for the child's part": lambda: world.copies.compare(pieces[-1]),
    }


def compared(size: int) -> float:
    """Seconds of a child for the comparison of one composition with so many."""
    pile = [read(midi(imitation(number, quarters=32.0))) for number in range(PLAYED)]
    kept = [keep(piece) for piece in pile]
    weight = shipped_index().weight
    began = time.process_time()
    nearest(pile[0], index_of({f"P{number}": kept[1 + number % (PLAYED - 1)] for number in range(size)}, weight))
    return time.process_time() - began


def measured(engine: Engine, size: int) -> dict[str, tuple[float, int]]:
    """Seconds and questions, by what was done."""
    found = {}
    for phase, actions in ((Phase.JUDGING, judged), (Phase.OPEN, arriving)):
        with tempfile.TemporaryDirectory(prefix="kantor-thousands-") as folder, ExitStack() as behind:
            place = behind.enter_context(engine.database()) or f"sqlite:///{Path(folder) / 'kantor.db'}"
            upgrade(place)
            store = Store(place)
            behind.callback(store.dispose)
            world = world_of(store)
            contest = world.contest(phase, submission_limit=5)
            for judge in range(1, JUDGES + 1):
                world.directory.add(f"J{judge:05d}", "Judge", CHANNEL)
            world.directory.add("U00001", "Person", CHANNEL)
            fill(store, contest, world.clock.now(), pieces=size, people=min(PEOPLE, size), judges=JUDGES)
            for name, action in actions(world, contest).items():
                found[name] = min(once(store, action) for _ in range(2))
    found["the child's part of the comparison"] = (compared(size), 0)
    return found


def once(store: Store, action: Callable[[], object]) -> tuple[float, int]:
    """Seconds of the processor, and questions."""
    with questions(store) as asked:
        began = time.process_time()
        action()
        seconds = time.process_time() - began
    return seconds, len(asked)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default="1000,5000,20000")
    parser.add_argument("--postgres", action="store_true")
    asked = parser.parse_args()
    sizes = [int(size) for size in asked.sizes.split(",")]
    with tempfile.TemporaryDirectory(prefix="kantor-server-") as name, ExitStack() as behind:
        engine = SQLITE
        if asked.postgres:
            engine = postgresql(behind.enter_context(own_server(Path(name) / "server")), 0)
        all_found = {size: measured(engine, size) for size in sizes}
    table = Table("what", *(f"{size:,}" for size in sizes), "questions")
    for what, (_, number) in all_found[sizes[0]].items():
        times = [f"{all_found[size][what][0] * 1000:,.0f} ms" for size in sizes]
        numbers = {all_found[size][what][1] for size in sizes} or {number}
        table.add_row(what, *times, " to ".join(str(each) for each in sorted(numbers)))
    Console(width=150).print(table)
    sys.stdout.write(f"load average {os.getloadavg()[0]:.1f}\n")


if __name__ == "__main__":
    main()
