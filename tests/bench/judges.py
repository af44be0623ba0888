"""The AI judge against the published one on the same files, each in processes of its own on one core."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from bot.judge_command import BATCH
from tests.makers.midi_files import chorale
from tests.makers.pieces import melody

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

FILES, JUDGED, COLD, MANY = 60, 300, 5, 10_000
_WARM = "warm, files a second of one core's time"
PEER = Path(__file__).with_name("peer.py")
OURS = (sys.executable, "-m", "tests.bench.ours")
NO_PEER = (
    "The published judge is not here to compare with (it needs torch, which Kantor does not): `make peer` sets it up in .venv-peer, "
    "or name a Python that has torch and pypianoroll in KANTOR_PEER_PYTHON."
)


@dataclass(frozen=True)
class Figure:
    """One line of the table; ``ratio`` says how many times better we are than the peer, where it was there."""

    what: str
    ours: str
    peer: str
    ratio: str
    goal: str


def write_files(folder: Path) -> None:
    """Eight bars in two voices and in four."""
    for number in range(FILES):
        data = chorale() if number % 3 == 0 else melody(number, bars=8)
        (folder / f"{number:03}.mid").write_bytes(data)


def peer_python() -> str | None:
    """The interpreter that has the peer's libraries, or None."""
    named = os.environ.get("KANTOR_PEER_PYTHON")
    usual = Path(".venv-peer/bin/python")
    return named or (str(usual) if usual.exists() else None)


def figures(folder: Path, batch: int = MANY) -> list[Figure]:
    """Measure all."""
    write_files(folder)
    python = peer_python()
    peer = None if python is None else (python, "-W", "ignore", str(PEER))
    ours_warm = _said([*OURS, "many", str(folder), str(JUDGED)])
    peer_warm = None if peer is None else _said([*peer, "many", str(folder), str(JUDGED)])
    one = str(folder / "001.mid")
    score, explained = ((sys.executable, "-m", "bot", "judge", one, *more) for more in ((), ("--explain",)))
    cold = _cold([score, explained, *([] if peer is None else [(*peer, "score", one)])])
    many = _said([*OURS, "batch", str(folder), str(batch)])
    return [
        _compared(f"{_WARM}, {BATCH} at once", ours_warm, peer_warm, "files_a_second", "100, stretch 300; ahead"),
        _compared(
            f"{_WARM}, one after the other",
            {"files_a_second": ours_warm["alone_a_second"]},
            peer_warm,
            "files_a_second",
            "ahead",
        ),
        _cold_figure("cold, `kantor judge FILE`", cold[0], cold[2:], "below 1 s, 3 times faster"),
        _cold_figure("cold, the same with --explain", cold[1], cold[2:], "below 3 s"),
        _compared("most memory, MB", ours_warm, peer_warm, "megabytes", "below 300"),
        Figure(
            f"{batch:,} files in a batch",
            f"{many['files_a_second']:.0f}/s, {many['megabytes']:.0f} MB, grown by {many['grown_megabytes']:.1f} MB after 1,000",
            "",
            "",
            "no growth",
        ),
    ]


def _said(command: Sequence[str]) -> dict[str, float]:
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def _cold(commands: Sequence[Sequence[str]]) -> list[float]:
    """Median wall seconds of each; the first round fills the disk's cache and is not counted."""
    times: list[list[float]] = [[] for _ in commands]
    for _ in range(COLD + 1):
        for taken, command in zip(times, commands, strict=True):
            began = time.perf_counter()
            subprocess.run(command, capture_output=True, check=True)
            taken.append(time.perf_counter() - began)
    return [statistics.median(taken[1:]) for taken in times]


def _compared(what: str, ours: dict[str, float], peer: dict[str, float] | None, key: str, goal: str) -> Figure:
    more_is_better = key == "files_a_second"
    if peer is None:
        return Figure(what, f"{ours[key]:.0f}", "", "", goal)
    ratio = ours[key] / peer[key] if more_is_better else peer[key] / ours[key]
    return Figure(what, f"{ours[key]:.0f}", f"{peer[key]:.0f}", f"{ratio:.1f}", goal)


def _cold_figure(what: str, ours: float, peer: Sequence[float], goal: str) -> Figure:
    if not peer:
        return Figure(what, f"{ours:.2f} s", "", "", goal)
    return Figure(what, f"{ours:.2f} s", f"{peer[0]:.2f} s", f"{peer[0] / ours:.1f}", goal)


def hill_climb() -> Callable[[], object] | None:
    """The bench of edits that try to fool the judge, where it is there."""
    if find_spec("tests.bench.hillclimb") is None:
        return None
    found: Callable[[], object] = import_module("tests.bench.hillclimb").measure
    return found
