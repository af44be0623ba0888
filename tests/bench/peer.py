"""The peer: the judge of the original event as its authors published it, typed anew, with random weights.

From its description and public source: pypianoroll reads at its default 24 steps a beat, all tracks summed and binarized, the first 768 steps;
a network of two convolutions and two layers (93,550 parameters, doubles); the mean of its confidence and of one less the KS distance to
Bach's pitches. Files that are shorter are filled up with silence here (the original leaves them out).

Runs in an environment of its own (`make peer`): `python tests/bench/peer.py score FILE` or `python tests/bench/peer.py many FOLDER COUNT`.
Prints one line of JSON.
"""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path

import numpy as np
import pypianoroll
import torch
from scipy import stats
from torch import nn

STEPS, PITCHES = 768, 128


class Network(nn.Module):  # type: ignore[misc]  # torch is not in the environment that checks types
    """Two convolutions, a pooling to 5 x 5 whatever the length, two layers."""

    def __init__(self) -> None:
        super().__init__()
        first = (nn.Conv2d(1, 16, kernel_size=5, stride=2, padding=2), nn.ReLU(), nn.MaxPool2d(2, 2))
        second = (nn.Conv2d(16, 32, kernel_size=5, stride=2, padding=2), nn.ReLU(), nn.AdaptiveMaxPool2d((5, 5)))
        self.layers = nn.Sequential(*first, *second, nn.Flatten(), nn.Linear(5 * 5 * 32, 100), nn.Linear(100, 2))

    def forward(self, rolls: torch.Tensor) -> torch.Tensor:
        """Two numbers for each roll [n, 1, 768, 128]."""
        return self.layers(rolls)


class Peer:
    """Judges files, one at a time, on one thread."""

    def __init__(self) -> None:
        torch.manual_seed(0)
        torch.set_num_threads(1)
        self.network = Network().double().eval()
        # Stands for the pitches of all of Bach's works, which were published as a list of numbers.
        self.bach = np.random.default_rng(0).normal(62, 11, 50_000).round().clip(0, 127)

    def score(self, path: Path) -> float:
        """0-100."""
        summed = pypianoroll.read(path).blend(mode="sum")
        roll = np.zeros((STEPS, PITCHES))
        roll[: len(summed)] = summed[:STEPS] > 0
        with torch.no_grad():
            odds = torch.softmax(self.network(torch.from_numpy(roll)[None, None]), dim=1)[0]
        confidence = float(odds[1] - odds[0] + 1) / 2
        pitches = np.repeat(np.arange(PITCHES), roll.sum(axis=0).astype(int))
        distance = float(stats.ks_2samp(pitches, self.bach).statistic) if len(pitches) else 1.0
        return 50 * confidence + 50 * (1 - distance)


def megabytes() -> float:
    """The most memory that this process has had: not getrusage's, which begins with that of the process that started it."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024


def many(folder: Path, count: int) -> dict[str, float]:
    """Files a second of one core's time once warm, over ``count`` files (what else the machine does is left out)."""
    peer = Peer()
    files = sorted(folder.glob("*.mid"))
    peer.score(files[0])
    began = time.process_time()
    for number in range(count):
        peer.score(files[number % len(files)])
    return {"files_a_second": count / (time.process_time() - began), "megabytes": megabytes()}


def main(arguments: list[str]) -> None:
    """Measure, or score one file."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})  # one core
    match arguments:
        case ["score", file]:
            found: dict[str, float] = {"score": Peer().score(Path(file)), "megabytes": megabytes()}
        case ["many", folder, count]:
            found = many(Path(folder), int(count))
        case _:
            sys.exit(__doc__)
    sys.stdout.write(json.dumps(found) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
