"""Letting a judge go whose ratings should not count."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.errors import Refusal
from bot.rules.phases import Phase
from bot.rules.roles import Role
from bot.usecases.contests.voiding import Move
from bot.usecases.records.exporting import files_of
from tests.makers.world import ADA, BEN, CHANNEL, CLEO, JACK, JUDY, OLIVE, World, small_world

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with small_world(tmp_path) as world:
        yield world


def judged(world: World) -> tuple[str, str, str]:
    """Judy likes Ada's piece, Jack Ben's; Cleo's was heard by Jack alone. The contest, and the pieces of Ada and Ben."""
    contest = world.contest()
    world.contests.add_judges(OLIVE, CHANNEL, [JUDY, JACK])
    ada, ben, cleo = (world.accepted(author, f"F{author}", f"{author}.mid") for author in (ADA, BEN, CLEO))
    world.contests.advance(OLIVE, contest, Phase.OPEN)
    world.rate(JUDY, ada, 5, 5, 5)
    world.rate(JUDY, ben, 3, 3, 3)
    world.rate(JACK, ada, 1, 1, 1)
    world.rate(JACK, ben, 5, 5, 5)
    world.rate(JACK, cleo, 2, 2, 2)
    return contest, ada, ben


def board(world: World) -> list[tuple[int, float | None]]:
    return [(row.place, row.score) for row in world.boards.show(OLIVE, CHANNEL).rows]


def test_voiding_is_previewed_with_what_moves(world: World) -> None:
    """Nothing has changed yet; whoever judges blind sees no names."""
    _, ada, ben = judged(world)
    before = board(world)
    preview = world.voiding.preview(OLIVE, CHANNEL, JACK)
    names = {ada: f"{world.piece(ada).title} by Ada", ben: f"{world.piece(ben).title} by Ben"}
    assert preview.moves is not None
    assert {Move(names[ada], 2, 1), Move(names[ben], 1, 2)} <= set(preview.moves)
    assert [None] == [move.after for move in preview.moves if move.name not in names.values()]
    assert 3 == preview.ratings
    assert before == board(world)
    with world.store.write() as work:
        work.contests.roles.give(preview.contest_id, OLIVE, Role.JUDGE, added_by=OLIVE, now=world.clock.now())
    assert world.voiding.preview(OLIVE, CHANNEL, JACK).moves is None


def test_void_ratings_count_nowhere_and_everybody_is_told(world: World) -> None:
    """The board, the export's own reasons, the judge, the organizers and the trail; what was given stays stored."""
    contest, *_ = judged(world)
    assert 3 == world.voiding.void(OLIVE, contest, JACK, "knew the composers").ratings
    assert 0 == world.voiding.void(OLIVE, contest, JACK, "knew the composers").ratings
    assert [(1, 5.0), (2, 3.0)] == board(world)
    letters = {letter.recipient: letter.message for letter in world.letters("ratings_voided")}
    assert {(JACK, True), (OLIVE, False)} == {(to, message["to_judge"]) for to, message in letters.items()}
    assert {"knew the composers"} == {message["reason"] for message in letters.values()}
    with world.store.read() as work:
        row = work.contests.get(contest)
        assert row is not None
        ratings = files_of(work, row, work.ratings.given(contest), world.clock.now())["ratings.csv"].splitlines()
        assert ["judge.voided"] == [
            each.action for each in [row for row in work.audit.of_contest(contest) if row.action == "judge.voided"]
        ]
    assert 3 == sum("declared void" in line for line in ratings)
    with pytest.raises(Refusal, match="not one of them"):
        world.rate(JACK, judged_piece(world), 5, 5, 5)


def judged_piece(world: World) -> str:
    """Any piece of the contest."""
    with world.store.read() as work:
        return work.submissions.accepted(work.contests.newest_first()[0].id)[0].id


def test_it_is_undone_until_the_end(world: World) -> None:
    """Everything counts again, and the judge goes on; who is void is not added anew by mistake."""
    contest, *_ = judged(world)
    before = board(world)
    world.voiding.void(OLIVE, contest, JACK, "a mistake")
    with pytest.raises(Refusal, match="judges restore"):
        world.contests.add_judges(OLIVE, CHANNEL, [JACK])
    world.voiding.restore(OLIVE, CHANNEL, JACK)
    world.voiding.restore(OLIVE, CHANNEL, JACK)
    assert before == board(world)
    assert 2 == len(world.letters("ratings_restored"))
    with world.store.read() as work:
        assert work.contests.roles.has(contest, JACK, Role.JUDGE)
    world.voiding.void(OLIVE, contest, JACK, "once more")
    world.contests.advance(OLIVE, contest, Phase.JUDGING)
    with pytest.raises(Refusal, match="is finished"):
        world.voiding.restore(OLIVE, CHANNEL, JACK)


def test_who_left_before_stays_away(world: World) -> None:
    """Their ratings count again, and nothing more."""
    contest, *_ = judged(world)
    world.marks.leave(JACK, contest, "no more time", counted=True)
    world.clock.advance(hours=1)
    world.voiding.void(OLIVE, contest, JACK, "knew the composers")
    world.voiding.restore_in(OLIVE, contest, JACK)
    (letter,) = world.letters("ratings_restored", JACK)
    assert letter.message["judges_again"] is False
    with world.store.read() as work:
        assert not work.contests.roles.has(contest, JACK, Role.JUDGE)


@pytest.mark.parametrize("reason", ["", "   ", "x" * 501])
def test_a_reason_is_asked_for(world: World, reason: str) -> None:
    """The judge reads it."""
    contest, *_ = judged(world)
    with pytest.raises(Refusal) as refusal:
        world.voiding.void(OLIVE, contest, JACK, reason)
    assert "reason" == refusal.value.field
    for step in (
        lambda: world.voiding.void(ADA, contest, JACK, "no"),
        lambda: world.voiding.restore(ADA, CHANNEL, JACK),
        lambda: world.voiding.preview(ADA, CHANNEL, JACK),
        lambda: world.voiding.preview(OLIVE, CHANNEL, BEN),
    ):
        with pytest.raises(Refusal):
            step()
