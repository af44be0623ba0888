"""Further listens: where one more rating says most about who goes on."""

from __future__ import annotations

from collections import Counter
from math import inf

from bot.rules.adaptive import Known, Room, known, place
from bot.rules.fairscores import FairScore, Observation, fair

ERROR = 0.3


def a_score(entry: str, score: float, error: float = ERROR) -> FairScore:
    """Whose places and chances nobody asks for."""
    return FairScore(entry, score, error, score, 2, 1, 9, 0.0, 0.0, 0.0)


EVEN = Known(tuple(a_score(f"e{number}", 4 - number / 4) for number in range(9)), 0.3)
"""Nine entries, a quarter of a point from each to the next."""


def room(judge: str = "judge", pieces: int = 9, *, may: str = "012345678", load: int = 0, minutes: float = inf) -> Room:
    """A judge who may hear these; each takes a minute and a half."""
    return Room(judge, pieces, {f"e{each}": 90.0 for each in may}, load, 60 * minutes)


def entries(
    known: Known, cut: int, *rooms: Room, left: int = 99, on_the_way: dict[str, int] | None = None
) -> list[str]:
    """What is placed."""
    return [entry for _, entry in place(known, cut, on_the_way or {}, rooms, left)]


def test_what_is_closest_to_the_cut_comes_first() -> None:
    """Of nine of which three go on: the third and the fourth, then their neighbours; the last ones last."""
    order = entries(EVEN, 3, room())
    assert {"e2", "e3"} == set(order[:2])
    assert {"e1", "e4"} == set(order[2:4])
    assert ["e7", "e8"] == order[-2:]


def test_what_is_known_better_gains_less() -> None:
    """At the same distance from the cut the entry with the wider posterior is heard first."""
    scores = Known((a_score("a", 3.2, 0.2), a_score("b", 3.0, 0.5)), 0.3)
    assert "b" == entries(scores, 1, Room("judge", 1, {"a": 90.0, "b": 90.0}))[0]


def test_what_is_on_its_way_counts_as_heard() -> None:
    """Several judges with room are not all sent to the same piece."""
    rooms = [room(f"judge {number}", 1) for number in range(6)]
    times = Counter(entries(EVEN, 3, *rooms))
    assert {"e2", "e3"} == set(times)
    assert "e2" != entries(EVEN, 3, room(pieces=1), on_the_way={"e2": 4})[0]


def test_nobody_hears_what_they_may_not_or_have_no_time_for() -> None:
    """Nothing twice, nothing barred, no longer than they have, no more than they take at once, and no more than are left."""
    assert {"e7", "e8"} == set(entries(EVEN, 3, room(may="78")))
    assert 2 == len(entries(EVEN, 3, room(minutes=4)))
    assert 3 == len(entries(EVEN, 3, room(pieces=3)))
    assert 4 == len(entries(EVEN, 3, room(), left=4))
    assert [] == entries(EVEN, 3)


def test_whoever_has_least_comes_first() -> None:
    """With the last listen that is left."""
    assert [("quick", "e2")] == place(EVEN, 3, {}, [room("busy", load=9), room("quick", load=2)], 1)


def test_where_all_or_none_go_on_nothing_is_close() -> None:
    """And so nothing is placed."""
    for cut in (0, 9, 20):
        assert [] == entries(EVEN, cut, room())


def test_too_few_ratings_for_a_model_are_taken_by_what_is_usual() -> None:
    """One rating each, or all alike: highest first, unsure alike, and nothing is divided by nothing."""
    one_each = known(fair([Observation("a", "x", 2), Observation("b", "y", 5)]), {"a", "b"})
    assert ["b", "a"] == [each.entry for each in one_each.scores]
    assert one_each.scores[0].error == one_each.scores[1].error > 0
    alike = known(fair([Observation(entry, judge, 3) for entry in "ab" for judge in "xy"]), {"a", "b"})
    assert ["a", "b"] == [each.entry for each in alike.scores]
    assert [] == entries(known(fair([]), set()), 1, room())


def test_what_is_gone_is_placed_no_more() -> None:
    """It stays in the fit, since it says how strict its judges are."""
    found = fair([Observation(entry, judge, ord(entry) - 95 + (judge == "x") / 2) for entry in "abc" for judge in "xy"])
    assert {"a", "c"} == {each.entry for each in known(found, {"a", "c"}).scores}
