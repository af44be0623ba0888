"""How it grows: the exponent is a slope of logarithms, and each line of the table measures what it says."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.bench import growth

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("power", [0.0, 1.0, 2.0])
def test_the_exponent_is_the_power_by_which_time_grows(power: float) -> None:
    """Of a constant, a proportional and a quadratic time."""
    took = [0.002 * size**power for size in growth.SIZES]
    assert abs(growth.exponent(growth.SIZES, took) - power) < 1e-9


@pytest.mark.parametrize("name", growth.MEASURES)
def test_each_line_can_be_measured(name: str, tmp_path: Path) -> None:
    """With three of everything; it takes some time, and says in words what it is."""
    measure, own = growth.MEASURES[name]
    assert measure(tmp_path, 3) > 0.0
    assert measure.__doc__
    assert own in {0, 1}


def test_an_unknown_line_is_refused() -> None:
    """With the names that there are."""
    with pytest.raises(SystemExit):
        growth.main(["--growth", "--only", "nonsense"])
