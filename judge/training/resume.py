"""What a training run has done so far, on disk: a run that was killed goes on from there, and ends with the same bytes."""

import hashlib
import pickle
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from judge.training.pieces import Rng

T = TypeVar("T")
JUDGE = Path(__file__).parents[1]


@dataclass
class Resume:
    """Results of steps by name, each with the state of the random numbers after it.

    `key` tells whether the file belongs to this run: results for another corpus, scale or code are thrown away.
    """

    path: Path
    key: str
    done: dict[str, tuple[Any, Mapping[str, Any]]] = field(default_factory=dict)

    @classmethod
    def at(cls, path: Path, key: str) -> "Resume":
        """Takes up the run whose file is there, or begins a new one."""
        if path.exists():
            # Our own file, written by the user who reads it.
            found = pickle.loads(path.read_bytes())  # noqa: S301 - see above
            if found["key"] == key:
                return cls(path, key, found["done"])
        return cls(path, key)

    def step(self, name: str, rng: Rng, work: Callable[[], T]) -> T:
        """The result of a step: what is on disk, or what `work` returns now."""
        if name not in self.done:
            self.done[name] = (work(), rng.bit_generator.state)
            self._save()
        result: T
        result, rng.bit_generator.state = self.done[name]
        return result

    def _save(self) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = self.path.with_suffix(".writing")
        unfinished.write_bytes(pickle.dumps({"key": self.key, "done": self.done}))
        unfinished.replace(self.path)

    def finish(self) -> None:
        """The run is over: there is nothing to resume."""
        self.path.unlink(missing_ok=True)


def key_of(corpus: Path, *settings: object) -> str:
    """A hash of the corpus, the settings and all code of the judge."""
    files = [corpus] if corpus.is_file() else sorted(path for path in corpus.rglob("*") if path.is_file())
    digest = hashlib.sha256(repr(settings).encode())
    for path in [*files, *sorted(JUDGE.rglob("*.py"))]:
        digest.update(path.name.encode() + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()
