"""Two builds of Kantor on this machine: the one at hand, and one of an earlier revision with its own environment."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import psutil

if TYPE_CHECKING:
    from collections.abc import Iterator

HERE = Path(__file__).parents[2]
KEPT = HERE / ".bench"
"""Where other revisions are checked out; made anew only where they are not there."""


@dataclass(frozen=True)
class Build:
    """A checkout whose ``bot`` runs with the packages that it asks for."""

    name: str
    folder: Path
    python: Path

    def command(self, *arguments: str) -> tuple[str, ...]:
        """``kantor ARGUMENTS`` of this build, to be run in its folder."""
        return (str(self.python), "-m", "bot", *arguments)


def this() -> Build:
    """The build at hand, with whatever has not been committed yet."""
    return Build("today", HERE, Path(sys.executable))


def of(revision: str) -> Build:
    """The build of that revision, checked out and set up as its own README says. Raises SystemExit where there is none."""
    found = subprocess.run(
        ("git", "-C", str(HERE), "rev-parse", "--verify", "--short=12", f"{revision}^{{commit}}"),
        capture_output=True,
        text=True,
        check=False,
    )
    if found.returncode:
        sys.exit(f"git knows no revision {revision}. Name one of `git log`, such as HEAD~1.")
    sha = found.stdout.strip()
    folder = KEPT / sha
    if not (folder / "Makefile").exists():
        folder.mkdir(parents=True, exist_ok=True)
        packed = subprocess.run(("git", "-C", str(HERE), "archive", sha), capture_output=True, check=True).stdout
        subprocess.run(("tar", "-x", "-C", str(folder)), input=packed, check=True)
    subprocess.run(("make", "-s", "-C", str(folder), ".venv/runtime.stamp"), check=True)
    return Build(sha, folder, folder / ".venv" / "bin" / "python")


@dataclass
class Quiet:
    """How busy others kept the machine during a run, in cores; our own processes, and those that they waited for, are taken off."""

    others: float = field(default=0.0)


@contextmanager
def watched() -> Iterator[Quiet]:
    """Measure it."""
    quiet = Quiet()
    began, busy, own = time.monotonic(), _busy(), _own()
    yield quiet
    seconds = time.monotonic() - began
    quiet.others = others(_busy() - busy, _own() - own, seconds)


def others(busy: float, own: float, seconds: float) -> float:
    """The cores that others kept busy: ``busy`` processor seconds of all, ``own`` of ours, within ``seconds``."""
    return max(0.0, busy - own) / max(seconds, 0.001)


def _busy() -> float:
    """Processor seconds that this machine has worked; waiting for disks is no work."""
    times = psutil.cpu_times()
    return float(times.user + times.nice + times.system)


def _own() -> float:
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system
