"""Letters that are given up: who learns of it, and what happens next."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from bot.errors import Undeliverable
from bot.pump import OutboxPump
from bot.rules.phases import Phase
from bot.rules.queue import AT_ONCE
from bot.usecases.judging.invitations import LOST_AT_MOST
from bot.usecases.losses import report_lost_letter
from tests.makers.fakes import RecordingPostman
from tests.makers.world import ADA, BEN, CHANNEL, CLEO, JACK, JUDY, OLIVE, World, small_world

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bot.ports import Claim, Letter, Posted


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with small_world(tmp_path) as world:
        yield world


@dataclass
class PickyPostman(RecordingPostman):
    """Never takes what goes to these recipients, nor letters of these keys."""

    unwanted: tuple[str, ...] = ()

    def deliver(self, letter: Letter, claim: Claim) -> Posted:
        if letter.to in self.unwanted or letter.key in self.unwanted:
            raise Undeliverable("Slack says user_disabled")
        return super().deliver(letter, claim)


def deliver_all(world: World, *unwanted: str, organizer_ids: tuple[str, ...] = ()) -> None:
    """The pump runs until nothing is waiting."""
    pump = OutboxPump(world.store, PickyPostman(unwanted=unwanted), world.clock, pace=0.0, organizer_ids=organizer_ids)
    for _ in range(200):
        pump._step()
        world.clock.advance(seconds=1)
        with world.store.read() as work:
            if not work.outbox.waiting():
                return
    raise AssertionError("the pump did not come to an end")


def alarms(world: World, to: str = OLIVE) -> list[str]:
    """What the organizer read."""
    return [letter.message["what"] for letter in world.letters("trouble_alarm", to)]


def test_a_checklist_that_never_arrives_is_no_alarm(world: World) -> None:
    """Nobody misses it enough to wake an organizer."""
    world.contest()
    world.onboarding.joined(ADA, CHANNEL)
    (letter,) = world.letters("checklist")
    with world.store.write() as work:
        report_lost_letter(work, letter, "Slack says user_disabled", world.clock.now())
    assert [] == world.letters("trouble_alarm")


def test_a_lost_letter_alarms_the_organizers_once(world: World) -> None:
    """Whose letter, about what, and why; those of the settings learn of it as well."""
    world.contest()
    world.accepted()
    deliver_all(world, ADA, organizer_ids=(JACK,))
    assert ["the AI judge's verdict could not be delivered to <@U0ADA> (Slack says user_disabled)."] == alarms(world)
    assert 1 == len(alarms(world, JACK))


def test_an_alarm_that_is_lost_raises_no_alarm(world: World) -> None:
    """Or they would go on for ever."""
    world.contest()
    world.accepted()
    deliver_all(world, ADA, OLIVE)
    assert 1 == len(alarms(world))


def test_a_channel_that_is_gone_is_named(world: World) -> None:
    """The contest is known by the letter's key."""
    world.contest()
    deliver_all(world, CHANNEL)
    assert ["the news of the next phase could not be delivered to <#C0MUSIC> (Slack says user_disabled)."] == alarms(
        world
    )


def judged(world: World, pieces: int) -> None:
    """A contest that is being judged by Judy."""
    contest = world.contest(submission_limit=10)
    world.contests.add_judges(OLIVE, CHANNEL, [JUDY])
    for number in range(pieces):
        world.accepted((ADA, BEN, CLEO)[number % 3], f"F{number}")
    world.contests.advance(OLIVE, contest, Phase.OPEN)


def test_a_judge_who_cannot_be_reached_is_not_sent_everything(world: World) -> None:
    """After three lost compositions nothing more is wasted on them, but for what was on its way already."""
    judged(world, 12)
    deliver_all(world, JUDY)
    assert AT_ONCE + LOST_AT_MOST - 1 == len(world.letters("rating_invitation", JUDY))


def test_a_lost_composition_is_followed_by_another(world: World) -> None:
    """The judge is not left waiting where it was the composition that Slack did not take."""
    judged(world, AT_ONCE + 2)
    lost, *_ = world.letters("rating_invitation", JUDY)
    deliver_all(world, lost.key)
    assert ["failed", *["sent"] * AT_ONCE] == [letter.state for letter in world.letters("rating_invitation", JUDY)]


def test_a_lost_practice_piece_holds_up_nobody(world: World) -> None:
    """The judge gets the pieces without it."""
    contest = world.contest(practice=True)
    world.contests.add_judges(OLIVE, CHANNEL, [JUDY])
    world.practice.offer(contest, JUDY)
    world.accepted()
    world.contests.advance(OLIVE, contest, Phase.OPEN)
    assert [] == world.letters("rating_invitation", JUDY)
    deliver_all(world, f"practice:{contest}:{JUDY}")
    assert 1 == len(world.letters("rating_invitation", JUDY))
    assert "the practice piece could not be delivered" in alarms(world)[0]
