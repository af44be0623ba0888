"""Somebody who sends and presses without end keeps nobody else waiting, and reads why."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.errors import Refusal
from bot.usecases.people.starter import AT_ONCE
from bot.usecases.submissions.submissions import ANSWERS
from tests.makers.world import ADA, BEN, CHANNEL, OLIVE, World, small_world

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with small_world(tmp_path) as world:
        yield world


def jobs(world: World) -> int:
    """How many there are to do."""
    with world.store.read() as work:
        return sum(each.number for each in work.jobs.open().values())


def test_a_hundred_files_are_three_compositions_and_ten_answers(world: World) -> None:
    """The last one says that it stands for the rest; another person's file is answered at once."""
    contest = world.contest()
    for number in range(100):
        world.upload(ADA, f"F{number}", f"Tune {number}.mid")
        world.clock.advance(seconds=1)
    refused = world.letters("refusal", CHANNEL)
    assert ANSWERS == len(refused)
    assert ["Whatever else you sent" in each.message["sentence"] for each in refused] == [False] * (ANSWERS - 1) + [
        True
    ]
    with world.store.read() as work:
        assert 3 == len(work.submissions.of_person(contest, ADA))
    for number in range(4):
        world.upload(BEN, f"B{number}", f"Song {number}.mid")
    assert [BEN] == [each.message["user_id"] for each in world.letters("refusal", CHANNEL)[ANSWERS:]]


def test_a_hundred_presses_are_three_melodies(world: World) -> None:
    """Each is a file, of which Slack takes so many a minute for everybody together."""
    for number in range(AT_ONCE):
        world.starter.send(ADA, "ode-to-joy", f"w{number}")
    with pytest.raises(Refusal, match="on their way"):
        world.starter.send(ADA, "ode-to-joy", "w99")
    world.starter.send(BEN, "ode-to-joy", "w1")
    assert [ADA] * AT_ONCE + [BEN] == [each.recipient for each in world.letters("starter_melody")]


def test_a_hundred_wishes_within_a_minute_are_one(world: World) -> None:
    """For an erasure, and for an export."""
    world.contest()
    world.exports.ask(OLIVE, CHANNEL)
    before = jobs(world)
    for _ in range(100):
        world.erasure.ask(ADA)
        world.exports.ask(OLIVE, CHANNEL)
    assert 1 == len(world.letters("erasure_asked", OLIVE))
    assert before == jobs(world)
