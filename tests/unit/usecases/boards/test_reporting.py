"""The fairness report of a contest that was played, and of those where there is little to tell."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.errors import Refusal
from bot.rules.fairreport import UNKNOWN
from bot.rules.phases import Phase
from tests.makers.bundles import edit, played
from tests.makers.world import ADA, BEN, CHANNEL, JACK, JUDY, OLIVE, World, small_world
from tests.unit.usecases.records.test_exports import run

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bot.rules.fairreport import Report


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with small_world(tmp_path) as world:
        yield world


def ordered(world: World) -> Report:
    """The report that an organizer gets."""
    world.exports.ask_report(OLIVE, CHANNEL)
    run(world)
    return world.printer.reports[-1]


def test_a_contest_that_was_played(world: World) -> None:
    """Each figure is that of its contest; nobody's name is on the page, and judges are called as in the bundle."""
    contest = played(world)
    found = ordered(world)
    figures = {each.heading: each for each in found.findings}
    assert 9 == len(figures)
    assert "8 compositions got 2 ratings each, by 3 judges" in figures["Who was heard"].sentence
    assert "a judge's ratings taken out: 1" in figures["Decided by hand"].sentence
    assert "rules changed after the judging began: 2" in figures["Decided by hand"].sentence.lower()
    assert figures["Decided by hand"].look
    assert float(figures["How far judges agree"].figure) > 0.9
    with world.store.read() as work:
        called = set(work.panels.pseudonyms(contest).values())
        head = work.audit.head(contest)
    assert {bar.label for bar in figures["Strict and lenient judges"].bars} <= called
    said = " ".join([found.verdict, *found.marks, *(each.sentence for each in found.findings)])
    assert not any(name in said for name in ("Ada", "Judy", "Jules", JUDY, "He rated by lot"))
    assert head.link in said


def test_the_letter_has_the_page_and_the_picture(world: World) -> None:
    """To whoever asked; the picture has words."""
    played(world)
    ordered(world)
    letter = world.letters("report_ready", OLIVE)[-1]
    assert ["bach-jam-fairness.html", "bach-jam-fairness.png"] == [each["filename"] for each in letter.uploads]
    assert letter.uploads[1]["alt_text"]
    assert [b"html", b"png"] == [world.objects.get(each["object_key"]) for each in letter.uploads]


def test_one_judge_and_hardly_a_rating(world: World) -> None:
    """There is no telling, in sentences."""
    contest = world.contest()
    edit(world, contest, scores="fair")
    pieces = [world.accepted(ADA, "F1", "Rain.mid"), world.accepted(BEN, "F2", "Tide.mid")]
    world.contests.add_judges(OLIVE, CHANNEL, [JUDY])
    world.contests.advance(OLIVE, contest, Phase.OPEN)
    nothing = ordered(world)
    world.rate(JUDY, pieces[0], 4, 4, 4, comment="Good")
    world.later(minutes=2)
    one = ordered(world)
    for found in (nothing, one):
        unknown = {each.heading for each in found.findings if each.figure == UNKNOWN}
        assert {
            "How far judges agree",
            "Strict and lenient judges",
            "Without one judge",
            "Heard early or late",
        } <= unknown


def test_what_was_decided_by_hand_is_counted(world: World) -> None:
    """With the reason for going on below the floor."""
    contest = world.contest(submission_limit=3)
    world.contests.add_judges(OLIVE, CHANNEL, [JUDY, JACK])
    edit(world, contest, listens="2", minutes="90", scores="fair", floor="2")
    pieces = [world.accepted(ADA, "F1", "Rain.mid", 40), world.accepted(BEN, "F2", "Tide.mid", 44)]
    world.contests.advance(OLIVE, contest, Phase.OPEN)
    for piece in pieces:
        world.rate(JUDY, piece, 4, 3, 4, comment="Good")
    world.contests.advance(OLIVE, contest, Phase.JUDGING, "Jack fell ill.")
    found = {each.heading: each for each in ordered(world).findings}["Decided by hand"]
    assert ("1", True) == (found.figure, found.look)
    assert "Jack fell ill." in found.sentence


def test_only_organizers_and_only_once_it_is_judged(world: World) -> None:
    """A sentence for everybody else."""
    world.contest()
    with pytest.raises(Refusal, match="Nothing has been judged"):
        world.exports.ask_report(OLIVE, CHANNEL)
    with pytest.raises(Refusal):
        world.exports.ask_report(ADA, CHANNEL)
