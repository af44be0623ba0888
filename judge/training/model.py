"""The judge as it is trained: boosted trees, perceptrons and a lexicon side by side, and the ONNX graph that holds them all.

The lexicon says which phrases speak for Bach and which against: logistic regression on the bag of words.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from sklearn.linear_model import LogisticRegression

from judge.phrases import WORDS
from judge.training.perceptron import BAG, LIMIT, LOUDNESS, Perceptron, learn
from judge.training.trees import Forest, grow, tree_node

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csr_matrix

    from judge.training.rows import Rows

SHARE = 1 / 3
"""Weight of the log-odds of the trees, of the perceptrons' mean, and of the lexicon."""


@dataclass(frozen=True)
class Model:
    """Trees, perceptrons and lexicon; all perceptrons were trained on the same samples and share their standardisation."""

    forest: Forest
    perceptrons: tuple[Perceptron, ...]
    lexicon: Lexicon

    def raw(self, rows: Rows) -> NDArray[np.float64]:
        """Log-odds float64[samples] before calibration."""
        return rows.joined(self.raw_rows(rows))

    def raw_rows(self, rows: Rows) -> NDArray[np.float64]:
        """Log-odds float64[rows] before calibration."""
        nets = np.mean([p.raw(rows) for p in self.perceptrons], axis=0)
        odds: NDArray[np.float64] = SHARE * (self.forest.raw(rows.values) + nets + self.lexicon.raw(rows.words))
        return odds


def train_model(rows: Rows, target: NDArray[np.float64], weights: NDArray[np.float64], seeds: tuple[int, ...]) -> Model:
    """One booster and one perceptron a seed; `target` and `weights` are float64[samples]."""
    goal, weight = target[rows.owner], weights[rows.owner] * rows.share
    return Model(
        grow(rows.values, goal, weight, seeds),
        tuple(learn(rows, goal, weight, seed) for seed in seeds),
        read(rows.words, goal, weight),
    )


def to_onnx(model: Model, features: int) -> bytes:
    """One graph from `features` float32[rows, features] and `words` float32[rows or 1, WORDS] to `log_odds` float32[rows, 1].

    It computes what `Model.raw_rows` does. The perceptrons stand side by side as one wide hidden layer, whose weights are kept as
    float16, from which they were rounded.
    """
    graph = helper.make_graph(
        _steps(model),
        "judge",
        [
            helper.make_tensor_value_info("features", TensorProto.FLOAT, [None, features]),
            helper.make_tensor_value_info("words", TensorProto.FLOAT, [None, WORDS]),
        ],
        [helper.make_tensor_value_info("log_odds", TensorProto.FLOAT, [None, 1])],
        [numpy_helper.from_array(value, name) for name, value in _constants(model, features).items()],
    )
    opsets = [helper.make_opsetid("", 17), helper.make_opsetid("ai.onnx.ml", 3)]
    whole = helper.make_model(graph, opset_imports=opsets, producer_name="kantor", ir_version=9)
    onnx.checker.check_model(whole)
    return whole.SerializeToString(deterministic=True)


def _constants(model: Model, features: int) -> dict[str, NDArray[Any]]:
    nets, count = model.perceptrons, len(model.perceptrons)
    first = np.concatenate([n.first for n in nets], axis=1)
    in_float = {
        "mean": nets[0].mean,
        "scale": nets[0].scale,
        "lowest": np.array(-LIMIT, np.float32),
        "highest": np.array(LIMIT, np.float32),
        "loudness": np.array(LOUDNESS, np.float32),
        "first_bias": np.concatenate([n.first_bias for n in nets]),
        "second": np.concatenate([n.second for n in nets]) * np.float32(SHARE / count),
        "second_bias": np.sum([n.second_bias for n in nets], axis=0) * np.float32(SHARE / count),
        "lexicon": model.lexicon.weights[:, None] * np.float32(SHARE),
        "lexicon_bias": np.array([model.lexicon.bias * SHARE], np.float32),
        "share": np.array(SHARE, np.float32),
    }
    as_is = {
        "see": first[:features].astype(np.float16),
        "hear": first[features:].astype(np.float16),
        "sheaf": np.array([-1, WORDS // BAG, BAG], np.int64),
        "middle": np.array([1], np.int64),
    }
    return {name: np.asarray(value).astype(np.float32) for name, value in in_float.items()} | as_is


def _steps(model: Model) -> list[onnx.NodeProto]:
    return [
        tree_node(model.forest, "features", "trees"),
        helper.make_node("Mul", ["trees", "share"], ["trees_part"]),
        helper.make_node("Sub", ["features", "mean"], ["centred"]),
        helper.make_node("Mul", ["centred", "scale"], ["scaled"]),
        helper.make_node("Clip", ["scaled", "lowest", "highest"], ["clipped"]),
        helper.make_node("Cast", ["see"], ["see_32"], to=TensorProto.FLOAT),
        helper.make_node("Cast", ["hear"], ["hear_32"], to=TensorProto.FLOAT),
        helper.make_node("Gemm", ["clipped", "see_32", "first_bias"], ["seen"]),
        helper.make_node("Reshape", ["words", "sheaf"], ["sheaves"]),
        helper.make_node("ReduceSum", ["sheaves", "middle"], ["bag"], keepdims=0),
        helper.make_node("Mul", ["bag", "loudness"], ["loud"]),
        helper.make_node("MatMul", ["loud", "hear_32"], ["heard"]),
        helper.make_node("Add", ["seen", "heard"], ["hidden"]),
        helper.make_node("Relu", ["hidden"], ["active"]),
        helper.make_node("Gemm", ["active", "second", "second_bias"], ["nets_part"]),
        helper.make_node("Gemm", ["words", "lexicon", "lexicon_bias"], ["lexicon_part"]),
        helper.make_node("Sum", ["trees_part", "nets_part", "lexicon_part"], ["log_odds"]),
    ]


STRENGTH = 0.2
"""Inverse of the ridge penalty."""


@dataclass(frozen=True)
class Lexicon:
    """Log-odds = words @ weights + bias; `weights` float32[WORDS]."""

    weights: NDArray[np.float32]
    bias: float

    def raw(self, words: csr_matrix) -> NDArray[np.float64]:
        """Log-odds float64[rows] of a sparse bag of words float32[rows, WORDS]."""
        odds: NDArray[np.float64] = words @ self.weights.astype(np.float64) + self.bias
        return odds


def read(words: csr_matrix, target: NDArray[np.float64], weights: NDArray[np.float64]) -> Lexicon:
    """Fits all words at once; rare ones stay near 0."""
    model = LogisticRegression(C=STRENGTH, max_iter=150, tol=1e-3).fit(words, target, sample_weight=weights)
    return Lexicon(model.coef_[0].astype(np.float32), float(model.intercept_[0]))
