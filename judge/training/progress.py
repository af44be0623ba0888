"""Tells how far training has come: a bar on a terminal, lines elsewhere."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn


class Teller:
    """Called with what begins now; each call is a step of the bar."""

    def __init__(self, bar: Progress | None, steps: int) -> None:
        self._bar = bar
        self._task = None if bar is None else bar.add_task("training", total=steps)
        self._began = time.monotonic()

    def __call__(self, what: str) -> None:
        """Goes on by a step."""
        if self._bar is None or self._task is None:
            print(f"{time.monotonic() - self._began:6.0f} s  {what}", flush=True)
        else:
            self._bar.update(self._task, advance=1, description=what)


@contextmanager
def teller(steps: int) -> Iterator[Teller]:
    """A teller for that many steps; what is printed meanwhile stays above its bar."""
    if not sys.stderr.isatty():
        yield Teller(None, steps)
        return
    columns = (BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TextColumn("{task.description}"))
    with Progress(*columns, console=Console(stderr=True)) as bar:
        yield Teller(bar, steps)
