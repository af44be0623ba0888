"""Announcements and reminders."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.errors import Refusal
from bot.rules.phases import Phase
from bot.usecases.people.broadcasts import Announce, Audience
from models.contests import Extension
from models.submissions import SubmissionState
from tests.makers.boards import change, judged
from tests.makers.world import ADA, BEN, CHANNEL, CLEO, EVE, JACK, JUDY, OLIVE, World, small_world

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with small_world(tmp_path) as world:
        yield world


def announce(contest: str, audience: Audience, words: str = "We begin at ten.", actor: str = OLIVE) -> Announce:
    return Announce(actor, contest, words, audience)


def reached(world: World, kind: str) -> list[str]:
    return sorted(letter.recipient for letter in world.letters(kind))


def test_a_preview_sends_nothing_and_counts_each_audience(world: World) -> None:
    """One message to the channel, one to each composer, one to each judge."""
    ada, _, _ = judged(world)
    draft = world.calls.preview(announce(world.piece(ada).contest_id, Audience.JUDGES, " We begin at ten.\n"))
    assert {Audience.CHANNEL: 1, Audience.PARTICIPANTS: 3, Audience.JUDGES: 2} == draft.recipients
    assert ("We begin at ten.", True, []) == (draft.words, bool(draft.announcement_id), world.letters("announcement"))


@pytest.mark.parametrize(
    ("audience", "recipients"),
    [
        (Audience.CHANNEL, [CHANNEL]),
        (Audience.PARTICIPANTS, [ADA, BEN, CLEO]),
        (Audience.JUDGES, [JACK, JUDY]),
    ],
)
def test_an_announcement_reaches_its_audience_once(world: World, audience: Audience, recipients: list[str]) -> None:
    """Confirming twice says nothing twice, and the trail has it once."""
    ada, _, _ = judged(world)
    command = announce(world.piece(ada).contest_id, audience)
    draft = world.calls.preview(command)
    for _ in range(2):
        assert len(recipients) == world.calls.send(command, draft.announcement_id).recipients
    assert recipients == reached(world, "announcement")
    with world.store.read() as work:
        noted = [row for row in work.audit.of_contest(command.contest_id) if row.action == "announcement.sent"]
    assert [(OLIVE, audience.value, len(recipients))] == [
        (row.actor, row.facts["audience"], row.facts["recipients"]) for row in noted
    ]


def test_people_who_have_left_the_channel_are_left_alone(world: World) -> None:
    """Ben was in, and is not any more."""
    ada, _, _ = judged(world)
    world.directory.members[CHANNEL].discard(BEN)
    command = announce(world.piece(ada).contest_id, Audience.PARTICIPANTS)
    world.calls.send(command, "a1")
    assert [ADA, CLEO] == reached(world, "announcement")


def test_only_organizers_announce_and_never_nothing(world: World) -> None:
    """Neither the form nor the sending; and words are asked for at their field."""
    contest = world.contest()
    for ask in (
        lambda: world.calls.begin(ADA, CHANNEL, ""),
        lambda: world.calls.send(announce(contest, Audience.CHANNEL, actor=ADA), "a1"),
    ):
        with pytest.raises(Refusal):
            ask()
    with pytest.raises(Refusal) as refusal:
        world.calls.preview(announce(contest, Audience.CHANNEL, " \n "))
    assert "announcement" == refusal.value.field
    with pytest.raises(Refusal) as refusal:
        world.calls.send(announce(contest, Audience.JUDGES), "a1")
    assert "audience" == refusal.value.field
    assert [] == world.letters("announcement")


def opened(world: World) -> str:
    """An open contest: Ada has an account, Ben waits for one, Cleo was welcomed; none has handed in anything."""
    contest = world.contest()
    world.pool(1)
    with world.store.write() as work:
        work.accounts.take_free(contest, ADA, view_id="V1", now=world.clock.now())
        work.accounts.waits.join(contest, BEN, now=world.clock.now())
    world.onboarding.joined(CLEO, CHANNEL)
    return contest


def nudge(world: World, contest: str, nudge_id: str = "n1") -> int:
    with world.store.read() as work:
        row = work.contests.get(contest)
    assert row is not None
    return world.nudges.send(OLIVE, contest, nudge_id, judges=row.phase != Phase.OPEN).people


def test_people_without_a_composition_are_reminded(world: World) -> None:
    """Those with an account, in its queue, or welcomed: not everybody in the channel, nor those who run the contest."""
    contest = opened(world)
    preview = world.nudges.preview(OLIVE, CHANNEL)
    assert (False, (ADA, BEN, CLEO), 0) == (preview.judges, preview.people, preview.rested)
    assert [] == world.letters("composer_nudge")
    assert 3 == nudge(world, contest)
    assert [ADA, BEN, CLEO] == reached(world, "composer_nudge")


def test_who_has_handed_in_something_is_not_reminded(world: World) -> None:
    """Accepted or on its way; a refused file or a withdrawn one is nothing yet."""
    contest = opened(world)
    world.accepted(ADA, "F1")
    withdrawn = world.accepted(BEN, "F2")
    with world.store.write() as work:
        piece = work.submissions.get(withdrawn)
        assert piece is not None
        piece.state = SubmissionState.WITHDRAWN
    world.upload(CLEO, "F3")
    assert (BEN,) == world.nudges.preview(OLIVE, CHANNEL).people
    assert contest


def test_judges_and_people_who_have_left_are_not_reminded_to_compose(world: World) -> None:
    """Cleo judges by now, and Ben has left the channel."""
    contest = opened(world)
    world.contests.add_judges(OLIVE, CHANNEL, [CLEO])
    world.directory.members[CHANNEL].discard(BEN)
    nudge(world, contest)
    assert [ADA] == reached(world, "composer_nudge")


def test_judges_behind_are_reminded_unless_they_take_a_break(world: World) -> None:
    """Judy has rated everything, Jack has not; a judge who pauses is left in peace."""
    pieces = judged(world)
    contest = world.piece(pieces[0]).contest_id
    for piece in pieces:
        world.rate(JUDY, piece)
    world.rate(JACK, pieces[0])
    preview = world.nudges.preview(OLIVE, CHANNEL)
    assert (True, (JACK,)) == (preview.judges, preview.people)
    nudge(world, contest)
    (letter,) = world.letters("judge_nudge")
    assert (JACK, 1, 3) == (letter.recipient, letter.message["done"], letter.message["total"])
    world.clock.advance(hours=25)
    world.judging.pause(JACK, contest)
    assert () == world.nudges.preview(OLIVE, CHANNEL).people


def test_nobody_is_reminded_twice_within_a_day(world: World) -> None:
    """By whichever organizer; the preview says how many are left in peace. A day later it may be done again."""
    contest = opened(world)
    assert 3 == nudge(world, contest, "n1")
    world.clock.advance(hours=23)
    change(world, contest, deadline=world.later(days=3))
    preview = world.nudges.preview(OLIVE, CHANNEL)
    assert ((), 3) == (preview.people, preview.rested)
    assert 0 == nudge(world, contest, "n2")
    world.clock.advance(hours=2)
    assert 3 == nudge(world, contest, "n3")
    assert 6 == len(world.letters("composer_nudge"))


def test_a_clock_that_was_wrong_by_a_month_silences_no_reminder(world: World) -> None:
    """Set back by an hour the day is a day, an hour more or less; reminders of next month hinder none today."""
    contest = opened(world)
    nudge(world, contest, "n1")
    world.clock.turn_back(hours=1)
    assert 0 == nudge(world, contest, "n2")
    world.clock.turn_back(days=30)
    assert 3 == nudge(world, contest, "n3")


def test_confirming_a_reminder_twice_sends_it_once(world: World) -> None:
    """And says the same both times; the trail names who was reminded, by whom."""
    contest = opened(world)
    assert [3, 3] == [nudge(world, contest), nudge(world, contest)]
    assert 3 == len(world.letters("composer_nudge"))
    with world.store.read() as work:
        (noted,) = [row for row in work.audit.of_contest(contest) if row.action == "nudge.sent"]
    assert (OLIVE, [ADA, BEN, CLEO]) == (noted.actor, noted.facts["people"])


def test_the_deadline_in_a_reminder_is_the_persons_own(world: World) -> None:
    """With the time they were given."""
    contest = opened(world)
    more = Extension(
        contest_id=contest,
        user_id=ADA,
        until=world.later(days=2),
        reason="ill",
        granted_by=OLIVE,
        granted_at=world.clock.now(),
    )
    with world.store.write() as work:
        work.contests.extend(more)
    nudge(world, contest)
    deadlines = {letter.recipient: letter.message["deadline"] for letter in world.letters("composer_nudge")}
    usual = "2026-11-20T14:00:00Z"
    assert {ADA: "2026-11-22T12:00:00Z", BEN: usual, CLEO: usual} == deadlines


@pytest.mark.parametrize(
    ("phase", "why"),
    [(Phase.DRAFT, "is not open yet"), (Phase.FINISHED, "is finished")],
)
def test_where_nobody_has_anything_to_do_nobody_is_reminded(world: World, phase: Phase, why: str) -> None:
    """The sentence says why, and what else there is."""
    world.contest(phase)
    with pytest.raises(Refusal) as refusal:
        world.nudges.preview(OLIVE, CHANNEL)
    assert f"*Bach Jam* {why}, so there is nothing to remind anybody of." in refusal.value.sentence


def test_after_the_deadline_nobody_is_asked_for_a_composition(world: World) -> None:
    """Also where the preview was looked at before it."""
    contest = opened(world)
    world.nudges.preview(OLIVE, CHANNEL)
    world.clock.advance(hours=3)
    with pytest.raises(Refusal) as refusal:
        nudge(world, contest)
    assert "takes no more compositions since its deadline" in refusal.value.sentence


def test_a_reminder_for_composers_does_not_go_to_judges(world: World) -> None:
    """The contest moved on between the look and the confirmation."""
    contest = opened(world)
    world.contests.add_judges(OLIVE, CHANNEL, [JUDY])
    world.contests.advance(OLIVE, contest, Phase.OPEN)
    with pytest.raises(Refusal) as refusal:
        world.nudges.send(OLIVE, contest, "n1", judges=False)
    assert "has moved on since you looked" in refusal.value.sentence


def test_only_organizers_remind(world: World) -> None:
    """Eve is nobody here, Ada composes."""
    contest = opened(world)
    for actor in (EVE, ADA):
        with pytest.raises(Refusal):
            world.nudges.send(actor, contest, "n1", judges=False)
    assert [] == world.letters("composer_nudge")
