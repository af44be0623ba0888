"""PostgreSQL beside SQLite, in turn on one machine: ``make bench ARGS=--engines`` (``--runs 3``, ``--only ratings,cards,jobs``).

The real bot with the real judge, driven from outside by the load driver: how soon 100 ratings at once are acknowledged, and how many cards a minute come
where people upload as fast as they get them. And jobs with the judge stubbed, by ``tests.bench.jobs``. PostgreSQL is a new server on the same disk
with its own defaults, as durable as SQLite; there 1, 2 and 4 ``kantor worker`` do the jobs.
"""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import tempfile
import time
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
from rich.console import Console
from rich.table import Table

from bot.demo.postgres import own_server
from tests.bench.jobs import WORKERS, measured, queue_checks, queue_empty, used
from tests.load import rating_load, upload_load
from tests.load.engines import SQLITE, postgresql
from tests.load.figures import percentile
from tests.load.venue import open_venue

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from tests.load.engines import Engine
    from tests.load.venue import Venue

RATINGS = 100
Figures = dict[str, float]

GOALS = {"ratings: ack p99, s": "<= 1.3", "cards a minute": ">= 0.9", "checks: jobs a second": ">= 1.7"}
"""Of the ratio of two workers to SQLite on 2 cores."""


def ratings(engine: Engine) -> Figures:
    """Two volleys of 100 ratings at once: seconds to the ack."""
    with _venue(engine, RATINGS) as venue:
        rating_load.begin_judging(venue, venue.crowd)
        first = rating_load.volley(venue, rating_load.open_modals(venue, venue.crowd))
        venue.posted()
        given, before = rating_load.open_modals(venue, venue.crowd), _spent(venue, engine)
        second = rating_load.volley(venue, given)
        spent = _spent(venue, engine) - before
    return {
        "ratings: ack p50, s": percentile(first, 0.5),
        "ratings: ack p99, s": percentile(first, 0.99),
        "ratings, a second volley: ack p99, s": percentile(second, 0.99),
        "ratings, a second volley: processor until the last ack, s": spent,
    }


def cards(engine: Engine, seconds: float = 20) -> Figures:
    """As many uploads as come to their cards, without Slack's limits."""
    with _venue(engine, 80) as venue:
        venue.contest("open", submission_limit=upload_load.LIMIT)
        upload_load.warm(venue)
        sent, before = venue.number(upload_load.SENT), _spent(venue, engine)
        rate = upload_load.cards_a_second(venue, seconds)
        spent = (_spent(venue, engine) - before) / (venue.number(upload_load.SENT) - sent)
    return {"cards a minute": 60 * rate, "cards: processor of each, s": spent}


def jobs(engine: Engine) -> Figures:
    """Jobs a second with the judge stubbed."""
    figures = {}
    for name, queue, number in (("checks", queue_checks, 400), ("empty jobs", queue_empty, 600)):
        rates = measured(engine, number, queue)
        figures[f"{name}: jobs a second"] = rates.done
        figures[f"{name}: processor of each, ms"] = rates.working_ms + rates.server_ms
    return figures


MEASURES: dict[str, tuple[Callable[[Engine], Figures], tuple[int, ...]]] = {
    "ratings": (ratings, (2,)),
    "cards": (cards, WORKERS),
    "jobs": (jobs, WORKERS),
}
"""What is measured, and with how many workers on PostgreSQL: who rates waits for none."""


@contextmanager
def _venue(engine: Engine, people: int) -> Iterator[Venue]:
    with (
        tempfile.TemporaryDirectory(prefix="kantor-engines-") as folder,
        open_venue(Path(folder), people, engine=engine) as venue,
    ):
        yield venue


def _spent(venue: Venue, engine: Engine) -> float:
    """Seconds of processors that the bot, its workers, their children and the server have had."""
    roots = [psutil.Process(pid) for pid in venue.pids]
    return used([*roots, *(child for root in roots for child in root.children(recursive=True)), *engine.processes()])


def main(arguments: Sequence[str]) -> None:
    """Measure in turn, and print the medians, the ratios to SQLite in the same turn, and their spread."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.run", description=__doc__)
    parser.add_argument("--engines", action="store_true")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--only", default=",".join(MEASURES))
    asked = parser.parse_args(arguments)
    began = time.monotonic()
    console = Console(width=150)
    with tempfile.TemporaryDirectory(prefix="kantor-server-") as name, own_server(Path(name) / "server") as server:
        for each in asked.only.split(","):
            measure, workers = MEASURES[each]
            engines = [SQLITE, *(postgresql(server, number) for number in workers)]
            turns: list[list[Figures]] = [[] for _ in engines]
            for _ in range(asked.runs):
                for place, engine in enumerate(engines):
                    turns[place].append(measure(engine))
            console.print(_table(each, engines, turns))
    console.print(
        f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, {platform.machine()}, {os.cpu_count()} cores, {asked.runs} turns, "
        f"{time.monotonic() - began:.0f} s, load average {os.getloadavg()[0]:.1f}"
    )


def _table(title: str, engines: Sequence[Engine], turns: Sequence[Sequence[Figures]]) -> Table:
    heads = [f"{engine.workers} worker{'s' if engine.workers > 1 else ''}" for engine in engines[1:]]
    table = Table(
        "what", "SQLite", *(f"PostgreSQL, {head}" for head in heads), "ratio of 2 workers", "goal", title=title
    )
    for what in turns[0][0]:
        values = [[turn[what] for turn in of_one] for of_one in turns]
        two = next(place for place, engine in enumerate(engines) if engine.workers == 2)
        ratios = [other / ours for ours, other in zip(values[0], values[two], strict=True)]
        ratio = f"{statistics.median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})"
        table.add_row(what, *(_shown(statistics.median(one)) for one in values), ratio, GOALS.get(what, ""))
    return table


def _shown(value: float) -> str:
    return f"{value:.3f}" if value < 2 else f"{value:.1f}"
