"""Quarter notes to seconds, and back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from judge.tempo import quarter_at, seconds_at, tempo_map

CHANGES = st.lists(st.tuples(st.integers(0, 40).map(float), st.integers(4, 400).map(float)), max_size=6)


def test_seconds_add_up_over_tempo_changes() -> None:
    """Four quarters at 120, then two at 60."""
    tempi = tempo_map([(4.0, 60.0)])
    assert [0.0, 1.0, 2.0, 4.0] == [seconds_at(tempi, quarter) for quarter in (0, 2, 4, 6)]


@given(CHANGES, st.floats(0, 60))
def test_back_from_seconds_is_the_same_place(changes: list[tuple[float, float]], quarter: float) -> None:
    """One map, both ways."""
    tempi = tempo_map(changes)
    assert pytest.approx(quarter, abs=1e-6) == quarter_at(tempi, seconds_at(tempi, quarter))
