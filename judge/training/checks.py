"""What a figure of merit does not show: patterns, climbs, order of corruption, shifts by playing."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from judge.training.corpus import Work
from judge.training.metrics import sigmoid
from judge.training.mining import Score, below, climbs
from judge.training.pieces import Piece, Rng, altered, humanised, random_cut
from judge.training.synthetic import PATTERNS

Table = dict[str, float]


@dataclass(frozen=True)
class Calibrated:
    """A model as its user sees it: probabilities of pieces."""

    score: Score
    slope: float
    offset: float

    def __call__(self, piece: Piece) -> float:
        """Probability of Bach."""
        return float(sigmoid(np.array([self.slope * self.score(piece) + self.offset]))[0])


def bach_crops(works: list[Work], count: int, rng: Rng) -> list[Piece]:
    """Crops of Bach, spread over the works given."""
    bach = [w for w in works if w.is_bach]
    chosen = [bach[int(i)] for i in rng.integers(0, len(bach), count)]
    crops = [random_cut(w.piece, w.bars, rng) for w in chosen]
    return [c for c in crops if len(c.onset) >= 12]


def pattern_table(model: Calibrated, bach: list[float], count: int, rng: Rng) -> dict[str, Table]:
    """For each pattern: mean and highest probability, share below Bach's 10th percentile and below .2."""
    bar = float(np.percentile(bach, 10))
    table = {}
    for name, make in PATTERNS.items():
        found = [model(make(rng)) for _ in range(count)]
        table[name] = {
            "mean": float(np.mean(found)),
            "max": max(found),
            "below p10": below(found, bar),
            "below .2": below(found, 0.2),
        }
    return table


def climb_table(model: Calibrated, bach: list[float], count: int, rng: Rng) -> Table:
    """Hill-climbs of 50 edits: how far they get."""
    found = climbs(model, count, 50, rng)
    ends = [after for _, _, _, after in found]
    return {
        "mean before": float(np.mean([before for _, _, before, _ in found])),
        "mean after": float(np.mean(ends)),
        "reach Bach's 10th percentile": 1 - below(ends, float(np.percentile(bach, 10))),
        "reach Bach's median": 1 - below(ends, float(np.median(bach))),
    }


def order_table(model: Calibrated, crops: list[Piece], rng: Rng) -> Table:
    """How often Bach > 10 % > 25 % > 50 % altered holds: for whole ladders and for neighbours."""
    ladders = np.array([[model(c), *(model(altered(c, level, rng)) for level in (0.1, 0.25, 0.5))] for c in crops])
    falls = np.diff(ladders, axis=1) < 0
    names = ("Bach > 10 %", "10 % > 25 %", "25 % > 50 %")
    table = {name: float(column.mean()) for name, column in zip(names, falls.T, strict=True)}
    table["whole ladder"] = float(falls.all(axis=1).mean())
    table["order of the means"] = float((np.diff(ladders.mean(axis=0)) < 0).all())
    return table


def _moved(piece: Piece, onset: NDArray[np.float64] | None = None, duration: float = 1.0, pitch: int = 0) -> Piece:
    return Piece(piece.onset if onset is None else onset, piece.duration * duration, piece.pitch + np.int16(pitch))


def shift_table(model: Calibrated, crops: list[Piece], rng: Rng) -> Table:
    """Mean absolute change of the probability by ways to play the same notes."""
    plain = np.array([model(c) for c in crops])
    ways = {
        "transposed +5": [_moved(c, pitch=5) for c in crops],
        "octave -12": [_moved(c, pitch=-12) for c in crops],
        "humanised 30 ms at 100": [humanised(c, rng, 30, 100) for c in crops],
        "humanised 30 ms at 120": [humanised(c, rng, 30, 120) for c in crops],
        "staccato 60 %": [_moved(c, duration=0.6) for c in crops],
        "legato 115 %": [_moved(c, duration=1.15) for c in crops],
    }
    return {
        name: float(np.mean([abs(model(p) - was) for p, was in zip(pieces, plain, strict=True)]))
        for name, pieces in ways.items()
    }
