"""Trains the judge: `python -m judge.training.fit --corpus FOLDER_OR_ZIP --out judge/weights`.

The same corpus, seed and libraries give the same weights to the byte.
"""

import argparse
import hashlib
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from judge.constants import MODEL_VERSION, SCHEMA
from judge.features import names
from judge.training import card, checks, mining
from judge.training.corpus import Work, read_corpus
from judge.training.dataset import (
    FOLDS,
    STRANGERS,
    Dataset,
    Origin,
    build,
    folds_by_source,
    folds_by_work,
    folds_of_strangers,
    sample,
)
from judge.training.metrics import areas, calibration_error, even_weights, platt, sigmoid
from judge.training.model import Model, to_onnx, train_model

SEED = 20261122
SEEDS = (1, 2, 3)
CLIMBS = 100


class _Progress:
    def __init__(self) -> None:
        self._began = time.monotonic()

    def __call__(self, what: str) -> None:
        print(f"{time.monotonic() - self._began:6.0f} s  {what}", flush=True)


def _held_out(
    data: Dataset, fold: NDArray[np.int64], seeds: tuple[int, ...]
) -> tuple[NDArray[np.float64], list[Model]]:
    """Log-odds of each sample by a model that has not seen its fold, and those models."""
    raw = np.zeros(len(fold))
    values, bach, weights = data.values(), data.is_bach(), data.weights()
    models = []
    for number in range(int(fold.max()) + 1):
        test = fold == number
        models.append(train_model(values[~test], bach[~test], weights[~test], seeds))
        raw[test] = models[-1].raw(values[test])
    return raw, models


def _figures(data: Dataset, raw: NDArray[np.float64], fold: NDArray[np.int64]) -> dict[str, dict[str, float]]:
    """AUCs of each fold, and its ECE with the calibration of the other folds."""
    kinds, weights, bach = data.column("kind"), even_weights(data), data.is_bach()
    table = {}
    for number in range(int(fold.max()) + 1):
        test = fold == number
        slope, offset = platt(raw[~test], bach[~test], weights[~test])
        table[str(number)] = areas(raw[test], kinds[test], weights[test])
        table[str(number)]["ece"] = calibration_error(sigmoid(slope * raw[test] + offset), bach[test], weights[test])
    return table


def _mine(data: Dataset, models: list[Model], count: int, rng: np.random.Generator, tell: _Progress) -> None:
    """Adds what climbed highest against each fold's model, as negatives of its kind of pattern."""
    for number, model in enumerate(models):
        tell(f"climbing against model {number + 1} of {len(models)}")
        for i, (name, piece, _, _) in enumerate(mining.climbs(mining.scorer(model), count, 50, rng)):
            fold = next(s.origin.fold for s in data.samples if s.origin.group == name)
            data.samples.append(sample(piece, Origin("synthetic", name, f"{name}-climb-{number}-{i}", fold)))


def _means(data: Dataset) -> dict[str, list[float]]:
    """Bach's mean pitch classes by mode, each group of his works counting the same."""
    found = {}
    for name, mode in (("major", 0), ("minor", 1)):
        groups: dict[str, list[NDArray[np.float64]]] = {}
        for s in data.samples:
            if s.origin.kind == "bach" and s.mode == mode:
                groups.setdefault(s.origin.group, []).append(s.shares)
        mean = np.mean([np.mean(shares, axis=0) for shares in groups.values()], axis=0)
        found[name] = [round(float(v), 6) for v in mean / mean.sum()]
    return found


def _columns(values: NDArray[np.float32], **percent: int) -> dict[str, list[float]]:
    return {name: [round(float(v), 4) for v in np.percentile(values, p, axis=0)] for name, p in percent.items()}


def _parity(network: bytes, model: Model, values: NDArray[np.float32]) -> float:
    session = onnxruntime.InferenceSession(network, providers=["CPUExecutionProvider"])
    (raw,) = session.run(None, {"features": values})
    return float(np.abs(raw[:, 0] - model.raw(values)).max())


