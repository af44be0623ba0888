"""Speed as ratios against a stated peer, measured in the same run: ``make bench`` (``ARGS=--judges``: the AI judge only).

``ARGS="--against REV"`` measures today's build against an earlier one instead (``tests.bench.against``); ``ARGS="--same REV"`` asks whether
both judge the same (``tests.bench.same``); ``ARGS=--fairness`` how fair the scores are (``tests.bench.fairness``); ``ARGS=--engines`` how
PostgreSQL does beside SQLite (``tests.bench.engines``).

Nothing is asserted; see docs/load.md.

A ratio says how many times as long the peer takes on the same files: above 1 we are faster.
"""

from __future__ import annotations

import io
import os
import platform
import statistics
import sys
import tempfile
import time
import warnings
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import matplotlib as mpl
import pypianoroll
from rich.console import Console
from rich.table import Table

from judge.assess import assess
from judge.midi import read
from judge.render import piano_roll_png
from tests.bench import against, engines, fairness, growth, judges, same
from tests.load import plain_load
from tests.load.figures import percentile
from tests.makers.pieces import melody

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

FILES = 40
STEPS = 24
"""Steps a beat, as the published judge of AWS DeepComposer's event loads them."""
RATINGS = 50
PLAIN_SECONDS = 0.05


@dataclass(frozen=True)
class Measured:
    """One line of the table; times in seconds."""

    what: str
    ours: float
    peer_name: str
    peer: float


def main() -> None:
    """Measure and print."""
    if any(argument.startswith("--against") for argument in sys.argv[1:]):
        against.main(sys.argv[1:])
        return
    if any(argument.startswith("--same") for argument in sys.argv[1:]):
        same.main(sys.argv[1:])
        return
    if "--growth" in sys.argv[1:]:
        growth.main(sys.argv[1:])
        return
    if "--fairness" in sys.argv[1:]:
        fairness.main(sys.argv[1:])
        return
    if "--engines" in sys.argv[1:]:
        engines.main(sys.argv[1:])
        return
    began = time.monotonic()
    warnings.simplefilter("ignore")  # the peers', of their libraries' newer versions
    mpl.use("Agg")
    if "--judges" not in sys.argv[1:]:
        with tempfile.TemporaryDirectory(prefix="kantor-bench-") as folder:
            files = _files(Path(folder))
            lines = [_judge(files), _picture(files), _acks(Path(folder))]
        _print(lines)
    with tempfile.TemporaryDirectory(prefix="kantor-bench-") as folder:
        _print_judges(judges.figures(Path(folder)))
    sys.stdout.write(f"{time.monotonic() - began:.0f} s, load average {os.getloadavg()[0]:.1f}\n")


def _files(folder: Path) -> list[Path]:
    files = [folder / f"{number}.mid" for number in range(FILES)]
    for number, file in enumerate(files):
        file.write_bytes(melody(number, bars=8))
    return files


def _judge(files: Sequence[Path]) -> Measured:
    ours = _each(files, lambda file: assess(file.read_bytes()))
    peer = _each(files, lambda file: pypianoroll.read(file, resolution=STEPS).binarize().blend("any"))
    return Measured(
        "from a file's bytes to the score", ours, "only loading it: pypianoroll read, binarize, blend", peer
    )


def _picture(files: Sequence[Path]) -> Measured:
    performances = {file: read(file.read_bytes()) for file in files}
    rolls = {file: pypianoroll.read(file, resolution=STEPS) for file in files}
    ours = _each(files, lambda file: piano_roll_png(performances[file], title=file.stem))
    peer = _each(files, lambda file: _plotted(rolls[file]))
    return Measured("picture of a piece (PNG)", ours, "pypianoroll's plot, by matplotlib", peer)


def _plotted(roll: pypianoroll.Multitrack) -> bytes:
    from matplotlib import pyplot as plt  # noqa: PLC0415 - after the choice of the backend

    roll.plot()
    out = io.BytesIO()
    plt.savefig(out, format="png", dpi=100)
    plt.close("all")
    return out.getvalue()


def _acks(folder: Path) -> Measured:
    ours = plain_load.ours(folder / "ours", RATINGS)
    peer = plain_load.plain(folder / "plain", RATINGS, PLAIN_SECONDS)
    what = f"ack of a rating, p99 of {RATINGS} at once"
    return Measured(what, percentile(ours, 0.99), "plain Bolt app, 50 ms of database work", percentile(peer, 0.99))


def _each(files: Sequence[Path], action: Callable[[Path], object]) -> float:
    """Median seconds a file; the first one, which imports and fills caches, is not counted."""
    times = []
    for file in [files[0], *files]:
        began = time.perf_counter()
        action(file)
        times.append(time.perf_counter() - began)
    return statistics.median(times[1:])


def _print_judges(figures: Sequence[judges.Figure]) -> None:
    table = Table(title="The AI judge beside the published one, on the same files")
    for name in ("what", "Kantor", "published", "times better", "goal"):
        table.add_column(name, justify="left" if name in {"what", "goal"} else "right")
    for figure in figures:
        table.add_row(figure.what, figure.ours, figure.peer, figure.ratio, figure.goal)
    Console(width=140).print(table)
    if judges.peer_python() is None:
        sys.stdout.write(judges.NO_PEER + "\n")
    measure = judges.hill_climb()
    if measure is not None:
        Console(width=140).print(measure())


def _print(lines: Sequence[Measured]) -> None:
    table = Table(title=f"Kantor's speed, {datetime.now(UTC):%Y-%m-%d}, {platform.machine()}, {os.cpu_count()} cores")
    for name in ("what", "Kantor", "peer", "peer's time", "peer / Kantor"):
        table.add_column(name, justify="left" if name in {"what", "peer"} else "right")
    for line in lines:
        ratio = f"{line.peer / line.ours:.1f}"
        table.add_row(line.what, f"{line.ours * 1000:.1f} ms", line.peer_name, f"{line.peer * 1000:.1f} ms", ratio)
    Console(width=140).print(table)


if __name__ == "__main__":
    main()
