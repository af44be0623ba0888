"""Organizers and judges come and go; a contest that is over is put away."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from bot.errors import Refusal
from bot.rules.phases import Phase
from bot.usecases.contests.staff import Judge, StaffChanged
from tests.makers.world import ADA, BEN, CHANNEL, DINA, GUS, JACK, JUDY, LOUNGE, OLIVE, ROBOT, World, small_world

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with small_world(tmp_path) as world:
        yield world


def test_an_organizer_is_added_and_told_once(world: World) -> None:
    """Ben can do what Olive can, in this contest and in no other."""
    contest = world.contest()
    other = world.contest(slug="other", channel_id=LOUNGE)
    assert StaffChanged("Bach Jam", (BEN,), (OLIVE,)) == world.staff.add_organizers(OLIVE, CHANNEL, [BEN, OLIVE, BEN])
    assert StaffChanged("Bach Jam", (), (BEN,)) == world.staff.add_organizers(OLIVE, CHANNEL, [BEN])
    assert [BEN] == [letter.recipient for letter in world.letters("organizer_welcome")]
    world.contests.advance(BEN, contest, Phase.OPEN)
    with pytest.raises(Refusal, match="for the organizers"):
        world.contests.advance(BEN, other, Phase.OPEN)


@pytest.mark.parametrize(
    ("stranger", "words"),
    [(GUS, "is a guest"), (ROBOT, "is a bot"), (DINA, "has been deactivated"), ("U0NOBODY", "I know nobody")],
)
def test_who_cannot_organize_is_refused_and_nobody_is_added(world: World, stranger: str, words: str) -> None:
    """One bad name stops the whole command."""
    contest = world.contest()
    with pytest.raises(Refusal, match=words):
        world.staff.add_organizers(OLIVE, CHANNEL, [BEN, stranger])
    with world.store.read() as work:
        assert [OLIVE] == work.contests.roles.holders(contest, "organizer")


def test_the_last_organizer_stays(world: World) -> None:
    """With another one there, they may go; whoever goes can change nothing any more."""
    contest = world.contest()
    world.directory.people[OLIVE] = replace(world.directory.people[OLIVE], is_admin=False)
    with pytest.raises(Refusal, match="add another organizer first"):
        world.staff.remove_organizers(OLIVE, CHANNEL, [OLIVE])
    world.staff.add_organizers(OLIVE, CHANNEL, [BEN])
    assert StaffChanged("Bach Jam", (OLIVE,), (ADA,)) == world.staff.remove_organizers(BEN, CHANNEL, [OLIVE, ADA])
    with pytest.raises(Refusal, match="for the organizers"):
        world.contests.advance(OLIVE, contest, Phase.OPEN)


def test_an_admin_who_is_removed_can_still_do_everything(world: World) -> None:
    """And the answer says so, lest anybody think otherwise."""
    world.contest()
    world.staff.add_organizers(OLIVE, CHANNEL, [BEN])
    assert StaffChanged("Bach Jam", (OLIVE,), (), (OLIVE,)) == world.staff.remove_organizers(BEN, CHANNEL, [OLIVE])


def test_a_judge_goes_who_has_rated_nothing(world: World) -> None:
    """Judy is told; nothing more is hers to rate. Named again, she is welcomed again."""
    contest = world.contest()
    world.contests.add_judges(OLIVE, CHANNEL, [JUDY, JACK])
    piece = world.accepted()
    world.contests.advance(OLIVE, contest, Phase.OPEN)
    assert StaffChanged("Bach Jam", (JUDY,), (ADA,)) == world.staff.remove_judges(OLIVE, CHANNEL, [JUDY, ADA])
    assert [JUDY] == [letter.recipient for letter in world.letters("judge_released")]
    with pytest.raises(Refusal):
        world.rate(JUDY, piece)
    world.clock.advance(minutes=1)
    world.contests.add_judges(OLIVE, CHANNEL, [JUDY])
    world.rate(JUDY, piece)


def test_a_judge_with_ratings_is_not_sent_away(world: World) -> None:
    """Whether what they gave still counts is for them to say; nobody named with them goes, either."""
    contest = world.contest()
    world.contests.add_judges(OLIVE, CHANNEL, [JUDY, JACK])
    piece = world.accepted()
    world.contests.advance(OLIVE, contest, Phase.OPEN)
    world.rate(JUDY, piece)
    with pytest.raises(Refusal, match="has given 1 rating, so I let nobody go"):
        world.staff.remove_judges(OLIVE, CHANNEL, [JACK, JUDY])
    with world.store.read() as work:
        assert {JUDY, JACK} == set(work.contests.roles.holders(contest, "judge"))


def test_progress_is_for_organizers(world: World) -> None:
    """Ada sees who judges, Olive also how far they are."""
    contest = world.contest()
    world.contests.add_judges(OLIVE, CHANNEL, [JUDY, JACK])
    pieces = [world.accepted(), world.accepted(BEN, "F2")]
    world.contests.advance(OLIVE, contest, Phase.OPEN)
    world.rate(JUDY, pieces[0])
    listed = world.staff.listed(OLIVE, CHANNEL)
    assert ((OLIVE,), True) == (listed.organizers, listed.judging)
    assert {Judge(JUDY, 1, 2, paused=False), Judge(JACK, 0, 2, paused=False)} == set(listed.judges)
    assert {Judge(JUDY, None, None, paused=False), Judge(JACK, None, None, paused=False)} == set(
        world.staff.listed(ADA, CHANNEL).judges
    )


def test_only_what_is_over_goes_into_the_archive(world: World) -> None:
    """There it leaves Home and answers elsewhere; its channel still tells, and a new contest can begin there."""
    contest = world.contest()
    with pytest.raises(Refusal, match="only a finished contest"):
        world.staff.archiving(OLIVE, CHANNEL)
    for phase in (Phase.OPEN, Phase.JUDGING):
        world.contests.advance(OLIVE, contest, phase)
    assert "Bach Jam" == world.staff.archiving(OLIVE, CHANNEL).name
    assert "Bach Jam" == world.staff.archive(OLIVE, contest)
    assert "Bach Jam" == world.staff.archive(OLIVE, contest)
    with world.store.read() as work:
        assert 1 == len([row for row in work.audit.of_contest(contest) if row.action == "contest.archived"])
    assert () == world.people.home(ADA).contests
    with pytest.raises(Refusal, match="no contest here yet"):
        world.contests.status(ADA, "D0ADA")
    status = world.contests.status(ADA, CHANNEL)
    assert "Bach Jam" == status.contest.name
    assert Phase.DRAFT == world.contests.create(world.new_contest(slug="next")).phase


def test_nothing_changes_in_the_archive(world: World) -> None:
    """Neither its settings, nor its phase, nor its people."""
    contest = world.contest(Phase.FINISHED)
    world.staff.archive(OLIVE, contest)
    for step in (
        lambda: world.editing.menu(OLIVE, CHANNEL),
        lambda: world.undoing.preview(OLIVE, CHANNEL),
        lambda: world.staff.add_organizers(OLIVE, CHANNEL, [BEN]),
        lambda: world.staff.archiving(OLIVE, CHANNEL),
    ):
        with pytest.raises(Refusal, match="in the archive"):
            step()


def test_participants_name_nobody(world: World) -> None:
    """Nor do they put anything away."""
    contest = world.contest(Phase.FINISHED)
    for step in (
        lambda: world.staff.add_organizers(ADA, CHANNEL, [ADA]),
        lambda: world.staff.remove_organizers(ADA, CHANNEL, [OLIVE]),
        lambda: world.staff.remove_judges(ADA, CHANNEL, [JUDY]),
        lambda: world.staff.archive(ADA, contest),
    ):
        with pytest.raises(Refusal, match="for the organizers"):
            step()


def test_people_are_listed_as_people_count(world: World) -> None:
    """P9 before P89, whatever their ids, and in whatever order they were named."""
    world.contest()
    for number, user_id in ((89, "U0A"), (10, "U0B"), (9, "U0C")):
        world.directory.add(user_id, f"P{number}", CHANNEL)
    world.contests.add_judges(OLIVE, CHANNEL, ["U0A", "U0B", "U0C"])
    world.staff.add_organizers(OLIVE, CHANNEL, ["U0A", "U0B", "U0C"])
    listed = world.staff.listed(OLIVE, CHANNEL)
    assert ["U0C", "U0B", "U0A"] == [judge.user_id for judge in listed.judges]
    assert (OLIVE, "U0C", "U0B", "U0A") == listed.organizers
