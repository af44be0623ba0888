"""What a training run has done so far, on disk: a run that was killed goes on from there, and ends with the same bytes."""

import hashlib
import pickle
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

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
    def at(cls, folder: Path, key: str) -> "Resume":
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
        result, rng.bit_generator.state = pickle.loads(file.read_bytes())  # noqa: S301 - see above
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
