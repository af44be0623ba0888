"""Numbers are decimal, a half goes up, and there is one way to write them."""

from __future__ import annotations

import re
from fractions import Fraction
from itertools import combinations_with_replacement
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.criteria import DEFAULT, Criterion, Scheme
from bot.rules.numbers import decimal, percent, spelled
from bot.rules.standings import Entry, mean_of_means, shown_score, standings
from judge import numbers as judges

ROOT = Path(__file__).parents[3]
OWN_ROUNDING = re.compile(r":[+]?\.[12]f|\.[0-9]%|(?<![\w.])round\(")
"""Python's: to the even digit, of what a binary float holds."""
FREE = {"bot/rules/numbers.py", "judge/numbers.py"}
"""They take the noise of floats away."""


@pytest.mark.parametrize(
    ("value", "places", "said"),
    [(3.125, 2, "3.13"), (3.875, 2, "3.88"), (2.675, 2, "2.68"), (3.75, 1, "3.8"), (1.25, 1, "1.3"), (80.25, 1, "80.3"), (4, 2, "4.00")],
)  # fmt: skip
def test_a_half_goes_up(value: float, places: int, said: str) -> None:
    """Whatever digit is before it, and whatever a binary float holds for it."""
    assert said == spelled(value, places)


@given(st.lists(st.tuples(*[st.integers(1, 5)] * 3), min_size=1, max_size=12), st.sampled_from([1, 1.5, 2, 0.25]))
def test_a_score_is_what_a_calculator_says(ratings: list[tuple[int, int, int]], weight: float) -> None:
    """The exact mean of means, to two places, in whatever order the judges came."""
    first, *others = DEFAULT.criteria
    scheme = Scheme((Criterion(first.key, first.title, first.question, weight), *others), DEFAULT.titles)
    means = [scheme.mean(dict(zip(scheme.keys, scores, strict=True))) for scores in ratings]
    parts = [Fraction(weight), Fraction(1), Fraction(1)]
    exact = sum(
        (sum(map(Fraction.__mul__, parts, map(Fraction, scores))) / sum(parts) for scores in ratings), Fraction()
    ) / len(ratings)
    halves_up = int(exact * 100 + Fraction(1, 2))
    assert halves_up == round(mean_of_means(means) * 100) == round(mean_of_means(means[::-1]) * 100)


def test_what_looks_alike_shares_a_place() -> None:
    """3.3333 of three judges and 3.3329 of many are both 3.33: nobody could see why one is before the other."""
    scores = [mean_of_means(means) for means in ((3, 3, 4), (3.3329,), (3.335,))]
    order = standings([Entry(str(score), score) for score in scores])
    assert [(1, "3.34"), (2, "3.33"), (2, "3.33")] == [(each.place, spelled(each.entry.score)) for each in order]


def test_the_judge_and_the_bot_round_alike() -> None:
    """Every score with up to two digits after the point, by the one and by the other; two libraries that know nothing of each other."""
    scores = [whole / 100 for whole in range(10_001)]
    assert [decimal(each, 1) for each in scores] == [judges.decimal(each, 1) for each in scores]
    assert [percent(each / 10) for each in scores] == [judges.percent(each / 10) for each in scores]
    assert ["13%", "4%"] == [percent(0.125), percent(0.0449)]
    assert [80.3, 80.2] == [shown_score(80.25), shown_score(80.2499)]


def test_halves_of_all_that_judges_can_give() -> None:
    """All that up to four judges can give on one criterion: a half is never lost."""
    for number in (1, 2, 4):
        for scores in combinations_with_replacement(range(1, 6), number):
            exact = Fraction(sum(scores), number)
            assert int(exact * 10 + Fraction(1, 2)) == int(decimal(sum(scores) / number, 1) * 10)


def test_nobody_rounds_in_a_way_of_their_own() -> None:
    """No view, letter, picture or command writes a number by Python's own rounding."""
    files = [
        path
        for folder in ("bot", "handlers")
        for path in (ROOT / folder).rglob("*.py")
        if "sandbox" not in path.parts and path.relative_to(ROOT).as_posix() not in FREE
    ]
    files += [ROOT / "judge" / f"{name}.py" for name in ("chart", "verdict", "explain", "sidebyside")]
    lines = [(path.name, line) for path in files for line in path.read_text(encoding="utf-8").splitlines()]
    assert [] == [found for found in lines if OWN_ROUNDING.search(found[1]) and "█" not in found[1]]
