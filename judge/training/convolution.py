"""The joint network: a convolution over time on the key-normalised roll, and the features, before one head; trained together in JAX."""

import functools
from dataclasses import dataclass
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from numpy.typing import NDArray

from judge.training.perceptron import standardised
from judge.training.roll import CHANNELS, STEPS, STEPS_A_BEAT

Matrix = NDArray[np.float32]
Sheet = NDArray[np.int32]
"""Filled cells of one window, as indices into CHANNELS * STEPS."""
Weights = dict[str, Any]

LAYERS = (("c1", 3, CHANNELS, 32), ("c2", 4, 32, 64), ("c3", 5, 64, 96), ("c4", 3, 96, 128))
"""Name, kernel, channels in and out; the first two stride by 3 and 2, and before the last the time is halved by taking the higher."""
STRIDES = (3, 2, 1, 1)
POOLED = 256
HIDDEN = 96
BATCH = 64
RATE = 1.5e-3
WARM_UP = 100
DECAY = 0.05
DROP_FEATURES = 0.3
DROP_POOLED = 0.4
DROP_HIDDEN = 0.3


@dataclass(frozen=True)
class Joint:
    """A trained network with the standardisation of its features; `mean` and `scale` are float32[features]."""

    mean: Matrix
    scale: Matrix
    weights: dict[str, Matrix]

    def raw(self, values: Matrix, sheets: list[list[Sheet]]) -> NDArray[np.float64]:
        """Log-odds float64[rows] of features float32[rows, features] and each row's windows, whose log-odds are averaged."""
        flat = [sheet for windows in sheets for sheet in windows]
        owner = np.repeat(np.arange(len(sheets)), [len(windows) for windows in sheets])
        inputs = standardised(values, self.mean, self.scale)
        odds = np.zeros(len(flat))
        for start in range(0, len(flat), _MANY):
            part = slice(start, start + _MANY)
            pad = _MANY - len(flat[part])
            roll = filled([*flat[part], *[_EMPTY] * pad])
            rows = np.concatenate([inputs[owner[part]], np.zeros((pad, inputs.shape[1]), np.float32)])
            odds[part] = np.asarray(_forward(self.weights, roll, rows))[: _MANY - pad]
        return np.bincount(owner, odds, len(sheets)) / np.bincount(owner, minlength=len(sheets))


_MANY = 128
_EMPTY: Sheet = np.zeros(0, dtype=np.int32)


def filled(sheets: list[Sheet]) -> NDArray[np.uint8]:
    """uint8[sheets, CHANNELS, STEPS] of 0 and 1."""
    roll = np.zeros((len(sheets), CHANNELS * STEPS), dtype=np.uint8)
    rows = np.repeat(np.arange(len(sheets)), [len(sheet) for sheet in sheets])
    roll[rows, np.concatenate(sheets)] = 1
    return roll.reshape(len(sheets), CHANNELS, STEPS)


