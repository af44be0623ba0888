"""The coverage of a round: each window keeps Slack's limits, and says what it should."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.rules.phases import Phase, Round
from bot.usecases.boards.coverage import CoverageBoard, CoveredPiece
from bot.usecases.judging.habits import Habit
from handlers.boards.coverageviews import coverage
from tests.unit.handlers import samples
from tests.unit.handlers.block_kit import problems_of_view, words

PIECE = CoveredPiece("quiet heron", "Morning Tide by Ada", 1, 2, 3, 4, 3.125)
HABIT = Habit("U0JUDY", 3, 15, paused=True, behind=True, same=3.5, told_pace=True)
BOARD = CoverageBoard(
    contest_id="c1", contest_name="Winter Jam", channel_id="C0MUSIC", phase=Phase.JUDGING, round=Round.PRELIMINARY,
    pieces=(PIECE, replace(PIECE, ratings=3, place=None, score=None)), number=40, below=7, done=80, due=120, kept_blind=False,
    habits=(HABIT,), page=0, pages=2,
)  # fmt: skip


@pytest.mark.parametrize(
    "board",
    [
        BOARD,
        replace(
            BOARD, contest_name=samples.LONG, pieces=(replace(PIECE, alias=samples.LONG, byline=samples.LONG),) * 25
        ),
        replace(BOARD, habits=(HABIT,) * 90, kept_blind=True, pieces=()),
        replace(BOARD, phase=Phase.OPEN, pieces=(), habits=()),
        replace(BOARD, round=Round.FINAL, phase=Phase.FINAL, below=0),
    ],
)
def test_the_coverage_keeps_slacks_limits(board: CoverageBoard) -> None:
    """However many compositions and judges there are."""
    assert problems_of_view(coverage(board)) == []


def test_the_coverage_says_what_lacks_and_for_whom_it_is() -> None:
    """Numbers, places for organizers alone, and judges without a reproach."""
    said = words(coverage(BOARD))
    assert "*7 of 40* have fewer ratings than they should" in said
    assert (
        "🔸 *1 rating*, fewer than they should have\n•  *quiet heron*  ·  Morning Tide by Ada  ·  2 to come  ·  place 4 (3.13)"
        in said
    )
    assert "*3 ratings*\n•  *quiet heron*  ·  Morning Tide by Ada  ·  2 to come" in said
    assert "for organizers alone" in said
    assert "has rated 3 of 15, and pauses, while most are past the middle; I wrote to them" in said
    assert "gave 3.5 in everything, in 3 ratings" in said
    assert "for organizers alone" not in words(coverage(replace(BOARD, pieces=(), kept_blind=True)))
