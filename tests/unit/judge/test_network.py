"""The weights on disk: whole, of the right kind, and loaded only if they are."""

import hashlib
import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from judge.features import names
from judge.network import WEIGHTS, BrokenWeightsError, load


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A folder with the shipped weights, to be harmed."""
    for name in ("judge-1.onnx", "judge-1.json"):
        shutil.copy(WEIGHTS / name, tmp_path / name)
    return tmp_path


def test_the_weights_are_those_that_the_json_names() -> None:
    """The shipped network's hash stands in its JSON."""
    expected = json.loads((WEIGHTS / "judge-1.json").read_text(encoding="utf-8"))["sha256"]
    assert expected == hashlib.sha256((WEIGHTS / "judge-1.onnx").read_bytes()).hexdigest()


def test_the_network_is_small() -> None:
    """The network takes less than 3 MB."""
    assert (WEIGHTS / "judge-1.onnx").stat().st_size < 3_000_000


def test_changed_weights_are_not_loaded(copy: Path) -> None:
    """One more byte in the network and it is not trusted."""
    with (copy / "judge-1.onnx").open("ab") as weights:
        weights.write(b"\0")
    with pytest.raises(BrokenWeightsError):
        load(copy)


def test_weights_for_other_features_are_not_loaded(copy: Path) -> None:
    """Weights that were trained on other features are refused, not misread."""
    facts = json.loads((copy / "judge-1.json").read_text(encoding="utf-8"))
    facts["features"][0] = "something else"
    (copy / "judge-1.json").write_text(json.dumps(facts), encoding="utf-8")
    with pytest.raises(BrokenWeightsError):
        load(copy)


def test_a_row_is_judged_alike_in_any_batch() -> None:
    """A row's log-odds agree within 1e-5 alone and among others."""
    network = load(WEIGHTS)
    rows = np.random.default_rng(1).random((20, len(names())), dtype=np.float32)
    alone = np.concatenate([network.log_odds(row[None, :]) for row in rows])
    assert np.abs(network.log_odds(rows) - alone).max() < 1e-5


def test_bach_means_are_distributions() -> None:
    """Bach's mean pitch classes sum to 1 in both modes."""
    assert np.allclose(load(WEIGHTS).facts.means.sum(axis=1), 1, atol=1e-4)
