"""Trains the judge: `python -m judge.training.fit --corpus FOLDER_OR_ZIP --out judge/weights`.

The same corpus, seed and libraries give the same weights to the byte, also where a run was killed and started again: what it has done
lies in a resume folder until it is finished. Writes the network, its facts, the copy check's index, and CARD.md.
"""

import argparse
import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from judge.constants import MODEL_VERSION, SCHEMA
from judge.features import names
from judge.network import load
from judge.training import card, checks, copies, known, mining
from judge.training.corpus import Work, read_corpus
from judge.training.dataset import (
    FOLDS,
    GENRES,
    STRANGERS,
    Dataset,
    Origin,
    Sample,
    build,
    folds_by_genre,
    folds_by_source,
    folds_of_strangers,
    sample,
)
from judge.training.metrics import areas, calibration_error, even_weights, platt, sigmoid
from judge.training.model import Model, to_onnx, train_model
from judge.training.resume import Resume, Teller, key_of, teller
from judge.training.rows import Rows
from judge.training.synthetic import PATTERNS

SEED = 20261122
SEEDS = (1, 2, 3)
CLIMBS = 100
_AT_ONCE = 1000


def _held_out(
    data: Dataset, fold: NDArray[np.int64], seeds: tuple[int, ...]
) -> tuple[NDArray[np.float64], list[Model]]:
    """Log-odds of each sample by a model that has not seen its fold, and those models."""
    raw = np.zeros(len(fold))
    rows, bach, weights = data.rows(), data.is_bach(), data.weights()
    models = []
    for number in range(int(fold.max()) + 1):
        test = fold == number
        models.append(train_model(rows.of(~test), bach[~test], weights[~test], seeds))
        raw[test] = models[-1].raw(rows.of(test))
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


def _mined(data: Dataset, effort: float, rng: np.random.Generator, tell: Teller) -> list[Sample]:
    """What climbs highest against models of the strangers' folds, as negatives of its kind of pattern."""
    tell("models to climb against")
    _, models = _held_out(data, folds_of_strangers(data), SEEDS[:1])
    found = []
    for number, model in enumerate(models):
        tell(f"climbing against model {number + 1} of {len(models)}")
        for i, (name, piece, _, _) in enumerate(mining.climbs(mining.scorer(model), round(CLIMBS * effort), 50, rng)):
            fold = next(s.origin.fold for s in data.samples if s.origin.group == name)
            found.append(sample(piece, Origin("synthetic", name, f"{name}-climb-{number}-{i}", fold)))
    return found


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


def _parity(network: bytes, model: Model, rows: Rows) -> float:
    session = onnxruntime.InferenceSession(network, providers=["CPUExecutionProvider"])
    worst = 0.0
    for start in range(0, len(rows.values), _AT_ONCE):
        part = Rows(*(column[start : start + _AT_ONCE] for column in (rows.values, rows.words, rows.owner, rows.share)))
        (raw,) = session.run(None, {"features": part.values, "words": part.words.toarray()})
        worst = max(worst, float(np.abs(raw[:, 0] - model.raw_rows(part)).max()))
    return worst


def _check(works: list[Work], model: checks.Calibrated, effort: float, tell: Teller) -> dict[str, Any]:
    tell("patterns and climbs against the final model")
    rng = np.random.default_rng(SEED + 1)
    crops = checks.bach_crops(works, max(1, round(200 * effort)), rng)
    bach = [model(c) for c in crops]
    return {
        "bach": {"p10": float(np.percentile(bach, 10)), "median": float(np.median(bach))},
        "patterns": checks.pattern_table(model, bach, max(1, round(40 * effort)), rng),
        "climbs": checks.climb_table(model, bach, max(1, round(80 * effort)), rng),
        "order": checks.order_table(model, crops, rng),
        "shifts": checks.shift_table(model, crops, rng),
    }


_FOLDS: dict[str, tuple[Callable[[Dataset], NDArray[np.int64]], tuple[str, ...]]] = {
    "folds by source": (folds_by_source, FOLDS),
    "folds by genre": (folds_by_genre, GENRES),
    "strangers": (folds_of_strangers, STRANGERS),
}
_CALIBRATED_ON = "strangers"
_Held = tuple[dict[str, dict[str, float]], NDArray[np.float64]]


def _validated(data: Dataset, name: str, tell: Teller) -> _Held:
    """One table of folds, and the log-odds of all samples when they were held out."""
    tell(f"validation, {name}")
    folds, rows = _FOLDS[name]
    fold = folds(data)
    raw, _ = _held_out(data, fold, SEEDS[:1])
    return dict(zip(rows, _figures(data, raw, fold).values(), strict=True)), raw


def _steps(works: list[Work]) -> int:
    """How often `train` tells how far it is."""
    return len({work.group for work in works}) + len(PATTERNS) + 4 + len(_FOLDS) + 4


def train(corpus: Path, out: Path, scale: float, resume: Path) -> None:
    """The whole way from a corpus to the files in `out`."""
    works = list(read_corpus(corpus))
    past = Resume.at(resume, key_of(corpus, scale))
    with teller(_steps(works)) as tell:
        _train(works, out, scale, past, tell)
    past.finish()


def _train(works: list[Work], out: Path, scale: float, past: Resume, tell: Teller) -> None:
    rng, effort = np.random.default_rng(SEED), min(1.0, 2 * scale)
    first = past.step("samples", rng, lambda: build(works, scale, rng, tell).samples)
    more = past.step("climbers", rng, lambda: _mined(Dataset(first), effort, rng, tell))
    data = Dataset([*first, *more])
    found = {name: past.step(name, rng, lambda name=name: _validated(data, name, tell)) for name in _FOLDS}  # type: ignore[misc]  # a default binds the name
    tables = {name: table for name, (table, _) in found.items()}
    slope, offset = platt(found[_CALIBRATED_ON][1], data.is_bach(), even_weights(data))
    tell(f"final model of {len(data.samples)} samples")
    rows = data.rows()
    model = past.step("model", rng, lambda: train_model(rows, data.is_bach(), data.weights(), SEEDS))
    network = to_onnx(model, len(names()))
    judge = checks.Calibrated(mining.scorer(model), slope, offset)
    checked = past.step("checks", rng, lambda: _check(works, judge, effort, tell))
    figures = {**tables, "parity": _parity(network, model, rows), **checked}
    calibration = {"slope": round(slope, 6), "offset": round(offset, 6)}
    facts = {"scale": scale, "calibration": calibration, **_statistics(data), "figures": figures}
    tell("index of the copy check")
    built = copies.build([work for work in works if work.is_bach])
    copied = past.step("copies", rng, lambda: copies.measure(works, built.index(), effort))
    _write(out, network, facts, lambda whole: card.text(whole, data, works, len(network)))
    copies.write(built, copied, out)
    known.write(works, load(out), out)
    tell(f"{len(network) / 1e6:.2f} MB written to {out}")


def _statistics(data: Dataset) -> dict[str, Any]:
    bach, values = data.is_bach() == 1, np.stack([s.readings[0].values for s in data.samples])
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
    parser.add_argument("--scale", type=float, default=1.2, help="crops in proportion to the default")
    parser.add_argument("--resume", type=Path, help="where to keep what is done already (OUT/fit.resume)")
    chosen = parser.parse_args()
    train(chosen.corpus, chosen.out, chosen.scale, chosen.resume or chosen.out / "fit.resume")


if __name__ == "__main__":
    main()
