"""Who is behind, and who gives one score to all."""

from __future__ import annotations

import pytest

from bot.rules.habits import ENOUGH, is_behind, one_score


@pytest.mark.parametrize(
    ("own", "others", "behind"),
    [
        (0.1, (0.6, 0.7), True),
        (0.4, (0.6, 0.7), False),
        (0.0, (0.4, 0.4, 1.0), False),
        (0.0, (1.0,), False),
        (0.0, (), False),
        (0.49, (1.0, 1.0), True),
        (1.0, (1.0, 1.0), False),
    ],
)
def test_behind_is_who_has_done_less_than_half_of_what_the_others_have(
    own: float, others: tuple[float, ...], *, behind: bool
) -> None:
    """Once the middle one of the others is past the middle; of one other nobody can tell who is slow."""
    assert behind == is_behind(own, others)


def test_one_score_is_said_of_enough_ratings_only() -> None:
    """And where every criterion of every rating has it."""
    same = {"originality": 3.5, "balance": 3.5}
    assert one_score([same] * ENOUGH) == 3.5
    assert one_score([same] * (ENOUGH - 1)) is None
    assert one_score([*[same] * ENOUGH, {"originality": 3.5, "balance": 4}]) is None
    assert one_score([]) is None
