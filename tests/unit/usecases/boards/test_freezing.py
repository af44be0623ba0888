"""Freezing boards: from then on everything public stands still."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.errors import Refusal
from bot.rules.phases import Phase
from models.submissions import SubmissionState
from tests.makers.boards import change, judged, two_rounds
from tests.makers.fakes import NOON
from tests.makers.world import ADA, BEN, CHANNEL, JACK, JUDY, OLIVE, World, small_world

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bot.usecases.boards.letters import BoardRow


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with small_world(tmp_path) as world:
        yield world


@pytest.fixture
def pieces(world: World) -> tuple[str, str, str]:
    """Ada's before Ben's, and the board is frozen; Cleo's was never rated."""
    pieces = judged(world)
    world.rate(JUDY, pieces[0], 5, 5, 5)
    world.rate(JUDY, pieces[1], 4, 4, 4)
    world.freezing.freeze(OLIVE, world.piece(pieces[0]).contest_id)
    return pieces


def rows(world: World, user_id: str) -> tuple[BoardRow, ...]:
    return world.boards.show(user_id, CHANNEL).rows


def test_rating_after_the_freeze_changes_nothing_in_public(world: World, pieces: tuple[str, str, str]) -> None:
    """The board, its pages and everybody's own place stay as they were; organizers see what moved."""
    ada, ben, cleo = pieces
    contest = world.piece(ada).contest_id
    public, own = rows(world, ADA), [world.boards.place_of(user) for user in (ADA, BEN)]
    world.clock.advance(hours=1)
    for piece in pieces:
        world.rate(JACK, piece, *((5, 5, 5) if piece == ben else (1, 1, 1)))
    assert public == rows(world, ADA)
    assert public == world.boards.page(BEN, contest, world.row(contest).frozen_board_id or "", 1).rows
    assert own == [world.boards.place_of(user) for user in (ADA, BEN)]
    board = world.boards.show(OLIVE, CHANNEL)
    assert ("organizer", NOON) == (board.seen_as, board.frozen_at)
    assert [ben, ada, cleo] == [row.submission_id for row in board.rows]


def test_no_board_is_posted_on_schedule_while_it_is_frozen(world: World, pieces: tuple[str, str, str]) -> None:
    """The channel is told once that it is; after the thaw the schedule goes on."""
    contest = world.piece(pieces[0]).contest_id
    assert (False, ()) == (world.boards.post_slot(contest, NOON), world.boards.schedules())
    (letter,) = world.letters("board_frozen", CHANNEL)
    assert (True, world.row(contest).frozen_board_id) == (letter.message["frozen"], letter.message["snapshot_id"])
    world.freezing.thaw(OLIVE, contest)
    assert [True, False] == [letter.message["frozen"] for letter in world.letters("board_frozen", CHANNEL)]
    assert world.boards.post_slot(contest, NOON)


def test_after_the_thaw_everybody_sees_the_board_of_now(world: World, pieces: tuple[str, str, str]) -> None:
    """With all that was rated meanwhile."""
    ada, ben, _ = pieces
    world.rate(JACK, ada, 1, 1, 1)
    world.freezing.thaw(OLIVE, world.piece(ada).contest_id)
    assert [ben, ada] == [row.submission_id for row in rows(world, ADA)]


def test_what_is_withdrawn_leaves_the_frozen_board_and_the_others_keep_their_order(
    world: World, pieces: tuple[str, str, str]
) -> None:
    """Its place closes up."""
    ada, ben, cleo = pieces
    for gone, left in ((cleo, [(1, ada), (2, ben)]), (ada, [(1, ben)])):
        with world.store.write() as work:
            piece = work.submissions.get(gone)
            assert piece is not None
            piece.state = SubmissionState.WITHDRAWN
        board = world.boards.show(BEN, CHANNEL)
        assert (left, ()) == ([(row.place, row.submission_id) for row in board.rows], board.unrated)


