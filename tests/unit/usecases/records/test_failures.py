"""What failed for good is seen by those who can do something about it, and is tried again or dropped: by one hand, once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.errors import Refusal
from bot.rules.phases import Phase
from bot.tasks import tasks
from bot.usecases.records.erasure import ERASE_FILES
from bot.usecases.records.failures import IN_WORDS
from models.jobs import Job, JobState
from tests.makers.world import ADA, BEN, CHANNEL, OLIVE, World, small_world

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with small_world(tmp_path) as world:
        yield world


def given_up(world: World, author: str = ADA) -> tuple[str, Job]:
    """A composition that could not be checked, told to everybody, and its job."""
    piece = world.upload(author, f"F{author}")
    assert piece is not None
    world.clock.advance(minutes=2)
    world.verdicts.give_up(piece.id, "ab12cd34")
    return piece.id, failed(world, f"check:{piece.id}")


def failed(world: World, key: str) -> Job:
    """That job, after its last try."""
    with world.store.write() as work:
        job = work.jobs.by_key(key)
        assert job is not None
        job.state, job.taken_at, job.attempts = JobState.FAILED, world.clock.now(), 6
    return job


def state(world: World, job: Job) -> tuple[JobState, int]:
    with world.store.read() as work:
        row = work.jobs.get(job.id)
    assert row is not None
    return row.state, row.attempts


def test_each_job_has_words_for_people(world: World) -> None:
    """None of them is forgotten."""
    assert set(tasks(world)) == set(IN_WORDS)


def test_organizers_see_how_many_failed_and_what(world: World) -> None:
    """Those of their contest; others are not told, and refused."""
    contest = world.contest()
    _, job = given_up(world)
    other = world.contest(name="Other", slug="other", channel_id="C0LOUNGE")
    assert (1, False) == (
        world.contests.status(OLIVE, CHANNEL).jobs_failed,
        world.contests.status(OLIVE, CHANNEL).unattended,
    )
    assert world.contests.status(ADA, CHANNEL).jobs_failed is None
    (row,) = world.failures.listed(OLIVE, contest).jobs
    assert (job.id, "the check of a composition", job.id[:8]) == (row.job_id, row.what, row.reference)
    assert () == world.failures.listed(OLIVE, other).jobs
    with pytest.raises(Refusal):
        world.failures.listed(ADA, contest)


def test_a_check_is_tried_again_as_if_it_were_new(world: World) -> None:
    """The composition waits for it as it did before, gets its card, and a second press does nothing."""
    contest = world.contest()
    piece, job = given_up(world)
    for _ in range(2):
        world.failures.again(OLIVE, contest, job.id)
    assert (JobState.QUEUED, 0) == state(world, job)
    tasks(world)[job.name].run(job.args)
    assert "accepted" == world.piece(piece).state
    assert () == world.failures.listed(OLIVE, contest).jobs


def test_what_its_author_has_sent_in_again_is_not_tried(world: World) -> None:
    """Nor after the end: the organizer reads why, and can drop it."""
    contest = world.contest()
    piece, job = given_up(world)
    world.accepted(ADA, "F2")
    with pytest.raises(Refusal, match="sent it in once more"):
        world.failures.again(OLIVE, contest, job.id)
    assert ("failed", (JobState.FAILED, 6)) == (world.piece(piece).state, state(world, job))


def test_nothing_is_checked_after_the_end(world: World) -> None:
    """There is no place for it any more."""
    contest = world.contest()
    _, job = given_up(world)
    for phase in (Phase.OPEN, Phase.JUDGING):
        world.contests.advance(OLIVE, contest, phase)
    with pytest.raises(Refusal, match="is finished"):
        world.failures.again(OLIVE, contest, job.id)


def test_whom_it_was_for_is_told_when_it_is_dropped(world: World) -> None:
    """Once, by a letter with the reference; the trail says who did it."""
    contest = world.contest()
    _, job = given_up(world)
    for _ in range(2):
        world.failures.drop(OLIVE, contest, job.id)
    assert JobState.DROPPED == state(world, job)[0]
    (letter,) = world.letters("job_dropped")
    assert (ADA, job.id[:8]) == (letter.recipient, letter.message["reference"])
    with world.store.read() as work:
        assert 1 == sum(entry.action == "job.dropped" for entry in work.audit.of_contest(contest))


def test_what_belongs_to_no_single_contest_is_dropped_by_whoever_runs_the_bot(world: World) -> None:
    """Files that an erasure left behind, above all; every organizer may have it tried again."""
    contest = world.contest()
    world.accepted(BEN, "F1")
    key = f"{ERASE_FILES}:{world.erasure.erase(OLIVE, BEN, 'Ben').token}"
    job = failed(world, key)
    with pytest.raises(Refusal, match="kantor jobs"):
        world.failures.drop(OLIVE, contest, job.id)
    world.failures.again(OLIVE, contest, job.id)
    assert JobState.QUEUED == state(world, job)[0]
    failed(world, key)
    assert job.id == world.failures.settle(job.id, drop=True).job_id
    assert JobState.DROPPED == state(world, job)[0]


def test_whoever_runs_the_bot_names_a_job_by_the_beginning_of_its_id(world: World) -> None:
    """What names none, or several, changes nothing."""
    world.contest()
    _, job = given_up(world)
    given_up(world, BEN)
    assert 2 == len(world.failures.all())
    for start in ("", "nothing", "0"):
        with pytest.raises(Refusal):
            world.failures.settle(start, drop=False)
    assert "the check of a composition" == world.failures.settle(job.id, drop=False).what
    assert (1, (JobState.QUEUED, 0)) == (len(world.failures.all()), state(world, job))
