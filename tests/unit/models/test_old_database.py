"""A deployment's database goes on: what an earlier build left is migrated, and works."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.errors import Refusal
from bot.usecases.boards.leaderboard import FINAL, stored_board
from bot.usecases.records.auditing import Audits
from migrations import run
from models.submissions import SubmissionState
from tests.makers.fakes import RecordingPostman
from tests.makers.old_database import FIRST, deliver, going_on, loaded, work_off
from tests.makers.world import ADA, CHANNEL, CLEO, LOUNGE, OLIVE, World

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with going_on(tmp_path / "kantor.db") as world:
        yield world


def test_it_is_brought_to_the_present_tables(tmp_path: Path) -> None:
    """And Alembic finds nothing more to change."""
    url = loaded(tmp_path / "kantor.db")
    run.upgrade(url)
    run.check(url)


def test_the_boards_are_what_they_were(world: World) -> None:
    """Both boards of the contest that ended, counted anew from what is stored, say what was told then."""
    with world.store.read() as work:
        contest = work.contests.by_slug(FIRST)
        assert contest is not None
        told = work.boards.newest(contest.id, FINAL)
        assert told is not None
        then = stored_board(work, contest, told)
    now = world.boards.show(OLIVE, CHANNEL)
    assert 4 == len(now.rows)
    assert (then.rows, then.ai_rows, then.unrated) == (now.rows, now.ai_rows, now.unrated)


def test_its_trails_are_chains_now(world: World) -> None:
    """In order of time, as their last entries say."""
    assert [True, True] == [each.fits for each in Audits(world.store).verify()]


def test_what_waited_goes_out(world: World) -> None:
    """The receipt that was written by the old build, and the card of the check that stood in its queue."""
    world.files.uploaded["F22"] = b"bytes of F22"
    work_off(world)
    postman = RecordingPostman()
    deliver(world, postman)
    below = [letter.message["kind"] for letter in postman.delivered if letter.to == LOUNGE]
    assert ["receipt", "card"] == below


def test_an_upload_goes_on(world: World) -> None:
    """A new composition, and a new version of an old one, in the thread of the card that the old build had sent."""
    with world.store.read() as work:
        card = next(letter for letter in work.outbox.of_kinds("card") if letter.recipient == LOUNGE)
    assert card.sent_ts is not None
    first = world.upload(ADA, "F31", "Another.mid", channel_id=LOUNGE, at=world.clock.now())
    second = world.upload(ADA, "F30", "New leaves.mid", channel_id=LOUNGE, thread_ts=card.sent_ts)
    assert first is not None
    assert second is not None
    world.verdicts.check(first.id)
    world.verdicts.check(second.id)
    states = {piece.id: (piece.version, piece.state) for piece in (world.piece(first.id), world.piece(second.id))}
    assert {first.id: (1, SubmissionState.ACCEPTED), second.id: (2, SubmissionState.ACCEPTED)} == states


def test_a_file_that_waits_is_decided_about(world: World) -> None:
    """The letter of the old build to the organizer loses its buttons."""
    (late,) = world.late_files.waiting(OLIVE, LOUNGE).waiting
    world.late_files.decide(OLIVE, late.submission_id, accept=True)
    with world.store.read() as work:
        (settled,) = [letter for letter in work.outbox.of_kinds("late_alarm") if letter.state == "pending"]
    assert (CLEO, OLIVE) == (late.author, settled.recipient)
    assert settled.edits is not None


def test_what_was_done_is_not_done_again(world: World) -> None:
    """The organizers were told once what will be erased, the feedback went out, and an end that was told is not taken back."""
    world.erasure.keep_times()
    assert 1 == len(world.letters("retention_soon"))
    for again in (world.feedback.begin, world.undoing.preview):
        with pytest.raises(Refusal, match="goes out once"):
            again(OLIVE, CHANNEL)
