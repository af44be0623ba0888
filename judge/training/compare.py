"""Which kind of model? All are trained on a tenth of the samples, one seed each, in the same folds, and measured on what these hold out."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from judge.training import convolution
from judge.training.dataset import Dataset
from judge.training.metrics import areas, even_weights
from judge.training.model import read
from judge.training.perceptron import learn
from judge.training.resume import Teller
from judge.training.rows import Rows
from judge.training.trees import grow

EPOCHS = 8
SEED = 1
HALF = 2
"""So much of the samples that have a piano roll, which are a fifth of all."""
Vector = NDArray[np.float64]
Sheets = list[list[NDArray[np.int32]]]
Trainer = Callable[[Rows, Sheets, Vector, Vector], Callable[[Rows, Sheets], Vector]]

_MIXES: dict[str, tuple[str, ...]] = {
    "trees + perceptron on features": ("trees", "perceptron on features"),
    "trees + perceptron on features and phrases": ("trees", "perceptron on features and phrases"),
    "**trees + perceptron on features and phrases + lexicon**": (
        "trees",
        "perceptron on features and phrases",
        "lexicon of phrases",
    ),
    "these three + joint CNN": (
        "trees",
        "perceptron on features and phrases",
        "lexicon of phrases",
        "CNN joined with features",
    ),
}


def _trees(rows: Rows, _: Sheets, goal: Vector, weight: Vector) -> Callable[[Rows, Sheets], Vector]:
    model = grow(rows.values, goal, weight, (SEED,))
    return lambda asked, _: model.raw(asked.values)


def _perceptron(*, with_words: bool) -> Trainer:
    def train(rows: Rows, _: Sheets, goal: Vector, weight: Vector) -> Callable[[Rows, Sheets], Vector]:
        model = learn(rows, goal, weight, SEED, with_words=with_words)
        return lambda asked, _: model.raw(asked)

    return train


def _lexicon(rows: Rows, _: Sheets, goal: Vector, weight: Vector) -> Callable[[Rows, Sheets], Vector]:
    model = read(rows.words, goal, weight)
    return lambda asked, _: model.raw(asked.words)


def _network(*, see: bool) -> Trainer:
    def train(rows: Rows, sheets: Sheets, goal: Vector, weight: Vector) -> Callable[[Rows, Sheets], Vector]:
        model = convolution.learn(convolution.Lesson(rows.values, sheets, goal, weight), SEED, EPOCHS, see=see)
        return lambda asked, heard: model.raw(asked.values, heard)

    return train


_MODELS: dict[str, Trainer] = {
    "trees": _trees,
    "perceptron on features": _perceptron(with_words=False),
    "perceptron on features and phrases": _perceptron(with_words=True),
    "lexicon of phrases": _lexicon,
    "CNN on the piano roll": _network(see=False),
    "CNN joined with features": _network(see=True),
}


def compared(
    data: Dataset, folds: dict[str, Callable[[Dataset], NDArray[np.int64]]], tell: Teller
) -> dict[str, dict[str, float]]:
    """AUC of all and hard by model and kind of folds, means over the folds; rows of a sample are learnt from its likeliest key."""
    heard = [s for s in data.samples if s.sheets]
    chosen = np.random.default_rng(SEED).permutation(len(heard))[: len(heard) // HALF]
    part = Dataset([heard[i] for i in np.sort(chosen)])
    rows, sheets = part.rows(), [list(s.sheets) for s in part.samples]
    weights, bach, even, kinds = part.weights(), part.is_bach(), even_weights(part), part.column("kind")
    table: dict[str, dict[str, float]] = {}
    for kind, divide in folds.items():
        tell(f"kinds of models, {kind} (a tenth of the samples)")
        fold = divide(part)
        raw = {name: np.zeros(len(fold)) for name in _MODELS}
        for number in range(int(fold.max()) + 1):
            test = fold == number
            seen, asked = rows.of(~test), rows.of(test)
            goal, weight = bach[~test][seen.owner], weights[~test][seen.owner] * seen.share
            for name, train in _MODELS.items():
                judge = train(seen, _of(sheets, ~test, seen), goal, weight)
                raw[name][test] = asked.joined(judge(asked, _of(sheets, test, asked)))
        raw |= {name: np.mean([raw[one] for one in mix], axis=0) for name, mix in _MIXES.items()}
        for name, odds in raw.items():
            found = [areas(odds[fold == n], kinds[fold == n], even[fold == n]) for n in range(int(fold.max()) + 1)]
            for figure in ("all", "hard"):
                table.setdefault(name, {})[f"{kind}: {figure}"] = float(
                    np.mean([row.get(figure, np.nan) for row in found])
                )
    return table


def _of(sheets: Sheets, chosen: NDArray[np.bool_], rows: Rows) -> Sheets:
    """The windows of each row of some samples."""
    mine = np.flatnonzero(chosen)
    return [sheets[mine[owner]] for owner in rows.owner]
