"""Places: with ties, over two rounds, and after somebody has left."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.standings import (
    LADDER,
    BoardMode,
    Entry,
    Standing,
    Step,
    band,
    closed_up,
    in_two_rounds,
    ladder,
    moved,
    qualified,
    range_closed_up,
    standings,
    stricter,
)

if TYPE_CHECKING:
    from random import Random

SCORES = st.lists(st.sampled_from([1.0, 2.0, 2.5, 3.0, 5.0]), max_size=12)


def entries(scores: list[float], prefix: str = "") -> list[Entry]:
    return [Entry(f"{prefix}{number:02d}", score, 1, f"{prefix}{number}") for number, score in enumerate(scores)]


@given(SCORES, SCORES, SCORES, st.integers(0, 5))
def test_finalists_stand_before_all_others_by_the_final_alone(
    final: list[float], unheard: list[float], others: list[float], waiting: int
) -> None:
    """Whatever the first round said; it places those whom the final did not, and the others begin behind all finalists."""
    finalists = len(final) + len(unheard) + waiting
    order = in_two_rounds(entries(final, "f"), entries(unheard, "u"), entries(others, "o"), finalists)
    assert standings(entries(final, "f")) == order[: len(final)]
    between = order[len(final) :][: len(unheard)]
    assert [(each.place + len(final), each.entry) for each in standings(entries(unheard, "u"))] == [
        (each.place, each.entry) for each in between
    ]
    behind = order[len(final) + len(unheard) :]
    assert [each.entry for each in standings(entries(others, "o"))] == [each.entry for each in behind]
    assert all(each.place > finalists for each in behind)
    assert not behind or behind[0].place == finalists + 1


@given(SCORES, st.integers(1, 15))
def test_all_that_tie_with_the_last_qualify(scores: list[float], wanted: int) -> None:
    """As many as wanted at least, where there are so many, and nobody who is behind the last of them."""
    order = standings(entries(scores))
    through = qualified(order, wanted)
    assert len(through) >= min(wanted, len(order))
    if len(order) > wanted:
        last = order[wanted - 1].entry.score
        assert [each for each in order if each.entry.score >= last] == list(through)


@given(SCORES, st.sets(st.integers(0, 11)))
def test_closing_up_gives_the_places_that_there_would_be_without_the_gone(
    scores: list[float], leaving: set[int]
) -> None:
    """The same as a new board of those who stay."""
    order = standings(entries(scores))
    keys = {str(number) for number in leaving}
    gone = sorted(each.place for each in order if each.entry.key in keys)
    stay = [each for each in order if each.entry.key not in keys]
    anew = standings([each.entry for each in stay])
    assert [each.place for each in anew] == [closed_up(each.place, gone) for each in stay]


ON_THE_LADDER = st.builds(
    ladder,
    st.lists(st.sampled_from([1, 2, 3, 4.5, 5]), min_size=2, max_size=2),
    st.sampled_from([3.0, 4.0]),
    st.sampled_from([3.5, 4.5]),
)
LADDERS = st.lists(st.tuples(st.sampled_from([3.0, 4.0]), ON_THE_LADDER), max_size=10)


def on_ladders(drawn: list[tuple[float, tuple[Any, ...]]]) -> list[Entry]:
    return [Entry(f"e{number}", score, 1, f"{number}", rungs) for number, (score, rungs) in enumerate(drawn)]


def above(one: Entry, other: Entry) -> bool:
    """Whether it is better: its score, and else the first step that differs."""
    if one.score != other.score:
        return one.score > other.score
    return [rung.value for rung in one.rungs] > [rung.value for rung in other.rungs]


@given(LADDERS, st.randoms(use_true_random=False))
def test_a_place_is_one_more_than_the_number_of_the_better_on_the_ladder(
    drawn: list[tuple[float, tuple[Any, ...]]], order: Random
) -> None:
    """Whoever came first: score, final, count-back and first criterion, and who is equal in all of them shares a place."""
    entries_ = on_ladders(drawn)
    placed = standings(entries_)
    for each in placed:
        assert each.place == 1 + sum(above(other, each.entry) for other in entries_)
    order.shuffle(entries_)
    assert standings(entries_) == placed


@given(LADDERS)
def test_what_decided_is_the_first_step_that_differs(drawn: list[tuple[float, tuple[Any, ...]]]) -> None:
    """Said of whoever is behind, and of those that share its place; and of nobody whose score decided."""
    placed = standings(on_ladders(drawn))
    for each in placed:
        better = [other.entry for other in placed if other.place < each.place]
        beaten_by = [other for other in better if other.score == each.entry.score]
        assert (each.decided is not None) == bool(beaten_by)
        if beaten_by:
            pairs = zip(beaten_by[-1].rungs, each.entry.rungs, strict=True)
            assert each.decided == next(mine.step for mine, theirs in pairs if mine != theirs)


@given(LADDERS, st.integers(1, 12))
def test_who_shares_the_last_place_that_goes_on_goes_on(
    drawn: list[tuple[float, tuple[Any, ...]]], wanted: int
) -> None:
    """And nobody who is behind it, be it by the last step."""
    order = standings(on_ladders(drawn))
    through = qualified(order, wanted)
    last: Standing | None = order[min(wanted, len(order)) - 1] if order else None
    assert through == tuple(each for each in order if last is not None and each.place <= last.place)


def test_the_ladder_step_by_step() -> None:
    """The final before the count-back; more 5s before more 4s, as parts of all scores, so that more ratings are no advantage; then the criterion."""
    assert LADDER == (Step.FINAL, Step.COUNT_BACK, Step.CRITERION)
    final = [Entry("a", 4.0, rungs=ladder([5, 3], 4.0, 3.9)), Entry("b", 4.0, rungs=ladder([4, 4], 3.0, 4.1))]
    assert [("b", None), ("a", Step.FINAL)] == [(each.entry.name, each.decided) for each in standings(final)]
    back = [Entry("a", 4.0, rungs=ladder([4, 4], 5.0)), Entry("b", 4.0, rungs=ladder([5, 3], 3.0))]
    assert [("b", None), ("a", Step.COUNT_BACK)] == [(each.entry.name, each.decided) for each in standings(back)]
    fours = [Entry("a", 4.0, rungs=ladder([5, 3, 3], 5.0)), Entry("b", 4.0, rungs=ladder([5, 4, 2], 3.0))]
    assert "b" == standings(fours)[0].entry.name
    twice = [Entry("a", 4.0, rungs=ladder([5, 3] * 2, 3.0)), Entry("b", 4.0, rungs=ladder([5, 3], 4.0))]
    assert [("b", None), ("a", Step.CRITERION)] == [(each.entry.name, each.decided) for each in standings(twice)]
    halves = [Entry("a", 4.0, rungs=ladder([4, 4], 4.0)), Entry("b", 4.0, rungs=ladder([4.5, 3.5], 4.0))]
    assert "b" == standings(halves)[0].entry.name
    equal = [Entry("a", 4.0, rungs=ladder([5, 3], 4.0, 4.0)), Entry("b", 4.0, rungs=ladder([3, 5], 4.0, 4.0))]
    assert [1, 1] == [each.place for each in standings(equal)]


def test_a_rise_is_above_zero_and_who_was_not_there_is_none() -> None:
    """From the fourth place to the first is three up."""
    before = {"a": 4, "b": 1, "c": 2}
    assert (3, -1, 0, None) == tuple(
        moved(before, key, place) for key, place in (("a", 1), ("b", 2), ("c", 2), ("d", 4))
    )


def test_the_stricter_mode_shows_less() -> None:
    """Hidden before ranks before full, whichever comes first."""
    hidden, ranks, full = BoardMode
    assert [hidden, hidden, ranks] == [stricter(full, hidden), stricter(hidden, ranks), stricter(ranks, full)]


@given(st.integers(1, 60), st.data())
def test_a_band_holds_the_place_and_nobody_is_told_to_be_last(total: int, data: st.DataObject) -> None:
    """Of more than three; and the upper half, like any podium, is told exactly."""
    place = data.draw(st.integers(1, total))
    first, last = band(place, total)
    assert 1 <= first <= place <= last <= total
    if place <= total / 2 or place <= 3:
        assert (place, place) == (first, last)
    if total > 3:
        assert (total, total) != band(total, total)
        assert last - first >= 2 or first == last


@pytest.mark.parametrize(
    ("span", "gone", "less", "place", "expected"),
    [
        ((2, 6), [1, 4], 0, 2, (1, 4)),
        ((1, 3), [2, 2, 2], 0, 2, (1, 2)),
        ((3, 5), [2, 2, 2], 1, 1, (1, 1)),
        ((4, 7), [], 2, 3, (2, 5)),
    ],
)
def test_ones_own_place_is_always_among_those_between_which_it_lies(
    span: tuple[int, int], gone: list[int], less: int, place: int, expected: tuple[int, int]
) -> None:
    """Where others leave, also several who shared a place."""
    assert expected == range_closed_up(*span, gone, less, place)
