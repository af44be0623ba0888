"""Boosted trees, averaged over seeds, and their way into an ONNX node."""

from dataclasses import dataclass
from typing import Any

import lightgbm
import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import helper

SETTINGS = {
    "objective": "binary",
    "learning_rate": 0.05,
    "num_leaves": 16,
    "min_data_in_leaf": 40,
    "feature_fraction": 0.25,
    "bagging_fraction": 0.7,
    "bagging_freq": 1,
    "lambda_l2": 5.0,
    "max_bin": 127,
    "num_threads": 1,
    "deterministic": True,
    "force_row_wise": True,
    "verbosity": -1,
}
ROUNDS = 400


@dataclass(frozen=True)
class Forest:
    """Boosters whose mean raw score (log-odds) is the answer."""

    boosters: tuple[lightgbm.Booster, ...]

    def raw(self, values: NDArray[np.float32]) -> NDArray[np.float64]:
        """Log-odds float64[rows] before calibration."""
        return np.mean([b.predict(values, raw_score=True, num_threads=1) for b in self.boosters], axis=0)


def grow(
    values: NDArray[np.float32],
    target: NDArray[np.float64],
    weights: NDArray[np.float64],
    seeds: tuple[int, ...],
    rounds: int = ROUNDS,
) -> Forest:
    """One booster a seed."""
    boosters = []
    for seed in seeds:
        data = lightgbm.Dataset(
            values,
            target,
            weight=weights,
            free_raw_data=False,
            params={"max_bin": SETTINGS["max_bin"], "verbosity": -1},
        )
        boosters.append(lightgbm.train({**SETTINGS, "seed": seed}, data, rounds))
    return Forest(tuple(boosters))


_NODE = (
    "treeids",
    "nodeids",
    "featureids",
    "values",
    "modes",
    "truenodeids",
    "falsenodeids",
    "missing_value_tracks_true",
)
_TARGET = ("treeids", "nodeids", "ids", "weights")
_LISTS = (*(f"nodes_{name}" for name in _NODE), *(f"target_{name}" for name in _TARGET))


class _Nodes:
    """The flat lists that ONNX's TreeEnsembleRegressor takes."""

    def __init__(self, scale: float) -> None:
        self.scale = scale
        self.lists: dict[str, list[Any]] = {name: [] for name in _LISTS}
        self._next = 0

    def tree(self, number: int, root: dict[str, Any]) -> None:
        self._next = 0
        self._add(number, root)

    def _add(self, tree: int, node: dict[str, Any]) -> int:
        mine, self._next = self._next, self._next + 1
        leaf = "leaf_value" in node
        row = len(self.lists["nodes_nodeids"])
        threshold = 0.0 if leaf else node["threshold"]
        mode = "LEAF" if leaf else "BRANCH_LEQ"
        feature = 0 if leaf else node["split_feature"]
        for name, value in zip(_NODE, (tree, mine, feature, threshold, mode, 0, 0, 0), strict=True):
            self.lists[f"nodes_{name}"].append(value)
        if leaf:
            for name, value in zip(_TARGET, (tree, mine, 0, node["leaf_value"] * self.scale), strict=True):
                self.lists[f"target_{name}"].append(value)
        else:
            self.lists["nodes_truenodeids"][row] = self._add(tree, node["left_child"])
            self.lists["nodes_falsenodeids"][row] = self._add(tree, node["right_child"])
        return mine


def tree_node(forest: Forest, given: str, result: str) -> onnx.NodeProto:
    """A node from features float32[rows, features] to the mean raw score of the boosters, float32[rows, 1]."""
    nodes = _Nodes(1 / len(forest.boosters))
    trees = [info["tree_structure"] for b in forest.boosters for info in b.dump_model()["tree_info"]]
    for number, root in enumerate(trees):
        nodes.tree(number, root)
    return helper.make_node(
        "TreeEnsembleRegressor",
        [given],
        [result],
        domain="ai.onnx.ml",
        n_targets=1,
        aggregate_function="SUM",
        **nodes.lists,
    )
