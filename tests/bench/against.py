"""Today's build against one of an earlier revision: ``make bench ARGS="--against REV"`` (``--only a,b``, ``--runs N``, ``--list``).

Both are driven from outside, as people do it: today's sandbox and driver, and ``kantor`` of each build as processes of their own. A figure
is a median over the runs; the ratio is today's time to the other's in runs that followed one another, so below 1 today is quicker.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table

from tests.bench import builds, outside

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tests.bench.builds import Build

MOST_LOAD = 1.0
"""Cores that others may keep busy during a run that counts."""
TRIES = 3
"""So many runs are made, at the most, for each that is to count."""
Runs = list[tuple[dict[str, float], dict[str, float]]]


def main(arguments: Sequence[str]) -> None:
    """Measure and print."""
    asked = _asked(arguments)
    if asked.list:
        lines = [f"  {name:12} {measure.__doc__}" for name, measure in outside.MEASURES.items()]
        sys.stdout.write("\n".join(lines) + "\n")
        return
    pair = (builds.this(), builds.of(asked.against))
    for name in asked.only:
        kept, loads = _measured(name, pair, asked.runs)
        _print(name, pair[1].name, kept, loads)


def _asked(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.run", description=__doc__)
    parser.add_argument("--against", default="HEAD", help="the revision of the other build")
    parser.add_argument("--runs", type=int, default=5, help="runs that count, of each build")
    parser.add_argument("--only", type=_names, default=list(outside.USUAL), help="measures, such as ratings,cold")
    parser.add_argument("--list", action="store_true", help="what there is to measure")
    return parser.parse_args(arguments)


def _names(text: str) -> list[str]:
    names = text.split(",")
    unknown = [name for name in names if name not in outside.MEASURES]
    if unknown:
        raise argparse.ArgumentTypeError(f"{', '.join(unknown)}: choose from {', '.join(outside.MEASURES)}")
    return names


def _measured(name: str, pair: tuple[Build, Build], runs: int) -> tuple[Runs, list[float]]:
    """Runs in pairs, the two builds in turn; those at a quiet machine, and the load of others in all of them."""
    kept: Runs = []
    loads: list[float] = []
    for number in range(runs * TRIES):
        order = pair if number % 2 == 0 else pair[::-1]
        found: dict[str, dict[str, float]] = {}
        with builds.watched() as quiet:
            for build in order:
                with tempfile.TemporaryDirectory(prefix="kantor-bench-") as folder:
                    found[build.name] = outside.MEASURES[name](build, Path(folder))
        loads.append(quiet.others)
        if quiet.others <= MOST_LOAD:
            kept.append((found[pair[0].name], found[pair[1].name]))
        if len(kept) == runs:
            break
    return kept, loads


def _print(name: str, other: str, kept: Runs, loads: Sequence[float]) -> None:
    title = f"{name}: {len(kept)} runs of each; {len(loads) - len(kept)} thrown away, others' load {min(loads):.1f} to {max(loads):.1f} cores"
    table = Table(title=title)
    for column in ("what", "today", other, "ratio", "spread"):
        table.add_column(column, justify="left" if column == "what" else "right")
    for what, figures in by_figure(kept).items():
        ratios = sorted(ours / theirs for ours, theirs in figures if theirs)
        today, before = (statistics.median(each) for each in zip(*figures, strict=True))
        ratio = f"{statistics.median(ratios):.2f}" if ratios else ""
        spread = f"{ratios[0]:.2f} to {ratios[-1]:.2f}" if ratios else ""
        table.add_row(what, f"{today:.3f}", f"{before:.3f}", ratio, spread)
    Console(width=130).print(table)


def by_figure(kept: Runs) -> Mapping[str, list[tuple[float, float]]]:
    """The pairs of each figure."""
    names = kept[0][0] if kept else {}
    return {name: [(ours[name], theirs[name]) for ours, theirs in kept] for name in names}
