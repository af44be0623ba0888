"""The trained judge: an ONNX file and its facts, loaded once, run with one thread."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from judge.constants import MODEL_VERSION, SCHEMA
from judge.features import Reading, names
from judge.grid import Floats
from judge.known import Known, load_known

WEIGHTS = Path(__file__).parent / "weights"


class BrokenWeightsError(Exception):
    """The weights on disk are not those that training wrote, or not those that this code was written for."""


@dataclass(frozen=True)
class Facts:
    """What training wrote beside the network.

    `slope` and `offset` calibrate log-odds. `means` are Bach's mean pitch classes by mode (float64[2, 12], from the tonic).
    `low`, `middle` and `high` are the 10th, 50th and 90th percentiles of Bach's features, `others` the median of all other
    music (float64[features]).
    """

    version: str
    sha256: str
    slope: float
    offset: float
    means: Floats
    low: Floats
    middle: Floats
    high: Floats
    others: Floats


@dataclass(frozen=True)
class Network:
    """A loaded model. Rows are judged alone, so that a piece's score never depends on its batch."""

    facts: Facts
    session: onnxruntime.InferenceSession
    known: Known | None = None
    """How it scores the music it learned from."""

    def log_odds(self, values: NDArray[np.float32], words: NDArray[np.float32]) -> Floats:
        """Calibrated log-odds of Bach, float64[rows].

        Args:
            values: features float32[rows, features].
            words: phrases float32[rows, WORDS], or float32[1, WORDS] where all rows have the same.
        """
        (raw,) = self.session.run(None, {"features": values, "words": words})
        odds: Floats = self.facts.slope * raw[:, 0].astype(np.float64) + self.facts.offset
        return odds

    def probability(self, readings: Sequence[Reading], first: float | None = None) -> float:
        """Probability of Bach, 0-1, for one piece: its log-odds in the likeliest keys, averaged by their weights.

        `first` are those of the first reading, where they are known already.
        """
        asked = readings if first is None else readings[1:]
        odds = [float(self.log_odds(reading.values[None, :], reading.bag()[None, :])[0]) for reading in asked]
        every = odds if first is None else [first, *odds]
        return float(
            1 / (1 + np.exp(-sum(reading.weight * each for reading, each in zip(readings, every, strict=True))))
        )


def read_facts(text: str) -> Facts:
    """Parses the JSON that training wrote.

    Raises:
        BrokenWeightsError: where it was written for other features or another schema.
    """
    found = json.loads(text)
    if found["schema"] != SCHEMA or tuple(found["features"]) != names():
        raise BrokenWeightsError(
            "The judge's weights were trained for other features. Train them anew: python -m judge.training.fit"
        )
    columns = {name: np.array(found["bach"][name]) for name in ("low", "middle", "high")}
    calibration = found["calibration"]
    return Facts(
        version=found["version"],
        sha256=found["sha256"],
        slope=calibration["slope"],
        offset=calibration["offset"],
        means=np.array([found["pitch_classes"]["major"], found["pitch_classes"]["minor"]]),
        others=np.array(found["others"]["middle"]),
        **columns,
    )


def load(folder: Path) -> Network:
    """Reads the weights in a folder.

    Raises:
        BrokenWeightsError: where the network's sha256 is not the one that training wrote down.
    """
    data = (folder / f"{MODEL_VERSION}.onnx").read_bytes()
    facts = read_facts((folder / f"{MODEL_VERSION}.json").read_text(encoding="utf-8"))
    if hashlib.sha256(data).hexdigest() != facts.sha256:
        raise BrokenWeightsError(
            f"{MODEL_VERSION}.onnx is not the file that its JSON describes. Restore both from one commit."
        )
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(data, options, providers=["CPUExecutionProvider"])
    return Network(facts, session, load_known(folder, facts.sha256))


@cache
def shipped() -> Network:
    """The weights that come with the package, read at the first call of each process."""
    return load(WEIGHTS)
