"""A small perceptron in numpy: one hidden layer, dropout, noise and weight decay against learning the sources by heart."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float32]

HIDDEN = 96
EPOCHS = 20
BATCH = 128
RATE = 1e-3
DECAY = 0.1
DROP_INPUT = 0.3
DROP_HIDDEN = 0.3
LIMIT = 4.0
_B1, _B2, _EPSILON = 0.9, 0.999, 1e-8


@dataclass(frozen=True)
class Perceptron:
    """Log-odds = relu(clip((x - mean) * scale) @ first + first_bias) @ second + second_bias, the clip to +-LIMIT."""

    mean: Matrix
    scale: Matrix
    first: Matrix
    first_bias: Matrix
    second: Matrix
    second_bias: Matrix

    def raw(self, values: Matrix) -> NDArray[np.float64]:
        """Log-odds float64[rows] of features float32[rows, features]."""
        hidden = np.maximum(standardised(values, self.mean, self.scale) @ self.first + self.first_bias, 0)
        return (hidden @ self.second + self.second_bias)[:, 0].astype(np.float64)


def standardised(values: Matrix, mean: Matrix, scale: Matrix) -> Matrix:
    """Features in standard deviations, outliers clipped."""
    return np.clip((values - mean) * scale, -LIMIT, LIMIT)


def learn(values: Matrix, target: NDArray[np.float64], weights: NDArray[np.float64], seed: int) -> Perceptron:
    """Trains by Adam with decoupled weight decay (Loshchilov and Hutter 2019) and a cosine rate."""
    rng = np.random.default_rng(seed)
    mean = values.mean(axis=0)
    scale = (1 / np.maximum(values.std(axis=0), 1e-3)).astype(np.float32)
    inputs = standardised(values, mean, scale)
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
        for rows in order:
            step += 1
            rate = RATE * 0.5 * (1 + np.cos(np.pi * step / steps))
            slopes = _slopes(layers, inputs[rows], goal[rows], weight[rows], rng)
            for i, slope in enumerate(slopes):
                first[i] = _B1 * first[i] + (1 - _B1) * slope
                second[i] = _B2 * second[i] + (1 - _B2) * slope * slope
                move = (first[i] / (1 - _B1**step)) / (np.sqrt(second[i] / (1 - _B2**step)) + _EPSILON)
                layers[i] = (layers[i] - rate * (move + (DECAY * layers[i] if i % 2 == 0 else 0))).astype(np.float32)
    return Perceptron(mean, scale, layers[0], layers[1][0], layers[2], layers[3][0])


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
