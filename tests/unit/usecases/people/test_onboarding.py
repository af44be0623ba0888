"""Newcomers: who gets the checklist, when, and how it ticks itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from bot.errors import Unavailable
from bot.rules.phases import Phase
from bot.usecases.accounts.accounts import ClaimAccount
from bot.usecases.people.checklists import REFRESH, RUSH, Onboarding
from tests.makers.world import ADA, BEN, CHANNEL, CLEO, EVE, GUS, JUDY, LOUNGE, OLIVE, ROBOT, World, small_world

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with small_world(tmp_path) as world:
        yield world


def lists(world: World, to: str | None = None) -> list[dict[str, Any]]:
    """The checklists that were written to that person (to all), the first one and each edit."""
    return [row.message for row in world.letters("checklist", to)]


def do_refresh(world: World) -> None:
    """What the worker does."""
    with world.store.write() as work:
        job = work.jobs.claim(world.clock.now(), timedelta(minutes=1))
        while job is not None and job.name != REFRESH:
            job = work.jobs.claim(world.clock.now(), timedelta(minutes=1))
    assert job is not None
    world.onboarding.refresh(job.args["contest_id"])


def test_who_joins_the_channel_gets_one_checklist(world: World) -> None:
    """Once a person and contest, in the zone of the person; nothing for a channel without a contest."""
    world.contest()
    for _ in range(2):
        world.onboarding.joined(ADA, CHANNEL)
    world.onboarding.joined(BEN, LOUNGE)
    (sent,) = lists(world)
    assert ("Bach Jam", "none", "", False, "Europe/Berlin") == (
        sent["contest_name"],
        sent["account"],
        sent["piece"],
        sent["heard"],
        sent["time_zone"],
    )
    assert [ADA] == [row.recipient for row in world.letters("checklist")]


@pytest.mark.parametrize("user_id", [OLIVE, JUDY, ROBOT, "U0NOBODY"])
def test_organizers_judges_and_bots_get_none(world: World, user_id: str) -> None:
    """Their part is another one."""
    world.contest()
    world.contests.add_judges(OLIVE, CHANNEL, [JUDY])
    world.directory.members[CHANNEL].add("U0NOBODY")
    world.onboarding.joined(user_id, CHANNEL)
    world.onboarding.met(user_id)
    assert [] == lists(world)


@pytest.mark.parametrize("phase", [Phase.DRAFT, Phase.JUDGING, Phase.FINISHED])
def test_only_an_open_contest_welcomes(world: World, phase: Phase) -> None:
    """A draft is the organizers' secret, and later there is nothing to send in."""
    world.contest(phase)
    world.onboarding.joined(ADA, CHANNEL)
    world.onboarding.met(ADA)
    assert [] == lists(world)


def test_who_was_there_before_gets_it_at_the_first_contact(world: World) -> None:
    """Opening a contest writes nobody two hundred messages; people outside the channel get nothing, guests inside do."""
    world.contest()
    assert [] == lists(world)
    world.directory.members[CHANNEL].add(GUS)
    for user_id in (ADA, ADA, EVE, GUS):
        world.onboarding.met(user_id)
    assert [ADA, GUS] == [row.recipient for row in world.letters("checklist")]


def test_while_slack_is_silent(world: World) -> None:
    """A join is delivered again; a first look is not worth an error, since there will be another."""
    world.contest()
    world.directory.silent = True
    world.onboarding.met(ADA)
    with pytest.raises(Unavailable):
        world.onboarding.joined(ADA, CHANNEL)
    assert [] == lists(world)


def test_it_ticks_itself(world: World) -> None:
    """Account, upload, verdict, results: each time the same message is rewritten, and only then."""
    contest = world.contest()
    world.pool(2)
    world.onboarding.joined(ADA, CHANNEL)
    world.accounts.claim(ClaimAccount(ADA, contest, "V1", accepted_terms=True))
    piece = world.upload(ADA, "F1")
    assert piece is not None
    world.verdicts.check(piece.id)
    for phase in (Phase.OPEN, Phase.JUDGING):
        world.clock.advance(minutes=1)
        world.contests.advance(OLIVE, contest, phase)
        do_refresh(world)
    told = [(each["account"], each["piece_state"], each["heard"], each["phase"]) for each in lists(world, ADA)]
    assert [
        ("free", "", False, "open"),
        ("held", "", False, "open"),
        ("held", "received", False, "open"),
        ("held", "accepted", True, "open"),
        ("held", "accepted", True, "judging"),
        ("held", "accepted", True, "finished"),
    ] == told
    first, *edits = world.letters("checklist", ADA)
    assert {first.key} == {row.edits for row in edits}


