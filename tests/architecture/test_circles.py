"""What the import contracts cannot say: there is no circle of files, and what happens somewhere is followed."""

from __future__ import annotations

import inspect
import re
from graphlib import TopologicalSorter
from pathlib import Path

import grimp

from bot.usecases import followers, happenings

ROOMS = Path("bot/usecases")


def test_no_circle_of_files_in_the_whole_tree() -> None:
    """Each file can be read after those that it names, imports for types included; a circle raises CycleError with its files."""
    graph = grimp.build_graph("bot", "handlers", "judge", "models", "migrations", cache_dir=None)
    needs = {module: graph.find_modules_directly_imported_by(module) for module in graph.modules}
    assert len(needs) == len(tuple(TopologicalSorter(needs).static_order()))


def test_every_happening_is_said_somewhere_and_followed() -> None:
    """A happening that no use case tells of, or that nothing comes of, would be a dead word."""
    kinds = {name: each for name, each in vars(happenings).items() if inspect.isclass(each)}
    said = set()
    for path in ROOMS.rglob("*.py"):
        said |= set(re.findall(r"\.happened\((?:on\.)?(\w+)\(", path.read_text(encoding="utf-8")))
    followed = {kinds[name] for name in re.findall(r"when\(on\.(\w+),", inspect.getsource(followers))}
    groups = {happenings.Happening, happenings.OfPerson}
    assert {each.__name__ for each in kinds.values() if each not in groups} == said
    assert [] == [name for name in said if followed.isdisjoint(kinds[name].__mro__)]


def test_only_followers_call_into_other_rooms_because_something_happened() -> None:
    """What comes of a happening is called from the one list, so that nobody has to remember it."""
    named = set(re.findall(r"when\(on\.\w+, \w+\.(\w+)\)", inspect.getsource(followers)))
    called = re.compile(rf"(?<!def )\b({'|'.join(named)})\(")
    assert named
    assert [] == [
        (path.name, call) for path in ROOMS.rglob("*.py") for call in called.findall(path.read_text(encoding="utf-8"))
    ]


def test_use_cases_write_at_the_desk_only() -> None:
    """Who comes in, when, and about which contest is asked there; but for the two that an operator and the alarm clock call."""
    writing = {
        path.name for path in ROOMS.rglob("*.py") if re.search(r"store\.write\(", path.read_text(encoding="utf-8"))
    }
    assert {"desk.py", "rejudging.py", "upkeep.py"} == writing


def test_a_sentence_that_every_use_case_needs_stands_once() -> None:
    """That a contest is gone, and that something is for organizers, is told by the desk."""
    told = [
        path.name
        for path in ROOMS.rglob("*.py")
        for _ in re.findall(
            r"I cannot find that contest any more|for the organizers of the contest", path.read_text("utf-8")
        )
    ]
    assert ["finding.py", "who.py"] == sorted(told)
