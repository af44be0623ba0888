"""How well judges agree: against published figures, and where there is no telling."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.agreement import alike, alpha, drift

CODERS = (
    "1 2 3 3 2 1 4 1 2 . . .",
    "1 2 3 3 2 2 4 1 2 5 . 3",
    ". 3 3 3 2 3 4 2 2 5 1 .",
    "1 2 3 3 2 4 4 1 2 5 1 .",
)
"""Krippendorff's own example (2011), of four who read twelve units: .849 with the interval metric."""
RATINGS = st.lists(st.lists(st.integers(1, 5), min_size=1, max_size=6), max_size=20)


def units() -> list[list[float]]:
    """What each unit got."""
    return [[float(each) for each in unit if each != "."] for unit in zip(*map(str.split, CODERS), strict=True)]


def test_krippendorffs_own_example() -> None:
    """A unit that one alone has read says nothing, and is left out."""
    found = alpha(units())
    assert found is not None
    assert (0.849, True) == (round(found.value, 3), found.low < found.value < found.high <= 1)


@pytest.mark.parametrize("given_", [[], [[1.0, 2.0]], [[3.0, 3.0], [3.0, 3.0, 3.0]], [[1.0], [2.0], [3.0]]])
def test_where_there_is_no_telling(given_: list[list[float]]) -> None:
    """Fewer than two units with two ratings, or all the same."""
    assert alpha(given_) is None


def test_all_alike_is_one_and_the_opposite_is_below_nothing() -> None:
    """The ends of the scale."""
    same, other = alpha([[1, 1], [5, 5], [3, 3]]), alpha([[1, 5], [5, 1], [1, 5]])
    assert same is not None
    assert other is not None
    assert same.value == 1.0
    assert other.value < 0


@given(RATINGS, st.integers(1, 9))
def test_another_scale_and_another_order_change_nothing(given_: list[list[int]], factor: int) -> None:
    """Points may be counted from wherever, in whichever unit, and judges have no order."""
    one, two = alpha(given_), alpha([[factor * each + 7 for each in reversed(unit)] for unit in given_])
    assert (one is None) == (two is None)
    if one is not None and two is not None:
        assert one.value == pytest.approx(two.value, abs=1e-9)
        assert one.value <= 1 + 1e-12


def test_a_slope_and_its_error() -> None:
    """A straight line has none; noise has more error than slope."""
    line = drift([(0, -0.2), (0.5, 0.0), (1, 0.2)])
    assert line is not None
    assert line.points == pytest.approx(0.4)
    assert line.error == pytest.approx(0.0, abs=1e-12)
    assert line.is_sure
    noise = drift([(0, 1), (0.3, -1), (0.6, 1), (1, -1)])
    assert noise is not None
    assert not noise.is_sure
    assert drift([(0, 1), (1, 2)]) is None
    assert drift([(0, 1), (0, 2), (0, 3)]) is None


def test_ranks_share_their_places() -> None:
    """Spearman's, with ties in the middle of their ranks: the figure of the textbook's formula on ranks."""
    assert alike([10, 20, 30, 40], [1, 2, 4, 3]) == pytest.approx(0.8)
    assert alike([1, 2, 2, 3], [1, 2, 2, 3]) == pytest.approx(1.0)
    assert alike([1, 2, 3], [3, 2, 1]) == pytest.approx(-1.0)
    assert alike([1, 2], [1, 2]) is None
    assert alike([1, 1, 1], [1, 2, 3]) is None
