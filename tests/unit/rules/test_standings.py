"""Places: with ties, over two rounds, and after somebody has left."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.rules.standings import (
    BoardMode,
    Entry,
    closed_up,
    in_two_rounds,
    moved,
    qualified,
    standings,
    stricter,
)

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
