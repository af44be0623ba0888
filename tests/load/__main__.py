"""The load driver: ``make load`` (``ARGS="--only a,b"`` picks scenarios, ``--postgres`` plays them there, ``--smoke`` is a quick look). See docs/load.md."""

from __future__ import annotations

import argparse
import os
import platform
import sys
import tempfile
import time
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from bot.demo.postgres import own_server
from tests.load import plain_load, rating_load, upload_load
from tests.load.engines import SQLITE, postgresql
from tests.load.venue import open_venue

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from tests.load.engines import Engine
    from tests.load.figures import Report


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the scenarios one after the other; 1 where a promise was broken."""
    asked = _asked(arguments)
    print_line(
        f"Kantor under load, {datetime.now(UTC):%Y-%m-%d %H:%M} UTC, {platform.machine()}, {os.cpu_count()} cores"
    )
    broken = False
    with _engine(asked) as asked.engine:
        print_line(f"On {asked.engine.name}{f', {asked.workers} workers' if asked.postgres else ''}")
        for name in asked.only:
            for report in _SCENARIOS[name](asked):
                print_line("", *report.lines(), f"  load average {os.getloadavg()[0]:.1f}")
                broken = broken or bool(report.failures)
    print_line("", "A promise was broken." if broken else "Nothing was lost, nothing was doubled.")
    return int(broken)


def print_line(*lines: str) -> None:
    """To standard output, at once."""
    sys.stdout.write("\n".join(lines) + "\n")
    sys.stdout.flush()


def _asked(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.load", description=__doc__)
    parser.add_argument("--ratings", type=int, default=500, help="ratings of the larger volley (b)")
    parser.add_argument("--uploads", type=int, default=200, help="uploads of the rush (c)")
    parser.add_argument("--seconds", type=float, default=60.0, help="how long the rush takes; half of it for (d)")
    parser.add_argument("--only", type=_letters, default=list(_SCENARIOS), help="scenarios, such as a,c")
    parser.add_argument("--postgres", action="store_true", help="on PostgreSQL, a server of its own")
    parser.add_argument("--workers", type=int, default=2, help="processes that do the jobs there")
    parser.add_argument("--smoke", action="store_true", help="a quick look: few people, a few seconds")
    asked = parser.parse_args(arguments)
    if asked.smoke:
        asked.ratings, asked.uploads, asked.seconds, asked.only = 20, 6, 6.0, ["a", "e"]
    if not (1 <= asked.ratings <= 2000 and 1 <= asked.uploads <= 1000 and 1 <= asked.seconds <= 600):
        parser.error("at most 2,000 ratings, 1,000 uploads, 600 seconds")
    if not 1 <= asked.workers <= 16:
        parser.error("1 to 16 workers")
    return asked


def _letters(text: str) -> list[str]:
    letters = text.split(",")
    if not set(letters) <= _SCENARIOS.keys():
        raise argparse.ArgumentTypeError(f"choose from {', '.join(_SCENARIOS)}")
    return letters


def _ratings(asked: argparse.Namespace) -> Iterator[Report]:
    """(a) and (b), and the ratings of (e): one workspace, since its many judges take a while to seat."""
    few = min(100, asked.ratings)
    with _folder() as folder, open_venue(folder, asked.ratings, engine=asked.engine) as venue:
        rating_load.begin_judging(venue, venue.crowd)
        yield rating_load.at_once(venue, venue.crowd[:few], f"(a) {few} ratings at once", goal=0.5)
        venue.posted()
        if asked.ratings > few and "b" in asked.only:
            yield rating_load.at_once(venue, venue.crowd, f"(b) {asked.ratings} ratings at once", goal=0.5)
            venue.posted()
        if "e" in asked.only:
            yield rating_load.cut(venue, venue.crowd[:few])


def _rush(asked: argparse.Namespace) -> Iterator[Report]:
    people = max(1, asked.uploads // 4)
    with _folder() as folder, open_venue(folder, people, limits=True, engine=asked.engine) as venue:
        yield upload_load.rush(venue, asked.uploads, asked.seconds, patience=400)


def _sustained(asked: argparse.Namespace) -> Iterator[Report]:
    with _folder() as folder, open_venue(folder, 80, engine=asked.engine) as venue:
        yield upload_load.sustained(venue, asked.seconds / 2)


def _cut(asked: argparse.Namespace) -> Iterator[Report]:
    with _folder() as folder, open_venue(folder, 10, engine=asked.engine) as venue:
        yield upload_load.cut_uploads(venue, max(6, asked.uploads // 10))
    if "a" not in asked.only and "b" not in asked.only:
        yield from _ratings(asked)


def _transports(asked: argparse.Namespace) -> Iterator[Report]:
    """(g): over a socket and over signed HTTP, in turn, three times."""
    few = min(100, asked.ratings)
    for turn in (1, 2, 3):
        for way, http in (("Socket Mode", False), ("signed HTTP", True)):
            with _folder() as folder, open_venue(folder, few, http=http, engine=asked.engine) as venue:
                rating_load.begin_judging(venue, venue.crowd)
                yield rating_load.at_once(venue, venue.crowd, f"(g) {few} ratings over {way}, turn {turn}", goal=0.5)


def _plain(asked: argparse.Namespace) -> Iterator[Report]:
    with _folder() as folder:
        yield plain_load.beside(folder, asked.ratings)


def _alone_or_with_a(asked: argparse.Namespace) -> Iterator[Report]:
    return iter(()) if "a" in asked.only else _ratings(asked)


@contextmanager
def _engine(asked: argparse.Namespace) -> Iterator[Engine]:
    if not asked.postgres:
        yield SQLITE
        return
    with _folder() as folder, own_server(folder / "server") as server:
        yield postgresql(server, asked.workers)


@contextmanager
def _folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="kantor-load-") as folder:
        yield Path(folder)


_SCENARIOS: dict[str, Callable[[argparse.Namespace], Iterator[Report]]] = {
    "a": _ratings,
    "b": _alone_or_with_a,
    "c": _rush,
    "d": _sustained,
    "e": _cut,
    "f": _plain,
    "g": _transports,
}

if __name__ == "__main__":
    began = time.monotonic()
    status = main()
    print_line(f"{time.monotonic() - began:.0f} s")
    sys.exit(status)
