"""How the judge scores the music it learned from: what any other score is held against."""

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from judge.constants import MODEL_VERSION
from judge.grid import Floats
from judge.verdict import Standing

FILE = "known-" + MODEL_VERSION.rpartition("-")[2] + ".json"
QUANTILES = 101
"""The lowest score, each hundredth, and the highest."""


@dataclass(frozen=True)
class Known:
    """Scores (0-100, rising) of eight bars of each work, float64[QUANTILES]: `bach` of Bach's, `others` of everybody else's."""

    bach: Floats
    others: Floats

    def standing(self, score: float) -> Standing:
        """Of a hundred pieces of each kind, how many score less."""
        return Standing(_below(score, self.bach), _below(score, self.others))


def quantiles(scores: list[float]) -> list[float]:
    """What is kept of many scores."""
    return [round(float(value), 2) for value in np.percentile(scores, np.linspace(0, 100, QUANTILES))]


def load_known(folder: Path, sha256: str) -> Known | None:
    """What is known of the weights with that hash; None where nobody has measured it for these."""
    path = folder / FILE
    found = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    if found.get("sha256") != sha256:
        return None
    return Known(np.array(found["bach"]), np.array(found["others"]))


def _below(score: float, scores: Floats) -> int:
    return max(0, int(np.searchsorted(scores, score)) - 1)
