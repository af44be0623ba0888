"""The run of show, and the clicks that lead through it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.awards import Award, AwardKind
from bot.rules.ceremony import Act, Move, MoveError, Position, Step, dump, load, moved, run_of_show

BOARD = [(1, "a"), (2, "b"), (3, "c"), (3, "d"), (5, "e")]
AWARDS = (Award(AwardKind.TALK, ("b",), 1.2), Award(AwardKind.EAR, (), nobody="Too few judges."))


def test_the_machine_comes_first_and_the_first_place_last() -> None:
    """Each podium from below; who shares a place is called up together, and an award that nobody gets is no step."""
    steps = run_of_show(BOARD, AWARDS, BOARD[:2], 3)
    assert (
        Step(Act.WELCOME),
        Step(Act.AI, ("c", "d"), 3),
        Step(Act.AI, ("b",), 2),
        Step(Act.AI, ("a",), 1),
        Step(Act.AWARD, ("b",), award=AwardKind.TALK),
        Step(Act.MAIN, ("b",), 2),
        Step(Act.MAIN, ("a",), 1),
    ) == steps


def test_a_contest_with_nothing_in_it_still_has_a_welcome() -> None:
    """And nothing else."""
    assert (Step(Act.WELCOME),) == run_of_show([], (), [], 3)


def test_steps_come_back_from_the_database_as_they_were() -> None:
    """As plain values in between."""
    steps = run_of_show(BOARD, AWARDS, BOARD, 3)
    assert steps == load(dump(steps))


@given(st.integers(1, 6), st.lists(st.sampled_from(Move), max_size=40))
def test_however_a_presenter_clicks_each_step_is_shown_once_and_in_order(steps: int, clicks: list[Move]) -> None:
    """What was shown never becomes less, nothing is left out, and nobody leaves the show at either end."""
    position, shown = Position(), []
    for click in clicks:
        before = position
        try:
            position = moved(position, click, steps)
        except MoveError:
            continue
        if position.shown > before.shown:
            shown.append(position.shown)
        assert 0 <= position.at <= position.shown <= steps
        assert not (before.paused and position.at != before.at)
    assert list(range(1, len(shown) + 1)) == shown


@pytest.mark.parametrize(
    ("position", "move", "said"),
    [
        (Position(), Move.BACK, "first step"),
        (Position(1, 1), Move.BACK, "first step"),
        (Position(4, 4), Move.NEXT, "last step"),
        (Position(2, 2, paused=True), Move.NEXT, "Go on"),
        (Position(2, 2, paused=True), Move.PAUSE, "already"),
        (Position(2, 2), Move.RESUME, "does not pause"),
    ],
)
def test_a_click_that_leads_nowhere_says_why(position: Position, move: Move, said: str) -> None:
    """In a sentence for whoever pressed."""
    with pytest.raises(MoveError, match=said):
        moved(position, move, 4)


def test_going_back_and_on_shows_nothing_twice() -> None:
    """The channel has seen it."""
    position = Position(3, 3)
    for move in (Move.BACK, Move.BACK, Move.NEXT, Move.NEXT):
        position = moved(position, move, 4)
        assert 3 == position.shown
    assert Position(4, 4) == moved(position, Move.NEXT, 4)
