"""Figures for the card: areas under the curve, calibration, order of corruption."""

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from judge.training.dataset import Dataset

Vector = NDArray[np.float64]
KINDS = ("hard", "easy", "corrupted", "synthetic")


def sigmoid(x: Vector) -> Vector:
    """The logistic function."""
    return 1 / (1 + np.exp(-x))


def areas(raw: Vector, kinds: NDArray[np.object_], weights: Vector) -> dict[str, float]:
    """AUC of Bach against all (weighted as in training) and against each kind."""
    bach = kinds == "bach"
    found = {"all": float(roc_auc_score(bach, raw, sample_weight=weights))}
    for kind in KINDS:
        both = bach | (kinds == kind)
        if (kinds == kind).any():
            found[kind] = float(roc_auc_score(bach[both], raw[both]))
    return found


def platt(raw: Vector, bach: Vector, weights: Vector) -> tuple[float, float]:
    """Slope and offset that turn log-odds into calibrated log-odds (Platt 1999)."""
    model = LogisticRegression(C=1e6).fit(raw[:, None], bach, sample_weight=weights)
    return float(model.coef_[0, 0]), float(model.intercept_[0])


def calibration_error(probability: Vector, bach: Vector, weights: Vector) -> float:
    """Expected calibration error over ten bins of equal width."""
    bins = np.minimum((probability * 10).astype(int), 9)
    total = 0.0
    for b in range(10):
        mine = bins == b
        if mine.any():
            total += weights[mine].sum() * abs(np.average(probability[mine] - bach[mine], weights=weights[mine]))
    return float(total / weights.sum())


def even_weights(data: Dataset) -> Vector:
    """A third of the weight on Bach and the rest evenly on the four kinds of other music."""
    kinds = data.column("kind")
    weights = np.zeros(len(kinds))
    for kind, part in (("bach", 1 / 3), *((k, 1 / 6) for k in KINDS)):
        mine = kinds == kind
        if mine.any():
            weights[mine] = part / mine.sum()
    return weights * len(kinds) / weights.sum()
