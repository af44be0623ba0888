"""A small perceptron in numpy on features and phrases: one hidden layer, dropout and weight decay against learning the sources by heart."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from judge.phrases import WORDS
from judge.training.rows import Rows

Matrix = NDArray[np.float32]

HIDDEN = 96
EPOCHS = 12
BATCH = 128
RATE = 1e-3
DECAY = 0.1
DROP_INPUT = 0.4
DROP_HIDDEN = 0.3
LIMIT = 2.5
"""Standard deviations at which a feature is clipped."""
BAG = 2048
"""Places that the bag of words is folded to."""
LOUDNESS = 6.0
"""What the words' weights are multiplied with, to count beside standardised features."""
_B1, _B2, _EPSILON = 0.9, 0.999, 1e-8


@dataclass(frozen=True)
class Perceptron:
    """Log-odds = relu(inputs @ first + first_bias) @ second + second_bias.

    The inputs are clip((features - mean) * scale) to +-LIMIT and the folded words, times LOUDNESS. `first` holds numbers that float16
    holds exactly, which halves the network's file.
    """

    mean: Matrix
    scale: Matrix
    first: Matrix
    first_bias: Matrix
    second: Matrix
    second_bias: Matrix

    def raw(self, rows: Rows) -> NDArray[np.float64]:
        """Log-odds float64[rows]."""
        found = []
        for start in range(0, len(rows.values), _MANY):
            part = slice(start, start + _MANY)
            inputs = np.concatenate(
                [standardised(rows.values[part], self.mean, self.scale), folded(rows.words[part])], axis=1
            )
            hidden = np.maximum(inputs @ self.first + self.first_bias, 0)
            found.append((hidden @ self.second + self.second_bias)[:, 0])
        return np.concatenate(found).astype(np.float64)


_MANY = 1024


def standardised(values: Matrix, mean: Matrix, scale: Matrix) -> Matrix:
    """Features in standard deviations, outliers clipped."""
    return np.clip((values - mean) * scale, -LIMIT, LIMIT)


def folded(words: csr_matrix) -> Matrix:
    """The bag float32[rows, BAG] of sparse words [rows, WORDS], times LOUDNESS."""
    full = words.toarray().reshape(words.shape[0], WORDS // BAG, BAG)
    return full.sum(axis=1) * np.float32(LOUDNESS)


def learn(rows: Rows, target: NDArray[np.float64], weights: NDArray[np.float64], seed: int) -> Perceptron:
    """Trains by Adam with decoupled weight decay (Loshchilov and Hutter 2019) and a cosine rate."""
    values = rows.values
    rng = np.random.default_rng(seed)
    mean = values.mean(axis=0)
    scale = (1 / np.maximum(values.std(axis=0), 1e-3)).astype(np.float32)
    bag = np.concatenate([folded(rows.words[i : i + _MANY]) for i in range(0, len(values), _MANY)])
    inputs = np.concatenate([standardised(values, mean, scale), bag], axis=1)
    goal, weight = target.astype(np.float32)[:, None], weights.astype(np.float32)[:, None]
    size = inputs.shape[1]
    shapes = ((size, HIDDEN), (1, HIDDEN), (HIDDEN, 1), (1, 1))
    layers = [
        rng.normal(0, np.sqrt(2 / s[0]), s).astype(np.float32) if s[0] > 1 else np.zeros(s, np.float32) for s in shapes
    ]
    first, second = [np.zeros_like(p) for p in layers], [np.zeros_like(p) for p in layers]
    steps = EPOCHS * (len(inputs) // BATCH)
    step = 0
    for _ in range(EPOCHS):
        order = rng.permutation(len(inputs))[: len(inputs) // BATCH * BATCH].reshape(-1, BATCH)
        for chosen in order:
            step += 1
            rate = RATE * 0.5 * (1 + np.cos(np.pi * step / steps))
            slopes = _slopes(layers, inputs[chosen], goal[chosen], weight[chosen], rng)
            for i, slope in enumerate(slopes):
                first[i] = _B1 * first[i] + (1 - _B1) * slope
                second[i] = _B2 * second[i] + (1 - _B2) * slope * slope
                move = (first[i] / (1 - _B1**step)) / (np.sqrt(second[i] / (1 - _B2**step)) + _EPSILON)
                layers[i] = (layers[i] - rate * (move + (DECAY * layers[i] if i % 2 == 0 else 0))).astype(np.float32)
    exact = layers[0].astype(np.float16).astype(np.float32)
    return Perceptron(mean, scale, exact, layers[1][0], layers[2], layers[3][0])


def _mask(shape: tuple[int, ...], drop: float, rng: np.random.Generator) -> Matrix:
    return ((rng.random(shape, dtype=np.float32) >= drop) / (1 - drop)).astype(np.float32)


def _slopes(
    layers: list[Matrix], inputs: Matrix, goal: Matrix, weight: Matrix, rng: np.random.Generator
) -> list[Matrix]:
    """Gradients of the weighted log-loss for one batch."""
    seen = inputs * _mask(inputs.shape, DROP_INPUT, rng)
    hidden = np.maximum(seen @ layers[0] + layers[1], 0)
    kept = _mask(hidden.shape, DROP_HIDDEN, rng)
    dropped = hidden * kept
    odds = dropped @ layers[2] + layers[3]
    error = weight * (1 / (1 + np.exp(-odds)) - goal) / len(inputs)
    back = (error @ layers[2].T) * kept * (hidden > 0)
    return [seen.T @ back, back.sum(axis=0, keepdims=True), dropped.T @ error, error.sum(axis=0, keepdims=True)]
