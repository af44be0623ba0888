"""A drawing of who hears what, as a document: what it was made of, and what came of it, so that anybody can draw it again.

Judges are named by their pseudonyms, also while it is drawn: who is drawn first must not depend on what the document does not show.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from math import inf
from typing import TYPE_CHECKING, Any

from bot.rules.allocation import Allocation, Task, allocate
from bot.rules.canonical import exactly

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from bot.rules.allocation import Pair

FORMAT = "kantor drawing 1"
_GIVEN = ("conflicts", "started", "planned", "further")
"""Sets of pairs that a task has."""


def draw(task: Task) -> tuple[Task, Allocation]:
    """Allocate; with the task as it was in the end, since what each entry gets comes before the further listens that nobody has begun.

    Of these only those go without which others lack less: what has too few judges for good takes nothing from anybody.
    """
    found, begun = allocate(task), task.further & task.started
    spare = sorted(task.further - begun)
    if not found.short or not spare:
        return task, found
    kept = replace(task, further=begun)
    best = allocate(kept)
    most = sum(best.short.values())
    if most >= sum(found.short.values()):
        return task, found
    low, high = 0, len(spare) - 1
    while low <= high:  # as many as can stay, found in a few drawings
        held = (low + high + 1) // 2
        trial = replace(task, further=begun | frozenset(spare[:held]))
        drawn = allocate(trial)
        if sum(drawn.short.values()) <= most:
            kept, best, low = trial, drawn, held + 1
        else:
            high = held - 1
    return kept, best


def people_in(task: Task) -> frozenset[str]:
    """All judges that it names, those who judge no more included."""
    return frozenset(task.judges).union(*({judge for judge, _ in getattr(task, name)} for name in _GIVEN))


def renamed(task: Task, names: Mapping[str, str]) -> Task:
    """The same with other names for the judges; whoever has none keeps the one of before."""
    return replace(
        task,
        judges={names.get(judge, judge): time for judge, time in task.judges.items()},
        conflicts=_renamed(task.conflicts, names),
        started=_renamed(task.started, names),
        planned=_renamed(task.planned, names),
        further=_renamed(task.further, names),
    )


def named_back(found: Allocation, names: Mapping[str, str]) -> tuple[frozenset[Pair], frozenset[Pair]]:
    """All pairs, and those that were placed further, with the judges' own names."""
    own = {name: judge for judge, name in names.items()}
    return _renamed(found.pairs, own), _renamed(found.further, own)


def document_of(task: Task, found: Allocation) -> dict[str, Any]:
    """As plain JSON values: pairs as the numbers of each judge's entries, from 0, in the order of judges and then of others."""
    entries = sorted(task.entries)
    number = {entry: at for at, entry in enumerate(entries)}
    sets = {name: getattr(task, name) for name in _GIVEN} | {"heard": found.pairs, "placed": found.further}
    others = {judge for pairs in sets.values() for judge, entry in pairs if entry in number} - task.judges.keys()
    people = [*sorted(task.judges), *sorted(others)]
    return {
        "format": FORMAT,
        "seed": task.seed,
        "each": task.each,
        "entries": [[entry, exactly(task.entries[entry])] for entry in entries],
        "judges": [[judge, None if time == inf else exactly(time)] for judge, time in sorted(task.judges.items())],
        "others": sorted(others),
        **{name: _numbered(pairs, people, number) for name, pairs in sets.items()},
    }


def task_in(document: Mapping[str, Any]) -> Task:
    """What was to be allocated."""
    sets = {name: pairs_in(document, name) for name in _GIVEN}
    return Task(
        entries={entry: float(seconds) for entry, seconds in document["entries"]},
        judges={judge: inf if time is None else float(time) for judge, time in document["judges"]},
        each=document["each"],
        seed=document["seed"],
        **sets,
    )


def pairs_in(document: Mapping[str, Any], name: str) -> frozenset[Pair]:
    """One of its sets of pairs: one of the task's, or ``heard`` or ``placed``, which came of it. Raises IndexError for a number of nothing."""
    people = [*(judge for judge, _ in document["judges"]), *document["others"]]
    entries = [entry for entry, _ in document["entries"]]
    return frozenset(
        (judge, entries[at]) for judge, numbers in zip(people, document[name], strict=True) for at in numbers
    )


def fits(document: Mapping[str, Any]) -> bool:
    """Whether the same comes of it when it is drawn again."""
    found = allocate(task_in(document))
    return (found.pairs, found.further) == (pairs_in(document, "heard"), pairs_in(document, "placed"))


def _renamed(pairs: Iterable[Pair], names: Mapping[str, str]) -> frozenset[Pair]:
    return frozenset((names.get(judge, judge), entry) for judge, entry in pairs)


def _numbered(pairs: Iterable[Pair], people: Sequence[str], number: Mapping[str, int]) -> list[list[int]]:
    theirs: dict[str, list[int]] = defaultdict(list)
    for judge, entry in pairs:
        if entry in number:
            theirs[judge].append(number[entry])
    return [sorted(theirs[judge]) for judge in people]
