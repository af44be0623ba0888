"""Harmony at a slow pace: broken chords and block chords say the same."""

import numpy as np
import pytest

from judge.grid import to_grid
from judge.pace import pace
from judge.voices import texture


def _pace(onset: list[float], length: float, pitch: list[int]) -> dict[str, float]:
    grid = to_grid(np.array(onset, dtype=float), np.full(len(onset), length), np.array(pitch))
    return {name: float(values[0]) for name, values in pace(texture(grid), np.array([0]))}


_CHORDS = ((48, 60, 64, 67), (53, 60, 65, 69), (55, 62, 67, 71), (48, 60, 64, 67))


def _blocks() -> dict[str, float]:
    return _pace([4.0 * i for i in range(4) for _ in range(4)], 4.0, [tone for chord in _CHORDS for tone in chord])


def _broken() -> dict[str, float]:
    onset = [4 * i + 0.25 * j for i in range(4) for j in range(16)]
    return _pace(onset, 0.25, [chord[j % 4] for chord in _CHORDS for j in range(16)])


@pytest.mark.parametrize(
    ("name", "expected"),
    [("pace.4.chords", 3.0), ("pace.4.distinct", 0.75), ("pace.4.fifth_down", 2 / 3), ("pace.4.tones", 3.0)],
)
def test_a_cadence_is_heard_in_blocks_and_broken(name: str, expected: float) -> None:
    """I-IV-V-I has three chords, two falls by a fifth in three changes, three tones a bar, however it is figured."""
    assert [expected, expected] == pytest.approx([_blocks()[name], _broken()[name]])


def test_one_chord_stays() -> None:
    """Where nothing but one chord sounds, it is kept from bar to bar."""
    found = _pace([float(i) for i in range(16) for _ in range(3)], 1.0, [60, 64, 67] * 16)
    assert [found["pace.4.kept"], found["pace.4.changes"]] == pytest.approx([1.0, 0.0])
