"""The judge as it is trained: boosted trees and perceptrons side by side, and the ONNX graph that holds both."""

from dataclasses import dataclass

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from judge.training.perceptron import LIMIT, Perceptron, learn
from judge.training.trees import Forest, grow, tree_node

TREES_SHARE = 0.5
"""Weight of the trees' log-odds; the perceptrons' mean has the rest."""


@dataclass(frozen=True)
class Model:
    """Trees and perceptrons; all perceptrons were trained on the same samples and share their standardisation."""

    forest: Forest
    perceptrons: tuple[Perceptron, ...]

    def raw(self, values: NDArray[np.float32]) -> NDArray[np.float64]:
        """Log-odds float64[rows] before calibration, for features float32[rows, features]."""
        nets = np.mean([p.raw(values) for p in self.perceptrons], axis=0)
        return TREES_SHARE * self.forest.raw(values) + (1 - TREES_SHARE) * nets


def train_model(
    values: NDArray[np.float32], target: NDArray[np.float64], weights: NDArray[np.float64], seeds: tuple[int, ...]
) -> Model:
    """One booster and one perceptron a seed."""
    return Model(grow(values, target, weights, seeds), tuple(learn(values, target, weights, seed) for seed in seeds))


def to_onnx(model: Model, features: int) -> bytes:
    """One graph: `features` float32[rows, features] to `log_odds` float32[rows, 1], as `Model.raw`.

    The perceptrons stand side by side as one wide hidden layer.
    """
    nets, count = model.perceptrons, len(model.perceptrons)
    share = (1 - TREES_SHARE) / count
    constants = {
        "mean": nets[0].mean,
        "scale": nets[0].scale,
        "lowest": np.array(-LIMIT, np.float32),
        "highest": np.array(LIMIT, np.float32),
        "first": np.concatenate([n.first for n in nets], axis=1),
        "first_bias": np.concatenate([n.first_bias for n in nets]),
        "second": np.concatenate([n.second for n in nets]) * np.float32(share),
        "second_bias": np.sum([n.second_bias for n in nets], axis=0) * np.float32(share),
        "trees_share": np.array(TREES_SHARE, np.float32),
    }
    steps = [
        tree_node(model.forest, "features", "trees"),
        helper.make_node("Mul", ["trees", "trees_share"], ["trees_part"]),
        helper.make_node("Sub", ["features", "mean"], ["centred"]),
        helper.make_node("Mul", ["centred", "scale"], ["scaled"]),
        helper.make_node("Clip", ["scaled", "lowest", "highest"], ["clipped"]),
        helper.make_node("Gemm", ["clipped", "first", "first_bias"], ["hidden"]),
        helper.make_node("Relu", ["hidden"], ["active"]),
        helper.make_node("Gemm", ["active", "second", "second_bias"], ["nets_part"]),
        helper.make_node("Add", ["trees_part", "nets_part"], ["log_odds"]),
    ]
    graph = helper.make_graph(
        steps,
        "judge",
        [helper.make_tensor_value_info("features", TensorProto.FLOAT, [None, features])],
        [helper.make_tensor_value_info("log_odds", TensorProto.FLOAT, [None, 1])],
        [numpy_helper.from_array(value.astype(np.float32), name) for name, value in constants.items()],
    )
    opsets = [helper.make_opsetid("", 17), helper.make_opsetid("ai.onnx.ml", 3)]
    whole = helper.make_model(graph, opset_imports=opsets, producer_name="kantor", ir_version=9)
    onnx.checker.check_model(whole)
    return whole.SerializeToString(deterministic=True)