def test_a_first_upload_is_a_first_contact(world: World) -> None:
    """The checklist comes with its first step done; in a rush of uploads it stays away, since the receipts matter more."""
    world.contest()
    world.upload(ADA, "F1")
    assert ["received"] == [each["piece_state"] for each in lists(world, ADA)]
    with world.store.write() as work:
        for number in range(RUSH):
            work.outbox.add(f"x{number}", f"U{number}", {"kind": "receipt"}, now=world.clock.now())
    world.upload(BEN, "F2")
    assert [] == lists(world, BEN)


def test_it_speaks_of_the_composition_that_came_furthest(world: World) -> None:
    """A second file that is being checked does not untick the first one."""
    world.contest()
    world.onboarding.joined(ADA, CHANNEL)
    world.accepted(ADA, "F1", "Tide.mid")
    world.upload(ADA, "F2", "Ebb.mid")
    assert ("Tide", "accepted") == (lists(world, ADA)[-1]["piece"], lists(world, ADA)[-1]["piece_state"])


def test_a_withdrawn_composition_is_unticked(world: World) -> None:
    """And ticked again when another one comes: the same words may be said twice."""
    world.contest()
    world.onboarding.joined(ADA, CHANNEL)
    piece = world.accepted(ADA, "F1")
    world.compositions.withdraw(ADA, piece)
    world.accepted(ADA, "F2")
    states = [each["piece_state"] for each in lists(world, ADA)]
    assert ["", "received", "accepted", "", "received", "accepted"] == states


def test_organizers_are_told_the_first_steps_once(world: World) -> None:
    """Those of the settings as soon as the bot is there, an admin at the first look; nobody else, and nobody twice."""
    who = replace(world.desk.who, organizer_ids=frozenset({CLEO}))
    onboarding = Onboarding(replace(world.desk, who=who))
    for _ in range(2):
        onboarding.begin()
        for user_id in (OLIVE, ADA, JUDY):
            onboarding.met(user_id)
    assert [CLEO, OLIVE] == [row.recipient for row in world.letters("first_steps")]


def test_the_first_steps_read_on_once_a_contest_is_prepared(world: World) -> None:
    """The letter is rewritten by the first contest, and not by the second."""
    world.onboarding.met(OLIVE)
    world.contest(Phase.DRAFT)
    world.contest(Phase.DRAFT, name="Blue Notes", slug="blue-notes", channel_id=LOUNGE)
    first, then = world.letters("first_steps")
    assert (first.key, "Bach Jam", CHANNEL) == (then.edits, then.message["contest_name"], then.message["channel_id"])


def test_where_there_was_a_contest_nobody_needs_the_first_steps(world: World) -> None:
    """Finished or not."""
    world.contest(Phase.FINISHED)
    world.onboarding.met(OLIVE)
    assert [] == world.letters("first_steps")
    assert not world.desk.who.has_all_before_them(OLIVE)


def test_while_slack_is_silent_nobody_is_told_first_steps(world: World) -> None:
    """Who organizes, only Slack knows; the next time will do."""
    world.directory.silent = True
    world.onboarding.met(OLIVE)
    assert [] == world.letters("first_steps")
    world.directory.silent = False
    world.onboarding.met(OLIVE)
    assert [OLIVE] == [row.recipient for row in world.letters("first_steps")]


@pytest.mark.parametrize("said", ["hello", "help", "board"])
def test_an_organizer_without_a_contest_is_answered_by_the_first_steps(world: World, said: str) -> None:
    """Whatever they ask: nothing else can be done yet. Others read what they always do."""
    for number, user_id in enumerate((OLIVE, ADA)):
        world.answers.answer(user_id, f"D{user_id}", said, f"Ev{number}")
    assert [True, False] == [row.message["first"] for row in world.letters("help_reply")]
