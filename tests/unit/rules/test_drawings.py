"""Drawings as documents: they say all that they were made of, and the same comes of them again."""

from __future__ import annotations

import json
from dataclasses import replace
from math import inf
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.rules.allocation import Task
from bot.rules.canonical import canonical
from bot.rules.drawings import document_of, draw, fits, named_back, pairs_in, people_in, renamed, task_in

JUDGES, ENTRIES = [f"judge {number}" for number in range(5)], [f"entry {number}" for number in range(7)]
PAIRS = st.frozensets(
    st.tuples(st.sampled_from([*JUDGES, "gone"]), st.sampled_from([*ENTRIES, "withdrawn"])), max_size=9
)
TASKS = st.builds(
    Task,
    entries=st.fixed_dictionaries(dict.fromkeys(ENTRIES, st.sampled_from([10.0, 12.5, 30.25]))),
    judges=st.dictionaries(st.sampled_from(JUDGES), st.sampled_from([3.0, 6.5, inf])),
    each=st.integers(1, 3),
    conflicts=PAIRS,
    started=PAIRS,
    planned=PAIRS,
    further=PAIRS,
    seed=st.sampled_from("ab"),
)


@given(TASKS)
@settings(deadline=None, max_examples=60)
def test_it_can_be_drawn_again_from_its_document(task: Task) -> None:
    """Written down as JSON and read again, in the same characters whoever writes it."""
    document = document_of(*draw(task))
    again: dict[str, Any] = json.loads(canonical(document))
    assert canonical(document) == canonical(again)
    assert fits(again)
    assert canonical(document) == canonical(document_of(*draw(task_in(again))))


def test_another_result_or_another_task_does_not_fit() -> None:
    """What was drawn, and what it was made of."""
    task = Task(dict.fromkeys(ENTRIES, 20.0), dict.fromkeys(JUDGES, inf), 2, seed="a")
    document = document_of(*draw(task))
    heard = [[*document["heard"][0][1:]], [*document["heard"][1], document["heard"][0][0]], *document["heard"][2:]]
    for change in (
        {"heard": heard},
        {"seed": "b"},
        {"each": 1},
        {"judges": document["judges"][1:], "others": [JUDGES[0]]},
    ):
        assert not fits(document | change), change


def test_a_number_of_nothing_is_no_pair() -> None:
    """It is an error, and not the last entry."""
    document = document_of(*draw(Task(dict.fromkeys(ENTRIES, 20.0), dict.fromkeys(JUDGES, inf), 1)))
    with pytest.raises(IndexError):
        pairs_in(document | {"heard": [[99], [], [], [], []]}, "heard")


@given(TASKS)
@settings(deadline=None, max_examples=30)
def test_judges_are_known_by_other_names_and_get_their_own_back(task: Task) -> None:
    """Nobody is called as before in the document, not even somebody who has left."""
    names = {judge: f"p{number}" for number, judge in enumerate(sorted(people_in(task), reverse=True))}
    masked, found = draw(renamed(task, names))
    text = canonical(document_of(masked, found))
    assert not [judge for judge in names if f'"{judge}"' in text]
    pairs, further = named_back(found, names)
    assert {judge for judge, _ in pairs} <= task.judges.keys()
    assert further <= task.further
    back = {name: judge for judge, name in names.items()}
    assert replace(renamed(masked, back), further=task.further) == task


def test_further_listens_stay_where_an_entry_is_short_for_good() -> None:
    """No judge may hear b: whatever is taken from the others, it lacks its ratings."""
    task = Task(
        {"a": 30.0, "b": 30.0, "c": 30.0},
        dict.fromkeys("xy", inf),
        each=1,
        conflicts=frozenset({("x", "b"), ("y", "b")}),
        planned=frozenset({("y", "a"), ("x", "c")}),
        further=frozenset({("x", "a"), ("y", "c")}),
    )
    kept, found = draw(task)
    assert (task, {"b": 1}) == (kept, found.short)
    assert task.further <= found.pairs


def test_only_as_many_further_listens_go_as_have_to() -> None:
    """One late piece finds time with x, who gives up one of three; d has no judge for good."""
    task = Task(
        {"a": 30.0, "b": 30.0, "c": 30.0, "d": 30.0, "late": 30.0},
        {"x": 4.5, "y": 1.5 * 3},
        each=1,
        conflicts=frozenset({("x", "d"), ("y", "d"), ("y", "late")}),
        planned=frozenset({("y", "a"), ("y", "b"), ("y", "c")}),
        further=frozenset({("x", "a"), ("x", "b"), ("x", "c")}),
    )
    kept, found = draw(task)
    assert {"d": 1} == found.short
    assert ("x", "late") in found.pairs
    assert 2 == len(kept.further) == len(found.further)


def test_what_each_gets_comes_before_further_listens_that_nobody_began() -> None:
    """The document has the task as it was drawn in the end."""
    task = Task(
        {"a": 60.0, "b": 60.0},
        {"x": 2.0, "y": 2.0},
        1,
        conflicts=frozenset({("y", "b")}),
        further=frozenset({("x", "a")}),
    )
    kept, found = draw(task)
    assert (frozenset({("x", "b"), ("y", "a")}), {}, frozenset()) == (found.pairs, found.short, kept.further)
    assert fits(document_of(kept, found))
