"""How well judges agree, and how alike two orders are: against published figures, and by what must hold for any."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.agreement import alike, alpha, drift

OBSERVERS = ("123321412...", "1233224125.3", ".3332342251.", "12332441251.")
"""Krippendorff (2011), example C: what four observers said of twelve units; a point: nothing."""
UNITS = [[float(each) for each in column if each != "."] for column in zip(*OBSERVERS, strict=True)]
SCORES = st.lists(
    st.lists(st.sampled_from([1.0, 1.5, 2.0, 3.0, 3.5, 4.0, 5.0]), min_size=1, max_size=5), min_size=2, max_size=12
)


def by_hand(units: list[list[float]]) -> float:
    """Alpha by its definition: pair by pair, with the ordinal metric as Krippendorff writes it."""
    told = [each for each in units if len(each) > 1]
    values = [score for each in told for score in each]

    def metric(one: float, other: float) -> float:
        low, high = sorted((one, other))
        between = sum(low <= each <= high for each in values)
        return float((between - (values.count(low) + values.count(high)) / 2) ** 2) if low != high else 0.0

    observed = sum(2 * metric(*pair) / (len(each) - 1) for each in told for pair in combinations(each, 2))
    expected = sum(2 * metric(*pair) for pair in combinations(values, 2)) / (len(values) - 1)
    return 1 - observed / expected


def test_krippendorffs_own_example() -> None:
    """His paper says .815 for ordinal data."""
    found = alpha(UNITS)
    assert found is not None
    assert 0.815 == pytest.approx(found.value, abs=5e-4)
    assert found.low < found.value < found.high


@given(SCORES)
def test_alpha_is_what_its_definition_says(units: list[list[float]]) -> None:
    """Pair by pair, for any ratings; where there is no telling, none is told."""
    found, told = alpha(units), [each for each in units if len(each) > 1]
    if len(told) < 2 or len({score for each in told for score in each}) < 2:
        assert found is None
    else:
        assert found is not None
        assert by_hand(units) == pytest.approx(found.value, abs=1e-9)


@given(SCORES)
def test_only_the_order_of_ratings_counts(units: list[list[float]]) -> None:
    """Another scale with the same order changes nothing, and equal ratings give equal intervals."""
    assert alpha(units) == alpha([[score**3 + 7 for score in each] for each in units])


def test_judges_who_agree_wholly_and_not_at_all() -> None:
    """1, and below 0."""
    whole, none = alpha([[1, 1], [3, 3], [5, 5]]), alpha([[1, 5], [5, 1], [1, 5]])
    assert whole is not None
    assert none is not None
    assert 1 == pytest.approx(whole.value)
    assert none.value < 0


@pytest.mark.parametrize("units", [[], [[4.0]], [[4.0, 3.0]], [[4.0], [3.0]], [[3.0, 3.0], [3.0, 3.0]]])
def test_too_little_tells_nothing(units: list[list[float]]) -> None:
    """No exception."""
    assert alpha(units) is None


def test_a_slope_is_found_and_has_an_error() -> None:
    """Half a point more at the end, with a little noise; nothing where there is none."""
    heard = [(at / 20, 0.5 * at / 20 + (-1) ** at * 0.05) for at in range(21)]
    found = drift(heard)
    assert found is not None
    assert 0.5 == pytest.approx(found.points, abs=0.02)
    assert found.is_sure
    assert [None, None] == [drift(heard[:2]), drift([(0.5, 1.0)] * 5)]
    flat = drift([(at / 20, (-1) ** at * 0.5) for at in range(21)])
    assert flat is not None
    assert not flat.is_sure


def test_rank_correlation_and_its_interval() -> None:
    """Spearman by hand (ties share ranks), an interval around it, and less of it the more there are."""
    found = alike([1, 2, 3, 4, 5], [2, 1, 4, 3, 5])
    assert found is not None
    assert 0.8 == pytest.approx(found.value)
    assert -1 <= found.low < 0.8 < found.high <= 1
    tied = alike([1, 1, 2, 3], [1, 2, 3, 4])
    assert tied is not None
    assert 0.9486833 == pytest.approx(tied.value)
    few, many = (alike(list(range(number)), list(range(number))) for number in (5, 50))
    assert few is not None
    assert many is not None
    assert few.low < many.low < 1 == pytest.approx(many.high)
    assert [None, None] == [alike([1, 2, 3], [1, 2, 3]), alike([1, 2, 3, 4], [2, 2, 2, 2])]
