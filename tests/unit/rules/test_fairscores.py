"""Fair scores: what a mixed model says of an entry, and what it must not say."""

from __future__ import annotations

import math
import warnings
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.rules.caveats import Caveat
from bot.rules.fairscores import Fair, Observation, closest_to_the_cut, fair, panels
from bot.rules.numbers import decimal


def a_panel(
    entries: int, judges: int, each: int, *, seed: int = 1, finalists: int = 0, leniency: float = 0.5
) -> list[Observation]:
    """Ratings as people give them: entries and judges differ, nobody hears everything, a final is judged more strictly."""
    lots = np.random.default_rng(seed)
    worth, lenient = lots.normal(0, 0.6, entries), lots.normal(0, leniency, judges)

    def rate(entry: int, judge: int, level: float, round_: str) -> Observation:
        score = level + worth[entry] + lenient[judge] + lots.normal(0, 0.6)
        return Observation(f"entry {entry:03}", f"judge {judge}", float(score), round_)

    def heard(entry: int, level: float, round_: str) -> list[Observation]:
        return [rate(entry, int(judge), level, round_) for judge in lots.choice(judges, each, replace=False)]

    first = [one for entry in range(entries) for one in heard(entry, 3.0, "preliminary")]
    best = np.argsort(-worth)[:finalists]
    return first + [one for entry in best for one in heard(int(entry), 2.6, "final")]


def scores(found: Fair) -> dict[str, float]:
    """By entry."""
    return {each.entry: each.score for each in found.scores}