def _convolved(x: Any, weight: Any, bias: Any, kernel: int, stride: int) -> Any:
    """A convolution over time as one matrix product; x [rows, time, channels], the time padded at both ends where the stride is 1."""
    if stride == kernel:
        x = x.reshape(x.shape[0], x.shape[1] // stride, kernel * x.shape[2])
    else:
        before = (kernel - stride) // 2
        after = kernel - stride - before
        length = x.shape[1] // stride
        x = jnp.pad(x, ((0, 0), (before, after), (0, 0)))
        x = jnp.concatenate([x[:, i : i + stride * (length - 1) + 1 : stride] for i in range(kernel)], axis=2)
    return x @ weight + bias


def _pooled(weights: Weights, roll: Any) -> Any:
    x = jnp.transpose(roll, (0, 2, 1)).astype(jnp.float32)
    for (name, kernel, _, _), stride in zip(LAYERS, STRIDES, strict=True):
        if name == "c4":
            x = jnp.maximum(x[:, ::2], x[:, 1::2])
        x = jax.nn.relu(_convolved(x, weights[name], weights[name + "b"], kernel, stride))
    return jnp.concatenate([x.mean(axis=1), x.max(axis=1)], axis=1)


@jax.jit
def _forward(weights: Weights, roll: Any, features: Any) -> Any:
    pooled = _pooled(weights, roll)
    hidden = jax.nn.relu(features @ weights["hf"] + pooled @ weights["hr"] + weights["hb"])
    return (hidden @ weights["o"] + weights["ob"])[:, 0]


def _dropped(x: Any, share: float, key: Any) -> Any:
    return x * jax.random.bernoulli(key, 1 - share, x.shape) / (1 - share)


_Batch = tuple[Any, Any, Any, Any]
"""Rolls, features, goals and weights."""
_Moments = tuple[Weights, Weights]


def _loss(weights: Weights, batch: _Batch, key: Any) -> Any:
    roll, features, goal, weight = batch
    keys = jax.random.split(key, 4)
    pooled = _dropped(_pooled(weights, roll), DROP_POOLED, keys[0])
    seen = _dropped(features, DROP_FEATURES, keys[1])
    hidden = jax.nn.relu(seen @ weights["hf"] + pooled @ weights["hr"] + weights["hb"])
    odds = (_dropped(hidden, DROP_HIDDEN, keys[2]) @ weights["o"] + weights["ob"])[:, 0]
    losses = jax.nn.softplus(odds) - goal * odds
    return (weight * losses).mean()


@functools.partial(jax.jit, donate_argnums=(0, 1))
def _step(
    weights: Weights, moments: _Moments, at: tuple[Any, Any], batch: _Batch, key: Any
) -> tuple[Weights, _Moments]:
    """Adam with decoupled weight decay (Loshchilov and Hutter 2019); `at` is the step's number, from 1, and its rate."""
    count, rate = at
    slopes = jax.grad(_loss)(weights, batch, key)
    first = {n: 0.9 * moments[0][n] + 0.1 * g for n, g in slopes.items()}
    second = {n: 0.999 * moments[1][n] + 0.001 * g * g for n, g in slopes.items()}
    moved = {}
    for n, w in weights.items():
        step = (first[n] / (1 - 0.9**count)) / (jnp.sqrt(second[n] / (1 - 0.999**count)) + 1e-8)
        moved[n] = w - rate * (step + (DECAY * w if w.ndim > 1 else 0.0))
    return moved, (first, second)


def _begin(features: int, rng: np.random.Generator) -> dict[str, Matrix]:
    shapes = {name: (kernel * below, above) for name, kernel, below, above in LAYERS}
    shapes |= {"hf": (features, HIDDEN), "hr": (POOLED, HIDDEN), "o": (HIDDEN, 1)}
    weights = {n: rng.normal(0, np.sqrt(2 / s[0]), s).astype(np.float32) for n, s in shapes.items()}
    weights["c1"] *= np.float32(3.0)  # the roll is sparse: a few cells of a hundred are filled
    biases = {f"{name}b": above for name, _, _, above in LAYERS} | {"hb": HIDDEN, "ob": 1}
    return weights | {n: np.zeros(s, np.float32) for n, s in biases.items()}


@dataclass(frozen=True)
class Lesson:
    """What to learn: features float32[rows, features], each row's windows, goals 0 or 1, and weights."""

    values: Matrix
    sheets: list[list[Sheet]]
    goal: NDArray[np.float64]
    weight: NDArray[np.float64]


def learn(lesson: Lesson, seed: int, epochs: int, *, see: bool = True) -> Joint:
    """Trains on all rows; each epoch hears one window of each piece, begun at another beat. `see` the features, too."""
    rng, key = np.random.default_rng(seed), jax.random.key(seed)
    mean = lesson.values.mean(axis=0)
    scale = (see / np.maximum(lesson.values.std(axis=0), 1e-3)).astype(np.float32)
    inputs = standardised(lesson.values, mean, scale)
    goals, parts = lesson.goal.astype(np.float32), lesson.weight.astype(np.float32)
    weights: Weights = _begin(inputs.shape[1], rng)
    moments: _Moments = (
        {n: np.zeros_like(w) for n, w in weights.items()},
        {n: np.zeros_like(w) for n, w in weights.items()},
    )
    total, count = epochs * (len(inputs) // BATCH), 0
    for _ in range(epochs):
        for rows in rng.permutation(len(inputs))[: len(inputs) // BATCH * BATCH].reshape(-1, BATCH):
            count += 1
            rate = RATE * min(1.0, count / WARM_UP) * 0.5 * (1 + np.cos(np.pi * count / total))
            roll = filled([_moved(lesson.sheets[row], rng) for row in rows])
            batch = (roll, inputs[rows], goals[rows], parts[rows])
            at = np.float32(count), np.float32(rate)
            weights, moments = _step(weights, moments, at, batch, jax.random.fold_in(key, count))
    return Joint(mean, scale, {n: np.asarray(w) for n, w in weights.items()})


def _moved(windows: list[Sheet], rng: np.random.Generator) -> Sheet:
    """One of a piece's windows, its beginning moved to another beat, what falls out coming in at the other end."""
    sheet = windows[int(rng.integers(len(windows)))]
    shift = int(rng.integers(STEPS // STEPS_A_BEAT)) * STEPS_A_BEAT
    return sheet // STEPS * STEPS + (sheet % STEPS + shift) % STEPS
