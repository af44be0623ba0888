"""What the fairness report says, at the edges of each figure."""

from __future__ import annotations

import pytest

from bot.rules.agreement import Alike, Alpha, Drift
from bot.rules.fairreport import (
    UNKNOWN,
    Finding,
    Lenience,
    agreed,
    conflicting,
    covered,
    drifted,
    lenient,
    machine,
    shared,
    unusual,
    verdict,
    without_one,
)


@pytest.mark.parametrize(
    ("ratings", "floor", "figure", "look", "words"),
    [
        ([], None, "0", True, "Nobody has rated"),
        ([0, 0], 2, "0", True, "Nobody has rated"),
        ([2, 2], 2, "2", False, "None stayed below"),
        ([1, 3, 3], 2, "1 to 3", True, "1 composition stayed below the 2"),
        ([0, 3], None, "0 to 3", True, "1 composition got none"),
    ],
)
def test_who_was_heard(ratings: list[int], floor: int | None, figure: str, *, look: bool, words: str) -> None:
    """Below the floor somebody has to look."""
    found = covered(ratings, floor, 3)
    assert (figure, look) == (found.figure, found.look)
    assert words in found.sentence


@pytest.mark.parametrize(
    ("value", "words", "look"),
    [(0.9, "well", False), (0.5, "as juries of music do", False), (0.2, "a little", False), (0.0, "hardly", True)],
)
def test_how_far_judges_agree(value: float, words: str, *, look: bool) -> None:
    """The figure has its sentence."""
    found = agreed(Alpha(value, value - 0.1, value + 0.05))
    assert words in found.sentence
    assert (f"{value:.2f}", look) == (found.figure, found.look)


def test_strict_judges_matter_where_means_count() -> None:
    """Fair scores even it out; bars begin in the middle."""
    rows = [Lenience("b", -0.7, 0.1, 4), Lenience("a", 0.6, 0.2, 4)]
    fair, plain = lenient(rows, evened=True), lenient(rows, evened=False)
    assert ("1.30", False, True) == (fair.figure, fair.look, plain.look)
    assert [("a", "+0.60 ± 0.20"), ("b", "-0.70 ± 0.10")] == [(bar.label, bar.words) for bar in fair.bars]
    assert fair.bars[0].begin == fair.bars[1].end == 0.5
    assert all(0 <= bar.begin <= bar.end <= 1 for bar in fair.bars)


def test_whether_one_judge_decides() -> None:
    """Another first without one of them is told by name."""
    alone = without_one(["x"], {"a": ["x"], "b": ["y"], "c": ["x"]})
    assert ("1 of 3", True) == (alone.figure, alone.look)
    assert "Without b alone" in alone.sentence
    assert ("0 of 2", False) == ((sure := without_one(["x"], {"a": ["x"], "b": ["x"]})).figure, sure.look)


def test_the_hour_counts_where_it_is_no_chance() -> None:
    """Half a point that chance does not do."""
    assert drifted(Drift(0.6, 0.1)).look
    assert not drifted(Drift(0.6, 0.5)).look
    assert "less" in drifted(Drift(-0.2, 0.01)).sentence


def test_what_cannot_be_told_says_so() -> None:
    """One sentence each, and nothing to look at."""
    found = [agreed(None), lenient([], evened=True), without_one([], {}), drifted(None), machine(None, 0)]
    assert {(UNKNOWN, False, "no telling yet")} == {(each.figure, each.look, each.tone) for each in found}
    assert all(each.sentence.endswith(".") for each in found)


def test_what_was_decided_by_hand() -> None:
    """With the reasons that were given for the whole contest."""
    assert "no exception" in unusual([], []).sentence
    found = unusual([("late compositions let in", 2), ("more time for one person", 1)], ["Two judges were ill."])
    assert ("3", True) == (found.figure, found.look)
    assert "Late compositions let in: 2" in found.sentence
    assert "Two judges were ill." in found.sentence
    assert unusual([("a judge's ratings taken out", 1)], []).look
    assert not unusual([("more time for one person", 1)], []).look
    assert not conflicting(2, 1).look


@pytest.mark.parametrize(
    ("value", "words"), [(0.8, "nearly"), (0.4, "in part"), (0.0, "nothing to do"), (-0.9, "least")]
)
def test_people_beside_the_machine(value: float, words: str) -> None:
    """It is never part of a score, and says so."""
    assert words in machine(Alike(value, value - 0.1, value + 0.1), 20).sentence
    assert "not part of any score" in machine(Alike(value, value - 0.1, value + 0.1), 20).sentence


def test_all_of_it_in_a_sentence() -> None:
    """What is to be looked at, by name."""
    assert verdict([agreed(None)]) == "Nothing here speaks against the result. Of 1 thing there is no telling."
    assert "who was heard" in verdict([covered([1], 2, 1), agreed(None)])


JUDGES = ("judge-one", "judge-two", "judge-three")


def about_judges(*, public: bool) -> list[Finding]:
    """All that could name one."""
    return [
        shared(dict.fromkeys(JUDGES, 4), public=public),
        lenient([Lenience(each, at - 1.0, 0.2, 4) for at, each in enumerate(JUDGES)], evened=True, public=public),
        without_one(["sun"], {JUDGES[0]: ["rain"], JUDGES[1]: ["sun"], JUDGES[2]: ["sun"]}, public=public),
        unusual([("a round closed below the floor", 1)], ["judge-one was ill"], public=public),
    ]


def test_in_public_no_judge_is_told_from_another() -> None:
    """Neither by name, nor by a bar, nor in an organizer's words; the page of organizers has all of these."""
    told, hidden = (repr(about_judges(public=public)) for public in (False, True))
    assert all(each in told for each in JUDGES)
    assert not any(each in hidden for each in JUDGES)
    assert all(not each.bars for each in about_judges(public=True))


def test_nothing_at_all_has_a_sentence_each() -> None:
    """No ratings, no judges, no compositions."""
    findings = [
        covered([], None, 0), covered([0, 0], 2, 0), shared({}), agreed(None), lenient([], evened=True),
        without_one([], {}), drifted(None), conflicting(0, 0), unusual([], []), machine(None, 0),
    ]  # fmt: skip
    assert all(each.sentence.endswith(".") for each in findings)
    assert 6 == sum(each.figure == UNKNOWN for each in findings)
    assert "Nobody has rated" in findings[0].sentence


def test_one_judge_is_worth_a_look() -> None:
    """All of it hangs on one person."""
    assert shared({"a": 5}).look
    assert not shared({"a": 5, "b": 5}).look


def test_words_go_by_how_sure_a_figure_is() -> None:
    """A correlation that could be chance says nothing; one that could not, does."""
    assert "too few compositions" in machine(Alike(0.3, -0.4, 0.8), 8).sentence
    assert "agree in part" in machine(Alike(0.3, 0.1, 0.5), 80).sentence
    assert "hardly better than chance" in agreed(Alpha(0.05, -0.1, 0.2)).sentence
    assert "agree well" in agreed(Alpha(0.8, 0.7, 0.9)).sentence
    assert drifted(Drift(0.8, 0.1)).look
    assert not drifted(Drift(0.1, 0.1)).look
