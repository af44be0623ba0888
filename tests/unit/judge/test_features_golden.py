"""A golden file in code: figures of one small piece, so that no change of the features goes unseen."""

import numpy as np
import pytest

from judge.features import analyse, names

_ONSET = np.array([0, 0, 0.5, 1, 1, 1.5, 2, 2, 3, 3, 3.5])
_LENGTH = np.array([1, 0.5, 0.5, 1, 0.5, 0.5, 1, 1, 1, 0.5, 0.5])
_PITCH = np.array([48, 64, 65, 47, 67, 65, 48, 64, 43, 62, 59])


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("key.minor", 0.0),
        ("voices.mean", 2.0),
        ("top.step", 5 / 6),
        ("bass.interval.1", 2 / 3),
        ("outer_motion.contrary", 2 / 3),
        ("motion.fifths", 0.0),
        ("rhythm.onsets_a_beat", 1.75),
        ("place.0", 4 / 7),
        ("over_bass.4", 0.5),
    ],
)
def test_figures_of_a_small_piece(name: str, expected: float) -> None:
    """Each figure agrees with the one worked out by hand, within the rounding."""
    found = analyse(_ONSET, _LENGTH, _PITCH).values[names().index(name)]
    assert abs(expected - float(found)) < 1e-4
