"""Who hears what: enough judges for each entry, nobody too much, and a panel that hangs together."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from math import inf

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.rules.allocation import OVERHEAD, Pair, Task, allocate, connectivity, judges_needed


def a_task(entries: int, judges: int, each: int, *, minutes: float = inf, seed: str = "7") -> Task:
    """Entries of 20 seconds."""
    return Task(
        {f"entry {number:02}": 20.0 for number in range(entries)},
        {f"judge {number:02}": minutes for number in range(judges)},
        each,
        seed=seed,
    )


@st.composite
def tasks(draw: st.DrawFn) -> Task:
    """Small ones, with conflicts, limits, and something begun."""
    task = a_task(draw(st.integers(0, 9)), draw(st.integers(0, 6)), draw(st.integers(1, 4)))
    pairs = [(judge, entry) for judge in task.judges for entry in task.entries]
    some = st.frozensets(st.sampled_from(pairs), max_size=12) if pairs else st.just(frozenset[Pair]())
    conflicts = draw(some)
    limits = {judge: draw(st.sampled_from([1.4, 3.0, 5.4, inf])) for judge in task.judges}
    started = draw(some) | ({("who has left", next(iter(task.entries)))} if task.entries else set())
    seed = draw(st.sampled_from("abc"))
    return replace(task, judges=limits, conflicts=conflicts, started=started - conflicts, planned=draw(some), seed=seed)


@given(tasks())
@settings(deadline=None)
def test_nobody_hears_what_they_must_not(task: Task) -> None:
    """No conflict, nothing over the time that a judge has, and what was begun stays."""
    allocation = allocate(task)
    ours = {pair for pair in task.started if pair[0] in task.judges and pair[1] in task.entries}
    assert ours <= allocation.pairs
    assert not (allocation.pairs - ours) & task.conflicts
    for judge, minutes in task.judges.items():
        new = {entry for by, entry in allocation.pairs - ours if by == judge}
        assert not new or allocation.load[judge] <= minutes + 1e-9


@given(tasks())
@settings(deadline=None)
def test_what_lacks_judges_is_said_and_could_not_be_helped(task: Task) -> None:
    """Each entry has as many as it should or is named; and no other allocation would have given more."""
    allocation = allocate(task)
    gone = {pair for pair in task.started if pair[0] not in task.judges and pair[1] in task.entries}
    times = Counter(entry for _, entry in allocation.pairs | gone)
    for entry in task.entries:
        assert times[entry] + allocation.short.get(entry, 0) >= task.each
        assert entry not in allocation.short or times[entry] + allocation.short[entry] == task.each
    assert sum(allocation.short.values()) == _least_short(task)


@given(tasks(), st.data())
@settings(deadline=None)
def test_what_was_placed_besides_stays_with_its_judge_and_counts_for_nothing(task: Task, data: st.DataObject) -> None:
    """Each entry gets what it gets anyway, or is named; nobody hears a further one who may not, and none goes to anybody else."""
    pairs = sorted((judge, entry) for judge in task.judges for entry in task.entries)
    further = data.draw(st.frozensets(st.sampled_from(pairs), max_size=6)) if pairs else frozenset[Pair]()
    task = replace(task, planned=task.planned - further, further=further)
    allocation = allocate(task)
    assert allocation.further <= further
    ours = {pair for pair in task.started if pair[0] in task.judges and pair[1] in task.entries}
    assert ours <= allocation.pairs
    assert not (allocation.pairs - ours) & task.conflicts
    gone = {pair for pair in task.started if pair[0] not in task.judges and pair[1] in task.entries}
    times = Counter(entry for _, entry in (allocation.pairs | gone) - allocation.further)
    for entry in task.entries:
        assert times[entry] + allocation.short.get(entry, 0) >= task.each
        assert entry not in allocation.short or times[entry] + allocation.short[entry] == task.each
    for judge, minutes in task.judges.items():
        new = {entry for by, entry in allocation.pairs - ours if by == judge}
        assert not new or allocation.load[judge] <= minutes + 1e-9


def _least_short(task: Task) -> int:
    """The least ratings that have to lack, by a flow of another kind: one path after the other, begun pairs first."""
    begun = {pair for pair in task.started if pair[1] in task.entries}
    taken = Counter(judge for judge, _ in begun)
    places = {
        judge: max(0, int((60 * minutes) / (20 + OVERHEAD) + 1e-9) - taken[judge])
        if minutes < inf
        else len(task.entries)
        for judge, minutes in task.judges.items()
    }
    given: dict[str, list[str]] = {judge: [] for judge in task.judges}
    lacking = 0
    for entry in task.entries:
        wanted = max(0, task.each - sum(other == entry for _, other in begun))
        for _ in range(wanted):
            lacking += not _path(entry, given, places, task, set())
    return lacking


def _path(entry: str, given: dict[str, list[str]], places: dict[str, int], task: Task, seen: set[str]) -> bool:
    for judge, has in given.items():
        if judge in seen or entry in has or (judge, entry) in task.conflicts | task.started:
            continue
        seen.add(judge)
        if len(has) < places[judge]:
            has.append(entry)
            return True
        for other in list(has):
            if _path(other, given, places, task, seen):
                has.remove(other)
                has.append(entry)
                return True
    return False


@pytest.mark.parametrize(("entries", "judges", "each"), [(60, 8, 3), (15, 8, 8), (7, 3, 2), (100, 9, 2), (10, 12, 3)])
def test_the_load_is_even_and_the_panel_hangs_together(entries: int, judges: int, each: int) -> None:
    """Nobody hears more than one entry more than another, and all can be compared."""
    allocation = allocate(a_task(entries, judges, each))
    times = Counter(judge for judge, _ in allocation.pairs)
    assert max(times.values()) - min(times[f"judge {number:02}"] for number in range(judges)) <= 1
    assert allocation.is_whole
    assert allocation.connectivity > 0


def test_pairs_of_judges_are_mixed_as_well_as_can_be() -> None:
    """Each judge shares with each other nearly as much: the connectivity is within a twentieth of that of an even panel."""
    allocation = allocate(a_task(60, 8, 3))
    even = (
        60 * 3 * 2 / 7
    )  # each of 8 judges shares 2 of each of 22.5 entries, spread over 7 others, and lambda_2 is 8 times a weight
    assert allocation.connectivity > 0.95 * even


def test_the_same_seed_gives_the_same_allocation_and_another_one_another() -> None:
    """Anybody can draw the lots again; the order in which entries came changes nothing."""
    task = a_task(30, 6, 3)
    turned = replace(
        task, entries=dict(reversed(list(task.entries.items()))), judges=dict(reversed(list(task.judges.items())))
    )
    assert allocate(task) == allocate(turned)
    assert allocate(task).pairs != allocate(replace(task, seed="8")).pairs


def test_whoever_drops_out_moves_only_what_they_had_not_begun() -> None:
    """The others keep all they had; what the one who left had rated counts for its entry."""
    task = a_task(30, 6, 3)
    before = allocate(task)
    began = frozenset(sorted(pair for pair in before.pairs if pair[0] == "judge 02")[:4])
    left = {judge: limit for judge, limit in task.judges.items() if judge != "judge 02"}
    after = allocate(replace(task, judges=left, planned=before.pairs, started=began))
    others = {pair for pair in before.pairs if pair[0] != "judge 02"}
    assert not after.short
    assert others <= after.pairs
    times = Counter(entry for _, entry in after.pairs | began)
    assert set(times.values()) == {3}


def test_whoever_comes_late_gets_a_share_of_what_nobody_has_begun() -> None:
    """About as much as the others; what was begun stays where it is."""
    task = a_task(30, 5, 3)
    before = allocate(task)
    began = frozenset(sorted(before.pairs)[:30])
    after = allocate(replace(task, judges={**task.judges, "late": inf}, planned=before.pairs, started=began))
    times = Counter(judge for judge, _ in after.pairs)
    assert began <= after.pairs
    assert max(times.values()) - times["late"] <= max(
        2, max(Counter(judge for judge, _ in began).values()) - times["late"]
    )
    assert times["late"] >= 12
    assert set(Counter(entry for _, entry in after.pairs).values()) == {3}


def test_judges_who_cannot_share_anything_are_named_as_panels() -> None:
    """Two camps with conflicts against each other's entries: nobody can compare them, and the reason is there to be told."""
    task = a_task(8, 4, 2)
    camps = frozenset(
        (judge, entry)
        for judge in task.judges
        for entry in task.entries
        if (judge < "judge 02") != (entry < "entry 04")
    )
    allocation = allocate(replace(task, conflicts=camps))
    assert allocation.panels == (("judge 00", "judge 01"), ("judge 02", "judge 03"))
    assert allocation.connectivity == 0
    assert not allocation.is_whole


def test_connectivity_is_that_of_known_graphs() -> None:
    """Complete: the number of nodes; a path of three: 1; apart, alone or nobody: 0."""
    assert connectivity(np.ones((5, 5))) == pytest.approx(5)
    path = np.array([[0.0, 1, 0], [1, 0, 1], [0, 1, 0]])
    assert connectivity(path) == pytest.approx(1)
    assert connectivity(np.eye(3)) == 0
    assert [connectivity(np.ones((size, size))) for size in (0, 1)] == [0, 0]


def test_how_many_judges_it_takes() -> None:
    """N entries, R ratings each, a track and a minute, so many minutes: 60 x 3 x 80 s are 240 minutes, four judges of an hour."""
    assert judges_needed(60, 3, 20, 60) == 4
    assert judges_needed(61, 3, 20, 60) == 5