@pytest.mark.parametrize(
    ("entries", "judges", "each", "seed", "finalists"),
    [(20, 5, 3, 1, 0), (30, 6, 3, 2, 0), (24, 6, 3, 3, 8), (30, 6, 6, 4, 0), (15, 4, 2, 5, 5)],
)
def test_it_is_what_statsmodels_finds(entries: int, judges: int, each: int, seed: int, finalists: int) -> None:
    """Another program's mixed model: predictions, leniency and variances agree, with one round and with two."""
    import pandas as pd  # noqa: PLC0415 - a second each, which only this test needs
    import statsmodels.formula.api as smf  # noqa: PLC0415

    given = a_panel(entries, judges, each, seed=seed, finalists=finalists)
    table = pd.DataFrame(given).assign(all="one")
    model = smf.mixedlm(
        "score ~ C(round)" if finalists else "score ~ 1",
        table,
        groups="all",
        vc_formula={"entry": "0 + C(entry)", "judge": "0 + C(judge)"},
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = model.fit(reml=True, method=["bfgs", "nm"], gtol=1e-10, xtol=1e-10, maxiter=5000)
    effects = {name.split("[", 1)[1]: float(value) for name, value in theirs.random_effects["one"].items()}
    ours = fair(given)
    variances = ours.variances
    assert variances is not None

    def of(name: str) -> float:
        return next(value for key, value in effects.items() if name in key)

    worth = scores(ours)
    middle, their_middle = np.mean(list(worth.values())), np.mean([of(entry) for entry in worth])
    for entry, score in worth.items():
        assert score - middle == pytest.approx(of(entry) - their_middle, abs=1e-4)
    for judge, leniency in ours.leniency.items():
        assert leniency.points == pytest.approx(of(judge), abs=1e-4)
    expected = [*(theirs.vcomp), theirs.scale]
    assert [variances.entries, variances.judges, variances.noise] == pytest.approx(expected, abs=1e-4)


def test_where_all_hear_all_the_order_is_that_of_the_plain_means() -> None:
    """A complete panel needs no model: it changes distances, and no place."""
    given = a_panel(25, 6, 6, leniency=1.0)
    found = fair(given)
    assert [each.entry for each in found.scores] == sorted(
        (each.entry for each in found.scores), key=lambda entry: -{one.entry: one.raw for one in found.scores}[entry]
    )


def test_a_strict_judge_costs_nobody_a_place_where_all_hear_all() -> None:
    """One judge's shift, however large, changes no rank in a complete panel."""
    given = a_panel(25, 6, 6)
    shifted = [one._replace(score=one.score - 1.5) if one.judge == "judge 2" else one for one in given]
    assert [each.entry for each in fair(shifted).scores] == [each.entry for each in fair(given).scores]


def test_who_was_heard_by_the_strict_is_not_behind_for_it() -> None:
    """Two entries of equal worth, one heard by the lenient and one by the strict: the plain means are a point apart, the fair ones are not."""
    given = a_panel(40, 6, 3, leniency=0.0)
    strict = {f"judge {number}": -0.9 if number < 3 else 0.9 for number in range(6)}
    apart = [one._replace(score=one.score + strict[one.judge]) for one in given]
    fairly, plainly = scores(fair(apart)), {each.entry: each.raw for each in fair(apart).scores}
    true = scores(fair(given))
    off = {
        name: np.std([these[entry] - true[entry] for entry in true])
        for name, these in (("fair", fairly), ("raw", plainly))
    }
    assert off["fair"] < off["raw"] / 3


@given(seed=st.integers(0, 50), order=st.randoms(use_true_random=False))
@settings(max_examples=15, deadline=None)
def test_names_and_order_mean_nothing(seed: int, order: st.DataObject) -> None:
    """Other names for entries and judges, and other orders of the rows, change no score."""
    given = a_panel(12, 4, 3, seed=seed)
    before = scores(fair(given))
    renamed = [one._replace(entry=one.entry[::-1], judge=f"x{one.judge[::-1]}") for one in given]
    order.shuffle(renamed)  # type: ignore[attr-defined]
    after = scores(fair(renamed))
    assert {entry[::-1]: score for entry, score in after.items()} == pytest.approx(before, abs=1e-7)
    order.shuffle(given)  # type: ignore[attr-defined]
    assert fair(given) == fair(sorted(given))


def test_more_ratings_say_more_and_draw_less_to_the_middle() -> None:
    """Of two entries with the same plain mean far above the others, the one with more ratings is nearer to it, and better known."""
    given = [one for one in a_panel(30, 8, 3) if one.entry not in {"entry 000", "entry 001"}]
    few = [Observation("few", f"judge {number}", 4.6, "preliminary") for number in range(2)]
    many = [Observation("many", f"judge {number}", 4.6, "preliminary") for number in range(8)]
    by_entry = {each.entry: each for each in fair([*given, *few, *many]).scores}
    assert by_entry["many"].score > by_entry["few"].score
    assert by_entry["many"].error < by_entry["few"].error
    assert by_entry["few"].raw == pytest.approx(by_entry["many"].raw)


def test_chances_and_places_fit_each_other() -> None:
    """The chances of all add up to as many as there are places, and every likely place is within the field."""
    found = fair(a_panel(40, 6, 3), cut=15)
    assert sum(each.first for each in found.scores) == pytest.approx(1)
    assert sum(each.podium for each in found.scores) == pytest.approx(3)
    assert sum(each.within for each in found.scores) == pytest.approx(15)
    assert all(1 <= each.best <= each.worst <= 40 for each in found.scores)
    assert any(each.best < place < each.worst for place, each in enumerate(found.scores, start=1))
    assert fair(a_panel(40, 6, 3), cut=15, seed=7).scores[0].score == found.scores[0].score


def test_without_chances_the_scores_are_the_same() -> None:
    """Whoever asks for scores alone waits for no draws, and is told of no place."""
    with_them, without = fair(a_panel(20, 5, 3), cut=5), fair(a_panel(20, 5, 3), cut=5, chances=False)
    assert [(each.entry, each.score, each.error) for each in with_them.scores] == [
        (each.entry, each.score, each.error) for each in without.scores
    ]
    assert {(1, 20)} == {(each.best, each.worst) for each in without.scores}
    assert all(math.isnan(each.first) for each in without.scores)


def test_one_more_listen_goes_to_the_edge_of_the_cut() -> None:
    """Not to the best, not to the last; of two at the edge to the one that is known less; and to nothing that must not be heard."""
    found = fair(a_panel(40, 6, 3), cut=15)
    chosen = closest_to_the_cut(found.scores, 15, {each.entry for each in found.scores})
    place = [each.entry for each in found.scores].index(chosen or "")
    assert 10 <= place <= 19
    unsure = {each.entry: each.within for each in found.scores}
    assert 0.3 < unsure[chosen or ""] < 0.7
    few = found.scores[15]._replace(entry="less known", error=2 * found.scores[15].error)
    assert "less known" == closest_to_the_cut(
        [*found.scores[:15], few, *found.scores[15:]], 15, {"less known", few.entry, found.scores[15].entry}
    )
    allowed = {found.scores[0].entry, found.scores[-1].entry}
    assert closest_to_the_cut(found.scores, 15, allowed) in allowed
    assert closest_to_the_cut(found.scores, 15, set()) is None
    assert closest_to_the_cut(found.scores, 40, allowed) == min(allowed)


def test_the_ranges_hold_what_they_promise() -> None:
    """Of true places, 85 to 95 of 100 lie within the range that says 90 (300 entries of 10 made-up contests)."""
    inside = []
    for seed in range(10):
        lots = np.random.default_rng(seed)
        worth = lots.normal(0, 0.6, 30)
        true = {f"entry {entry:03}": int((worth > worth[entry]).sum()) + 1 for entry in range(30)}
        # ``a_panel`` draws the same worths first from the same seed.
        found = fair(a_panel(30, 6, 4, seed=seed))
        inside += [each.best <= true[each.entry] <= each.worst for each in found.scores]
    assert 0.85 <= np.mean(inside) <= 0.95


@pytest.mark.parametrize(
    ("given", "caveat"),
    [
        ([], Caveat.NO_RATINGS),
        ([Observation("a", "x", 4)], Caveat.ALL_ALIKE),
        ([Observation(entry, judge, 5) for entry in "abc" for judge in "xyz"], Caveat.ALL_ALIKE),
        (
            [Observation(entry, "x", score) for entry, score in zip("abc", (1, 3, 5), strict=True)],
            Caveat.ONE_RATING_EACH,
        ),
        ([Observation(e, j, s) for e, j, s in (("a", "x", 1), ("b", "y", 3), ("c", "x", 4))], Caveat.ONE_RATING_EACH),
    ],
)
def test_where_there_is_no_telling_it_says_so(given: list[Observation], caveat: Caveat) -> None:
    """No ratings, only fives, one judge, one rating each: plain means and a reason, and no exception."""
    found = fair(given, cut=2)
    assert found.caveats == (caveat,)
    assert found.variances is None
    assert [each.score for each in found.scores] == sorted((each.raw for each in found.scores), reverse=True)
    assert all(math.isnan(each.error) and each.best == 1 for each in found.scores)


def test_one_judge_of_two_rounds_is_no_panel() -> None:
    """Whoever judges alone cannot be told from the entries; the model goes without leniency."""
    lots = np.random.default_rng(3)
    worth = lots.normal(0, 1, 12)
    given = [
        Observation(f"e{at}", "x", float(3 + worth[at] + lots.normal(0, 0.3)), r) for r in "pf" for at in range(12)
    ]
    found = fair(given)
    assert Caveat.ONE_JUDGE in found.caveats
    assert found.leniency == {}
    assert found.variances is not None


def test_it_says_where_the_entries_do_not_differ() -> None:
    """Each entry gets a 1, a 3 and a 5: there is no better and no worse, and all are drawn together."""
    given = [Observation(f"e{at}", f"j{judge}", 1 + 2 * ((at + judge) % 3)) for at in range(30) for judge in range(3)]
    given.append(Observation("e0", "j3", 3.5))
    found = fair(given)
    assert Caveat.NO_DIFFERENCE in found.caveats
    assert np.ptp([each.score for each in found.scores]) < 0.03


@given(seed=st.integers(0, 300), judges=st.integers(1, 9), worth=st.sampled_from([0.0, 0.1, 0.6]))
@settings(max_examples=60, deadline=None)
def test_where_all_hear_all_no_place_is_lost_by_rounding(seed: int, judges: int, worth: float) -> None:
    """Of whole scores in three criteria, as they are read, to two places: however little the entries differ, no better mean stands behind or beside a worse one."""
    lots = np.random.default_rng(seed)
    entries, lenient = lots.normal(0, worth, 9), lots.normal(0, 0.5, judges)
    given = []
    for entry in range(9):
        for judge in range(judges):
            scores = np.clip(np.rint(3 + entries[entry] + lenient[judge] + lots.normal(0, 0.6, 3)), 1, 5)
            given.append(Observation(f"e{entry}", f"j{judge}", float(scores.mean())))
    read = [(decimal(each.score), decimal(each.raw, 6)) for each in fair(given).scores]
    assert read == sorted(read, key=lambda each: -each[1])
    assert all((one[0] > other[0]) == (one[1] > other[1]) for one, other in pairwise(read))


def test_those_of_one_field_stand_before_those_of_the_next() -> None:
    """Finalists before the others, whatever the scores say; who is in no field has no place, and takes none from anybody."""
    given = a_panel(20, 5, 3)
    plain = fair(given, cut=5)
    order = [each.entry for each in plain.scores]
    gone, last, others = order[:2], order[10:14], [*order[2:10], *order[14:]]
    found = {each.entry: each for each in fair(given, cut=5, fields=(last, others)).scores}
    assert {each.entry: each.score for each in plain.scores} == {entry: each.score for entry, each in found.items()}
    assert all(1 <= found[entry].best <= found[entry].worst <= 4 for entry in last)
    assert all(5 <= found[entry].best <= found[entry].worst <= 18 for entry in others)
    assert {(0, 0, 0.0)} == {(found[entry].best, found[entry].worst, found[entry].within) for entry in gone}
    assert sum(found[entry].first for entry in last) == pytest.approx(1)
    assert sum(found[entry].within for entry in others) == pytest.approx(1)


def test_places_are_left_for_those_who_come_in_between() -> None:
    """So that nobody's range begins before the places that are kept; nor does the chance of one of these remain."""
    given = a_panel(20, 6, 4)
    order = [each.entry for each in fair(given).scores]
    last, others = order[:2], order[2:]
    for some in (given, given[:1]):
        found = {each.entry: each for each in fair(some, cut=5, fields=(last, others), before=(0, 5)).scores}
        assert all(found[entry].best >= 6 for entry in others if entry in found)
    found = {each.entry: each for each in fair(given, cut=5, fields=(last, others), before=(0, 5)).scores}
    assert {(0.0, 0.0)} == {(found[entry].podium, found[entry].within) for entry in others}
    assert max(found[entry].worst for entry in others) <= 23


def test_a_chance_of_the_right_order_is_that_of_the_draws() -> None:
    """Of two entries, reckoned and drawn; the other way round it is the rest; where nothing can be told it is no number."""
    given = a_panel(25, 6, 5)
    found = fair(given)
    pair = [each.entry for each in found.scores[4:6]]
    drawn = {each.entry: each for each in fair(given, fields=(pair,)).scores}
    assert found.ahead(*pair) == pytest.approx(drawn[pair[0]].first, abs=0.04)
    assert found.ahead(*pair) + found.ahead(*reversed(pair)) == pytest.approx(1)
    assert found.ahead(found.scores[0].entry, found.scores[-1].entry) > 0.95
    assert math.isnan(fair(given[:1]).ahead("a", "b"))


@given(
    st.lists(
        st.tuples(st.sampled_from("abcd"), st.sampled_from("xyz"), st.sampled_from("pf"), st.integers(1, 5)),
        max_size=12,
        unique_by=lambda one: one[:3],
    )
)
@settings(max_examples=200, deadline=None)
def test_whatever_was_rated_there_is_an_answer(rows: list[tuple[str, str, str, int]]) -> None:
    """Few ratings in any arrangement, one round or two: every entry has a score, and nothing is raised or warned of."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = fair([Observation(entry, judge, score, round_) for entry, judge, round_, score in rows], cut=2)
    assert {each.entry for each in found.scores} == {entry for entry, *_ in rows}
    assert all(-1 < each.score < 7 and 1 <= each.best <= each.worst <= len(found.scores) for each in found.scores)
    assert bool(rows) or found.caveats


def test_it_says_where_judges_share_nothing() -> None:
    """Two panels that have no entry in common are compared by luck of the lots alone."""
    one = a_panel(10, 3, 2, seed=1)
    two = [
        each._replace(entry=f"other {each.entry}", judge=f"other {each.judge}") for each in a_panel(10, 3, 2, seed=2)
    ]
    assert Caveat.APART in fair([*one, *two]).caveats
    assert Caveat.APART not in fair(one).caveats


def test_all_that_fits_to_the_last_digit_is_taken(recwarn: pytest.WarningsRecorder) -> None:
    """Judges who differ by a constant and agree in everything else: no noise at all."""
    given = [Observation(f"e{at}", f"j{judge}", 1 + at / 4 + judge / 2) for at in range(9) for judge in range(4)]
    found = fair(given)
    assert [each.entry for each in found.scores] == [f"e{at}" for at in range(8, -1, -1)]
    assert all(each.best == each.worst == place for place, each in enumerate(found.scores, start=1))
    assert not recwarn.list


def test_panels_are_found_by_what_they_share() -> None:
    """A chain is one panel; who shares nothing is one alone."""
    shared = np.zeros((5, 5))
    for one, two in ((0, 1), (1, 2), (3, 3)):
        shared[one, two] = shared[two, one] = 2
    assert panels(shared) == [[0, 1, 2], [3], [4]]
