"""Letters that are given up: who learns of it, and what happens next."""

from __future__ import annotations

from dataclasses import dataclass
from types import new_class
from typing import TYPE_CHECKING

import pytest

from bot.errors import Undeliverable
from bot.pump import OutboxPump
from bot.rules.phases import Phase
from bot.rules.queue import AT_ONCE
from bot.rules.roles import Role
from bot.usecases.judging.invitations import LOST_AT_MOST
from bot.usecases.losses import report_lost_letter
from bot.usecases.messages import Message
from bot.usecases.people.broadcasts import Announce, Audience
from bot.usecases.stored import KINDS
from tests.makers.fakes import RecordingPostman
from tests.makers.world import ADA, BEN, CHANNEL, CLEO, EVE, JACK, JUDY, LOUNGE, OLIVE, World, small_world

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
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


def another_contest(world: World, first: str, organizer: str) -> None:
    """A newer one in the other channel, whose organizer is somebody else too."""
    world.contest(Phase.DRAFT, name="Autumn Jam", slug="autumn-jam", channel_id=LOUNGE)
    with world.store.write() as work:
        newer = next(each for each in work.contests.newest_first() if each.id != first)
        work.contests.roles.give(newer.id, organizer, Role.ORGANIZER, added_by=OLIVE, now=world.clock.now())


def announce(world: World, contest: str) -> None:
    command = Announce(OLIVE, contest, "Hear, hear", Audience.PARTICIPANTS)
    world.calls.send(command, "a1")


def ask(world: World, contest: str) -> None:
    world.answers.answer(ADA, f"D{ADA}", "rules", "Ev1")


def explain(world: World, contest: str) -> None:
    world.upload(ADA, "F9", "Rain.mscz")


@pytest.mark.parametrize("lose", [announce, ask, explain])
def test_a_lost_letter_is_told_under_the_name_of_its_contest(world: World, lose: Callable[[World, str], None]) -> None:
    """Whatever its key says: a newer contest, and who organizes that one alone, hear nothing of it."""
    contest = world.contest()
    world.accepted()
    another_contest(world, contest, CLEO)
    deliver_all(world)
    lose(world, contest)
    deliver_all(world, ADA, f"D{ADA}", CHANNEL)
    assert {"Bach Jam"} == {letter.message["contest_name"] for letter in world.letters("trouble_alarm", OLIVE)}
    assert [] == alarms(world, CLEO)


def test_what_is_about_no_contest_alarms_nobody(world: World) -> None:
    """A starter melody that somebody cannot be sent is no trouble of an organizer."""
    world.contest()
    deliver_all(world)
    melody = world.starter.offered()[0].key
    world.starter.send(EVE, melody, "w1")
    deliver_all(world, EVE)
    assert ["failed"] == [letter.state for letter in world.letters("starter_melody")]
    assert [] == alarms(world)


def test_a_message_without_words_of_its_own_cannot_be_written() -> None:
    """Whoever adds a kind says what it is: where one is lost, the organizers read more than "a message"."""
    with pytest.raises(TypeError, match="in_words"):
        new_class("Mute", (Message,), {"kind": "mute"})
    assert [] == [kind for kind, message in KINDS.items() if message.in_words == Message.in_words]


@pytest.mark.parametrize("kind", KINDS)
def test_the_organizers_read_what_was_lost(world: World, kind: str) -> None:
    """In the words of its kind, whichever it is; nothing where it raises no alarm."""
    contest, message = world.contest(), KINDS[kind]
    now = world.clock.now()
    with world.store.write() as work:
        work.outbox.add("lost", BEN, {"kind": kind}, now=now, contest_id=contest)
        letter = work.outbox.by_key("lost")
        assert letter is not None
        report_lost_letter(work, letter, "Slack says user_disabled", now)
    told = (
        [f"{message.in_words} could not be delivered to <@U0BEN> (Slack says user_disabled)."] if message.alarms else []
    )
    assert told == [letter.message["what"] for letter in world.letters("trouble_alarm", OLIVE) if letter.key != "lost"]
