"""The weights on disk: whole, of the right kind, and loaded only if they are."""

import hashlib
import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from judge.constants import MODEL_VERSION
from judge.features import Reading, analyse, names
from judge.network import WEIGHTS, BrokenWeightsError, load
from judge.phrases import WORDS

ONNX, JSON = f"{MODEL_VERSION}.onnx", f"{MODEL_VERSION}.json"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A folder with the shipped weights, to be harmed."""
    for file in (ONNX, JSON):
        shutil.copy(WEIGHTS / file, tmp_path / file)
    return tmp_path


def test_the_weights_are_those_that_the_json_names() -> None:
    """The shipped network's hash stands in its JSON."""
    expected = json.loads((WEIGHTS / JSON).read_text(encoding="utf-8"))["sha256"]
    assert expected == hashlib.sha256((WEIGHTS / ONNX).read_bytes()).hexdigest()


def test_the_network_is_small() -> None:
    """The network takes less than 3 MB."""
    assert (WEIGHTS / ONNX).stat().st_size < 3_000_000


def test_changed_weights_are_not_loaded(copy: Path) -> None:
    """One more byte in the network and it is not trusted."""
    with (copy / ONNX).open("ab") as weights:
        weights.write(b"\0")
    with pytest.raises(BrokenWeightsError):
        load(copy)


def test_weights_for_other_features_are_not_loaded(copy: Path) -> None:
    """Weights that were trained on other features are refused, not misread."""
    facts = json.loads((copy / JSON).read_text(encoding="utf-8"))
    facts["features"][0] = "something else"
    (copy / JSON).write_text(json.dumps(facts), encoding="utf-8")
    with pytest.raises(BrokenWeightsError):
        load(copy)


def test_a_row_is_judged_alike_in_any_batch() -> None:
    """A row's log-odds agree within 1e-5 alone and among others."""
    network, rng = load(WEIGHTS), np.random.default_rng(1)
    rows = rng.random((20, len(names())), dtype=np.float32)
    words = np.where(rng.random((20, WORDS)) < 0.02, rng.random((20, WORDS)), 0).astype(np.float32)
    alone = np.concatenate(
        [network.log_odds(row[None, :], word[None, :]) for row, word in zip(rows, words, strict=True)]
    )
    assert np.abs(network.log_odds(rows, words) - alone).max() < 1e-5


def test_rows_may_share_their_phrases() -> None:
    """One row of phrases counts for all rows of features."""
    network, rng = load(WEIGHTS), np.random.default_rng(2)
    rows = rng.random((5, len(names())), dtype=np.float32)
    words = (rng.random((1, WORDS)) / 50).astype(np.float32)
    shared = network.log_odds(rows, words)
    assert np.abs(shared - network.log_odds(rows, np.repeat(words, 5, axis=0))).max() < 1e-5


def test_keys_in_doubt_are_averaged() -> None:
    """The log-odds of a piece are the mean of its readings', by their weights."""
    network = load(WEIGHTS)
    values = analyse(np.arange(8.0), np.ones(8), np.array([60, 62, 64, 65, 67, 65, 64, 62])).values
    other = analyse(np.arange(8.0), np.ones(8), np.array([60, 61, 66, 60, 61, 66, 60, 61])).values
    key = analyse(np.zeros(1), np.ones(1), np.array([60])).key
    nothing = (np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.float32))
    readings = [Reading(values, nothing, key, 0.75), Reading(other, nothing, key, 0.25)]
    odds = np.log(1 / np.array([network.probability([replace(reading, weight=1.0)]) for reading in readings]) - 1)
    assert abs(network.probability(readings) - 1 / (1 + np.exp(odds @ np.array([0.75, 0.25])))) < 1e-6


def test_bach_means_are_distributions() -> None:
    """Bach's mean pitch classes sum to 1 in both modes."""
    assert np.allclose(load(WEIGHTS).facts.means.sum(axis=1), 1, atol=1e-4)