def _check(works: list[Work], model: checks.Calibrated, effort: float, tell: _Progress) -> dict[str, Any]:
    rng = np.random.default_rng(SEED + 1)
    crops = checks.bach_crops(works, round(200 * effort), rng)
    bach = [model(c) for c in crops]
    tell("patterns and climbs against the final model")
    return {
        "bach": {"p10": float(np.percentile(bach, 10)), "median": float(np.median(bach))},
        "patterns": checks.pattern_table(model, bach, max(1, round(40 * effort)), rng),
        "climbs": checks.climb_table(model, bach, max(1, round(80 * effort)), rng),
        "order": checks.order_table(model, crops, rng),
        "shifts": checks.shift_table(model, crops, rng),
    }


def _validate(data: Dataset, tell: _Progress) -> tuple[dict[str, Any], tuple[float, float]]:
    """The three tables of folds, and the calibration on the strangers' folds."""
    weights, bach = even_weights(data), data.is_bach()
    tables: dict[str, Any] = {}
    calibration = (1.0, 0.0)
    for name, folds, rows in (
        ("folds by source", folds_by_source, FOLDS),
        ("folds by work", folds_by_work, ("0", "1", "2")),
        ("strangers", folds_of_strangers, STRANGERS),
    ):
        fold = folds(data)
        raw, _ = _held_out(data, fold, SEEDS[:1])
        tables[name] = dict(zip(rows, _figures(data, raw, fold).values(), strict=True))
        calibration = platt(raw, bach, weights)
        tell(f"{name}: {tables[name]}")
    return tables, calibration


def train(corpus: Path, out: Path, scale: float) -> None:
    """The whole way from a corpus to the files in `out`."""
    tell = _Progress()
    rng = np.random.default_rng(SEED)
    works = list(read_corpus(corpus))
    tell(f"{len(works)} works read")
    data = build(works, scale, rng, tell)
    tell(f"{len(data.samples)} samples; models to climb against")
    _, models = _held_out(data, folds_of_strangers(data), SEEDS[:1])
    effort = min(1.0, 2 * scale)
    _mine(data, models, round(CLIMBS * effort), rng, tell)
    tables, (slope, offset) = _validate(data, tell)
    model = train_model(data.values(), data.is_bach(), data.weights(), SEEDS)
    tell("final model trained")
    network = to_onnx(model, len(names()))
    checked = _check(works, checks.Calibrated(mining.scorer(model), slope, offset), effort, tell)
    figures = {**tables, "parity": _parity(network, model, data.values()), **checked}
    facts = {
        "scale": scale,
        "calibration": {"slope": round(slope, 6), "offset": round(offset, 6)},
        **_statistics(data),
        "figures": figures,
    }
    _write(out, network, facts, lambda whole: card.text(whole, data, works, len(network)))
    tell(f"{len(network) / 1e6:.2f} MB written to {out}")


def _statistics(data: Dataset) -> dict[str, Any]:
    bach, values = data.is_bach() == 1, data.values()
    return {
        "pitch_classes": _means(data),
        "features": list(names()),
        "bach": _columns(values[bach], low=10, middle=50, high=90),
        "others": _columns(values[~bach], middle=50),
    }


def _write(out: Path, network: bytes, facts: dict[str, Any], write_card: Callable[[dict[str, Any]], str]) -> None:
    whole = {"schema": SCHEMA, "version": MODEL_VERSION, "sha256": hashlib.sha256(network).hexdigest(), **facts}
    out.mkdir(parents=True, exist_ok=True)
    (out / f"{MODEL_VERSION}.onnx").write_bytes(network)
    (out / f"{MODEL_VERSION}.json").write_text(json.dumps(whole, indent=1) + "\n", encoding="utf-8")
    (out / "CARD.md").write_text(write_card(whole), encoding="utf-8")


def main() -> None:
    """Reads the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", type=Path, required=True, help="folder or zip with corpus.csv")
    parser.add_argument("--out", type=Path, required=True, help="folder for the weights")
    parser.add_argument("--scale", type=float, default=0.75, help="crops in proportion to the default")
    chosen = parser.parse_args()
    train(chosen.corpus, chosen.out, chosen.scale)


if __name__ == "__main__":
    main()