def test_a_finalist_who_leaves_a_frozen_board_before_being_heard_there_counts_no_more(world: World) -> None:
    """Those behind the finalists move up by one."""
    contest, (ada, ben, cleo) = two_rounds(world, finalists=2)
    world.rate(JUDY, ben, 2, 2, 2)
    world.freezing.freeze(OLIVE, contest)
    assert [(1, ben), (3, cleo)] == [(row.place, row.submission_id) for row in rows(world, BEN)]
    with world.store.write() as work:
        piece = work.submissions.get(ada)
        assert piece is not None
        piece.state = SubmissionState.WITHDRAWN
    board = world.boards.show(BEN, CHANNEL)
    assert ((), [(1, ben), (2, cleo)]) == (board.pending, [(row.place, row.submission_id) for row in board.rows])


def test_the_end_of_the_contest_ends_the_freeze(world: World, pieces: tuple[str, str, str]) -> None:
    """The final board counts every rating; the preview of the end says so."""
    ada, ben, _ = pieces
    world.rate(JACK, ada, 1, 1, 1)
    assert (
        "The freeze of the board ends: everybody sees how it ended."
        in world.contests.preview_next(OLIVE, CHANNEL).effects
    )
    world.contests.advance(OLIVE, world.piece(ada).contest_id, Phase.JUDGING)
    board = world.boards.show(ADA, CHANNEL)
    assert (None, [ben, ada]) == (board.frozen_at, [row.submission_id for row in board.rows])


def test_a_frozen_board_shows_no_more_than_the_mode(world: World, pieces: tuple[str, str, str]) -> None:
    """Ranks without scores, and nothing where places are hidden, also where the mode was changed after the freeze."""
    contest = world.piece(pieces[0]).contest_id
    change(world, contest, board_mode="ranks")
    assert [None, None] == [row.score for row in rows(world, ADA)]
    change(world, contest, board_mode="hidden")
    assert () == rows(world, ADA)
    change(world, contest, board_mode="full")
    assert [5.0, 4.0] == [row.score for row in rows(world, ADA)]


def test_freezing_twice_is_freezing_once(world: World, pieces: tuple[str, str, str]) -> None:
    """The first moment holds, and it is told and noted once; so it is with the thaw."""
    contest = world.piece(pieces[0]).contest_id
    first = world.row(contest).frozen_board_id
    world.freezing.freeze(OLIVE, contest)
    assert first == world.row(contest).frozen_board_id
    world.freezing.thaw(OLIVE, contest)
    world.freezing.thaw(OLIVE, contest)
    assert 2 == len(world.letters("board_frozen"))
    with world.store.read() as work:
        done = [row.action for row in work.audit.of_contest(contest) if row.action.startswith("board.")]
    assert ["board.frozen", "board.thawed"] == done


def test_the_preview_counts_and_changes_nothing(world: World) -> None:
    """What stands on the board, before anybody confirms."""
    ada, _, _ = judged(world)
    world.rate(JUDY, ada, 5, 5, 5)
    preview = world.freezing.preview(OLIVE, CHANNEL, freeze=True)
    assert (None, 1, 1, True) == (preview.frozen_at, preview.rated, preview.ratings, preview.scheduled)
    assert world.row(preview.contest_id).frozen_board_id is None


@pytest.mark.parametrize(
    ("phase", "fields", "freeze", "sentence"),
    [
        (Phase.OPEN, {}, True, "A board moves while judges rate, and *Bach Jam* is not being judged now"),
        (Phase.JUDGING, {"board_mode": "hidden"}, True, "so there is nothing to freeze."),
        (Phase.JUDGING, {}, False, "The board of *Bach Jam* is not frozen."),
    ],
)
def test_where_there_is_nothing_to_freeze_or_to_thaw(
    world: World, phase: Phase, fields: dict[str, str], freeze: bool, sentence: str
) -> None:
    """The sentence says why, and what can be done."""
    change(world, world.contest(phase), **fields)
    with pytest.raises(Refusal) as refusal:
        world.freezing.preview(OLIVE, CHANNEL, freeze=freeze)
    assert sentence in refusal.value.sentence


def test_only_organizers_freeze(world: World, pieces: tuple[str, str, str]) -> None:
    """A judge may not, and the board stays frozen."""
    contest = world.piece(pieces[0]).contest_id
    for act in (world.freezing.freeze, world.freezing.thaw):
        with pytest.raises(Refusal):
            act(JUDY, contest)
    assert world.row(contest).frozen_board_id is not None
