"""Special awards: rules over what is stored."""

from __future__ import annotations

from statistics import fmean

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.awards import FEWEST, SHARED_AT_MOST, Award, AwardKind, Entrant, Heard, special

CRITERIA = 3


@st.composite
def endings(draw: st.DrawFn) -> tuple[list[Entrant], list[Heard], int]:
    """A contest of up to eight compositions and five judges, who may share places and have heard anything."""
    number = draw(st.integers(0, 8))
    ai = st.lists(st.floats(0, 100), min_size=1, max_size=3).map(tuple)
    place = st.one_of(st.none(), st.integers(1, 8))
    entrants = [Entrant(f"piece-{at}", draw(place), draw(place), draw(ai)) for at in range(number)]
    heard = []
    for entrant in entrants:
        for judge in draw(st.sets(st.sampled_from("abcde"))):
            scores = tuple(float(draw(st.integers(1, 5))) for _ in range(CRITERIA))
            heard.append(Heard(judge, entrant.key, scores, fmean(scores)))
    return entrants, heard, draw(st.integers(1, 3))


def awards(entrants: list[Entrant], heard: list[Heard], podium: int = 3) -> dict[AwardKind, Award]:
    return {each.kind: each for each in special(entrants, heard, podium=podium, criteria=CRITERIA)}


@given(endings())
def test_each_award_has_winners_or_a_reason(ending: tuple[list[Entrant], list[Heard], int]) -> None:
    """Never both, and never more winners than an award can bear; each award stands there, in order."""
    entrants, heard, podium = ending
    found = special(entrants, heard, podium=podium, criteria=CRITERIA)
    assert list(AwardKind) == [each.kind for each in found]
    for award in found:
        assert bool(award.winners) != bool(award.nobody)
        assert len(award.winners) <= SHARED_AT_MOST
        assert len(set(award.winners)) == len(award.winners)


@given(endings())
def test_winners_are_of_the_contest(ending: tuple[list[Entrant], list[Heard], int]) -> None:
    """Compositions get all but the golden ear, which a judge gets; and a specialist is never on the podium."""
    entrants, heard, podium = ending
    found = awards(entrants, heard, podium)
    places = {each.key: each.place for each in entrants}
    assert set(found[AwardKind.EAR].winners) <= {each.judge for each in heard}
    for kind in set(AwardKind) - {AwardKind.EAR}:
        assert set(found[kind].winners) <= set(places)
    assert all((places[key] or 0) > podium for key in found[AwardKind.SPECIALIST].winners)


@given(endings(), st.randoms())
def test_the_order_of_what_is_stored_changes_nothing(
    ending: tuple[list[Entrant], list[Heard], int], chance: st.DrawFn
) -> None:
    """Rows come back from a database in any order."""
    entrants, heard, podium = ending
    before = special(entrants, heard, podium=podium, criteria=CRITERIA)
    chance.shuffle(entrants)  # type: ignore[attr-defined]
    chance.shuffle(heard)  # type: ignore[attr-defined]
    after = special(entrants, heard, podium=podium, criteria=CRITERIA)
    assert before == after


@given(endings())
def test_nobody_off_the_podium_has_a_higher_mean_than_the_specialist(
    ending: tuple[list[Entrant], list[Heard], int],
) -> None:
    """On any criterion."""
    entrants, heard, podium = ending
    award = awards(entrants, heard, podium)[AwardKind.SPECIALIST]
    off = {each.key for each in entrants if each.place is not None and each.place > podium}
    for key in off if award.winners else ():
        theirs = [each.scores for each in heard if each.entry == key]
        assert all(fmean(column) <= award.value + 0.005 for column in zip(*theirs, strict=True))


def rated(entry: str, *scores: tuple[int, int, int]) -> list[Heard]:
    """By judges a, b, c ..."""
    return [
        Heard(judge, entry, tuple(map(float, each)), fmean(each)) for judge, each in zip("abcdef", scores, strict=False)
    ]


def entrant(key: str, place: int | None, ai_place: int | None = None, *ai_scores: float) -> Entrant:
    return Entrant(key, place, ai_place, ai_scores)


def test_the_specialist_is_best_at_one_thing() -> None:
    """The winner of all is better still, and is on the podium."""
    entrants = [entrant("first", 1), entrant("second", 2), entrant("third", 3)]
    heard = [*rated("first", (5, 5, 5)), *rated("second", (1, 5, 1)), *rated("third", (2, 2, 4))]
    award = awards(entrants, heard, podium=1)[AwardKind.SPECIALIST]
    assert Award(AwardKind.SPECIALIST, ("second",), 5.0, 1) == award


def test_the_talk_of_the_jury_is_what_divides_it() -> None:
    """Three who give 1, 3 and 5 are further apart than three who give 3, 4 and 3."""
    heard = [
        *rated("calm", (3, 3, 3), (4, 4, 4), (3, 3, 3)),
        *rated("wild", (1, 1, 1), (3, 3, 3), (5, 5, 5)),
        *rated("two judges only", (1, 1, 1), (5, 5, 5)),
    ]
    entrants = [entrant("calm", 1), entrant("wild", 2), entrant("two judges only", 3)]
    assert ("wild",) == awards(entrants, heard)[AwardKind.TALK].winners


def test_human_against_machine_goes_to_the_largest_gap_whichever_way_it_goes() -> None:
    """Two that are as far apart share it."""
    entrants = [entrant("loved", 1, 5), entrant("between", 3, 3), entrant("machine's", 5, 1)]
    assert Award(AwardKind.MACHINE, ("loved", "machine's"), 4.0) == awards(entrants, [])[AwardKind.MACHINE]


def test_the_most_improved_is_counted_from_the_first_version_to_the_last() -> None:
    """What was better in between counts for nothing, and who got worse gets nothing."""
    entrants = [
        entrant("slow", 1, 1, 40.0, 90.0, 55.0),
        entrant("fast", 2, 2, 20.0, 60.0),
        entrant("worse", 3, 3, 70.0, 10.0),
        entrant("once", 4, 4, 99.0),
    ]
    assert Award(AwardKind.IMPROVED, ("fast",), 40.0) == awards(entrants, [])[AwardKind.IMPROVED]


def test_the_golden_ear_is_closest_to_the_others() -> None:
    """Beside the mean of the others, not beside one that the judge is part of."""
    heard = [
        each
        for number in range(FEWEST)
        for each in rated(f"piece-{number}", (3, 3, 3), (3, 3, 3), (3, 3, 3), (5, 5, 5))
    ]
    # d gives 5 where the others give 3; b is where the middle is in one piece more.
    heard += rated("more", (1, 1, 1), (2, 2, 2), (3, 3, 3))
    entrants = [entrant(f"piece-{number}", number + 1) for number in range(FEWEST)] + [entrant("more", 4)]
    award = awards(entrants, heard)[AwardKind.EAR]
    assert ("b",) == award.winners
    assert 0.5 == award.value


@pytest.mark.parametrize("kind", AwardKind)
def test_an_empty_contest_gives_nothing_and_says_why(kind: AwardKind) -> None:
    """As a sentence."""
    award = awards([], [])[kind]
    assert () == award.winners
    assert award.nobody.endswith(".")


def test_what_everybody_shares_nobody_gets() -> None:
    """Five with the same gap."""
    entrants = [entrant(f"piece-{number}", 1, 2) for number in range(SHARED_AT_MOST + 1)]
    assert "4 would share it, which distinguishes nobody." == awards(entrants, [])[AwardKind.MACHINE].nobody
