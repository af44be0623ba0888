"""What a training run has done so far, on disk: a run that was killed goes on from there, and ends with the same bytes.

And told meanwhile: a bar on a terminal, lines elsewhere.
"""

from __future__ import annotations

import hashlib
import pickle
import shutil
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from judge.training.pieces import Rng

T = TypeVar("T")
JUDGE = Path(__file__).parents[1]
_KEY = "key.txt"


@dataclass
class Resume:
    """Results of steps, a file each in a folder, with the state of the random numbers after it.

    `key` tells whether they belong to this run: results for another corpus, scale or code are thrown away.
    """

    folder: Path
    key: str

    @classmethod
    def at(cls, folder: Path, key: str) -> Resume:
        """Takes up the run whose folder is there, or begins a new one."""
        noted = folder / _KEY
        if not noted.exists() or noted.read_text(encoding="ascii") != key:
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)
            noted.write_text(key, encoding="ascii")
        return cls(folder, key)

    def file(self, name: str) -> Path:
        """Where the result of a step is kept."""
        return self.folder / f"{name.replace(' ', '-')}.pickle"

    def step(self, name: str, rng: Rng, work: Callable[[], T]) -> T:
        """The result of a step: what is on disk, or what `work` returns now."""
        file = self.file(name)
        if not file.exists():
            done = work(), rng.bit_generator.state
            unfinished = file.with_suffix(".writing")
            unfinished.write_bytes(pickle.dumps(done))
            unfinished.replace(file)
        result: T
        # Our own file, written by the user who reads it.
        result, rng.bit_generator.state = pickle.loads(file.read_bytes())  # noqa: S301 # nosec B301 # see above
        return result

    def finish(self) -> None:
        """The run is over: there is nothing to resume."""
        shutil.rmtree(self.folder, ignore_errors=True)


def key_of(corpus: Path, *settings: object) -> str:
    """A hash of the corpus, the settings and all code of the judge."""
    files = [corpus] if corpus.is_file() else sorted(path for path in corpus.rglob("*") if path.is_file())
    digest = hashlib.sha256(repr(settings).encode())
    for path in [*files, *sorted(JUDGE.rglob("*.py"))]:
        digest.update(path.name.encode() + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


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
