"""Reading the trail."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.errors import Refusal
from bot.usecases.records.trails import PAGE, TrailQuestion
from tests.makers.world import ADA, BEN, CHANNEL, JACK, JUDY, OLIVE, World, small_world

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with small_world(tmp_path) as world:
        yield world


def test_the_newest_is_first_and_pages_join_without_a_gap(world: World) -> None:
    """All entries come once."""
    contest = world.contest()
    for number in range(20):
        world.clock.advance(seconds=1)
        with world.store.write() as work:
            work.audit.note(
                world.ids.new(), at=world.clock.now(), actor=OLIVE, action="made.up", contest_id=contest, number=number
            )
    first = world.trails.begin(OLIVE, CHANNEL, "", "")
    assert (PAGE, True) == (len(first.entries), first.more)
    second = world.trails.page(OLIVE, TrailQuestion(contest, page=1))
    assert not second.more
    numbers = [entry.facts["number"] for entry in (*first.entries, *second.entries) if entry.action == "made.up"]
    assert list(range(19, -1, -1)) == numbers


def test_about_a_person_is_what_they_did_and_what_was_done_about_them(world: World) -> None:
    """Judy was made a judge by Olive; Jack, too, which is not about her."""
    world.contest()
    world.contests.add_judges(OLIVE, CHANNEL, [JUDY, JACK])
    entries = world.trails.begin(OLIVE, CHANNEL, JUDY, "").entries
    assert [(OLIVE, "judge.added", JUDY)] == [(each.actor, each.action, each.facts["judge"]) for each in entries]


def test_about_a_composition_is_what_happened_to_it(world: World) -> None:
    """By words of its title; unknown words are answered."""
    world.contest()
    world.accepted(ADA, "F1", "Morning Tide.mid")
    world.accepted(BEN, "F2", "Night.mid")
    entries = world.trails.begin(OLIVE, CHANNEL, "", "morning").entries
    assert {("submission.accepted", "Morning Tide")} <= {(each.action, each.piece) for each in entries}
    assert "Night" not in {each.piece for each in entries}
    with pytest.raises(Refusal, match="No composition here has “noon”"):
        world.trails.begin(OLIVE, CHANNEL, "", "noon")


def test_the_trail_is_for_organizers(world: World) -> None:
    """Whichever way it is asked for."""
    contest = world.contest()
    with pytest.raises(Refusal, match="for the organizers"):
        world.trails.begin(ADA, CHANNEL, "", "")
    with pytest.raises(Refusal, match="for the organizers"):
        world.trails.page(ADA, TrailQuestion(contest))
