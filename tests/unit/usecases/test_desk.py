"""The entrance of all use cases, and what follows from what they say: one transaction, whole or not at all."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from bot.errors import Refusal, Unavailable
from bot.rules.phases import Phase
from bot.usecases.contests.contests import Contests
from bot.usecases.contests.letters import PhaseNews
from tests.makers.world import ADA, BEN, CHANNEL, OLIVE, World, small_world

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bot.usecases.desk import Matter
    from bot.usecases.happenings import Happening


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with small_world(tmp_path) as world:
        yield world


def test_who_does_not_organize_is_refused_before_the_contest_is_looked_at(world: World) -> None:
    """By its id or by its channel, and of a contest that there is not: for Ben it is all the same; Olive learns that it is gone."""
    contest = world.contest()
    for contest_id in (contest, "gone", ""):
        with (
            pytest.raises(Refusal, match="for the organizers"),
            world.desk.organizer(BEN, contest_id, channel_id=CHANNEL),
        ):
            pass
    with pytest.raises(Refusal, match="cannot find that contest"), world.desk.organizer(OLIVE, "gone"):
        pass


def test_all_is_at_hand_and_what_is_written_down_names_who_and_where(world: World) -> None:
    """The contest meant by its channel, the moment, the pen; somebody else's name where they are the one who did it."""
    contest = world.contest()
    with world.desk.organizer(OLIVE, channel_id=CHANNEL) as work:
        assert (contest, OLIVE, world.clock.now()) == (work.contest.id, work.actor, work.now)
        work.note("test.done", word="here")
        work.note("test.done", by=ADA)
    with world.store.read() as reading:
        noted = [row for row in reading.audit.of_contest(contest) if row.action == "test.done"]
    assert {(OLIVE, "here"), (ADA, None)} == {(row.actor, row.facts.get("word")) for row in noted}


def test_who_only_looks_changes_nothing(world: World) -> None:
    """What is written in a look is not kept."""
    contest = world.contest()
    with world.desk.person(ADA, contest, reads=True) as work:
        work.contest.name = "Another name"
    assert "Bach Jam" == world.row(contest).name


def test_while_slack_is_silent_no_transaction_is_opened_for_an_organizer(world: World) -> None:
    """Slack is asked first: its silence holds nobody up, and nothing is locked."""
    contest = world.contest()
    world.directory.silent = True
    world.directory.during = world.store.require_idle
    with pytest.raises(Unavailable), world.desk.organizer(OLIVE, contest):
        pass


def test_a_follower_that_fails_leaves_nothing_behind(world: World) -> None:
    """What happened and what comes of it are one transaction: the phase is the old one, and nobody was told of a new one."""
    contest = world.contest(Phase.OPEN)

    def fails(_work: Matter, _happening: Happening) -> None:
        raise Refusal("This cannot be.")

    told = len(world.letters(PhaseNews.kind))
    with pytest.raises(Refusal, match="This cannot be"):
        Contests(replace(world.desk, follow=fails)).advance(OLIVE, contest, Phase.OPEN)
    assert (Phase.OPEN, told) == (world.row(contest).phase, len(world.letters(PhaseNews.kind)))
    assert Phase.JUDGING == world.contests.advance(OLIVE, contest, Phase.OPEN).phase
    assert len(world.letters(PhaseNews.kind)) > told
