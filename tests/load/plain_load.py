"""The same volley of ratings on a plain Bolt app and on Kantor, as a ratio."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING

from tests.load import rating_load
from tests.load.figures import Report, percentile
from tests.load.venue import open_venue
from tests.load.volley import fire
from tests.makers.stage import CHANNEL, eventually

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.load.venue import Venue

DATABASE_SECONDS = (0.0, 0.05)
"""What a rating costs the plain app at the least: a bare insert and commit, and the 50 ms of a database across a network."""


def beside(folder: Path, ratings: int) -> Report:
    """Ours, then the plain app with each of ``DATABASE_SECONDS``."""
    report = Report(f"(f) {ratings} ratings at once, beside a plain Bolt app (5 threads, work in the listener)")
    mine = ours(folder / "ours", ratings)
    report.spread("Kantor: ack (rating, audit and next invitation committed)", mine)
    for seconds in DATABASE_SECONDS:
        theirs = plain(folder / f"plain-{seconds}", ratings, seconds)
        what = f"{seconds * 1000:g} ms of database work" if seconds else "a bare insert"
        report.spread(f"plain app, {what}: ack", theirs)
        late = sum(ack >= rating_load.ACK_SECONDS for ack in theirs)
        ratio = percentile(theirs, 0.99) / percentile(mine, 0.99)
        report.note(f"plain app, {what}: past 3 s; its p99 / ours", f"{late} of {ratings}; {ratio:.1f}")
    return report


def ours(folder: Path, ratings: int) -> list[float]:
    """Seconds to each ack of that many ratings at once, on Kantor."""
    folder.mkdir()
    with open_venue(folder, ratings) as venue:
        rating_load.begin_judging(venue, venue.crowd)
        return rating_load.volley(venue, rating_load.open_modals(venue, venue.crowd))


def plain(folder: Path, ratings: int, seconds: float) -> list[float]:
    """The same on the plain app, each of whose ratings costs that many seconds of database work."""
    folder.mkdir()
    with open_venue(folder, ratings, bot=False) as venue, _plain_app(venue, folder / "plain.db", seconds):
        before = venue.mark()
        with ThreadPoolExecutor(4) as hands:
            list(
                hands.map(lambda judge: venue.slack.act("command", judge, channel=CHANNEL, text="/kantor"), venue.crowd)
            )
        modals = eventually(lambda: _all_open(venue, before), "the modals")
        presses = [rating_load.filled_in(judge, view, 1).press for judge, view in modals.items()]
        before = venue.mark()
        fire(venue.slack.base_url, presses)
        return rating_load.ack_seconds(venue, before, "view_submission")


def _all_open(venue: Venue, since: int) -> dict[str, rating_load.Json]:
    modals = rating_load.opened_modals(venue, since, "slash_command")
    return modals if len(modals) >= len(venue.crowd) else {}


@contextmanager
def _plain_app(venue: Venue, file: Path, seconds: float) -> Iterator[None]:
    command = (sys.executable, "-m", "tests.load.plain_app", venue.server.api_url, str(file), str(seconds))
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    try:
        venue.slack.wait_connected()
        yield
    finally:
        process.kill()
        process.wait(10)
