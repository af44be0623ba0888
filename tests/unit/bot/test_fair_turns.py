"""The work of many people at once: each kind of job that is done for a person knows whom, and people take turns."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from random import Random
from typing import TYPE_CHECKING

import pytest

from bot.usecases.submissions.corrections import Correct
from bot.usecases.submissions.handins import WindowFile
from tests.makers.world import ADA, BEN, CHANNEL, CLEO, JUDY, OLIVE, World, small_world

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from models.jobs import Job


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with small_world(tmp_path) as world:
        yield world


def taken(world: World) -> list[Job]:
    """All jobs that wait, in the order in which they are taken up."""
    jobs = []
    with world.store.write() as work:
        while (job := work.jobs.claim(world.clock.now(), timedelta(hours=1))) is not None:
            jobs.append(job)
    return jobs


def checked(jobs: list[Job]) -> list[str | None]:
    """Whose files were checked, in order."""
    return [job.owner for job in jobs if job.name == "check_submission"]


def test_ten_files_of_one_person_make_another_wait_for_one(world: World) -> None:
    """Ada sends ten, then Ben and Cleo one each: theirs come after her first."""
    world.contest(submission_limit=10)
    for number in range(10):
        world.upload(ADA, f"F{number}", f"Tide {number}.mid")
        world.clock.advance(seconds=1)
    world.upload(BEN, "F10", "Rain.mid")
    world.upload(CLEO, "F11", "Snow.mid")
    assert [ADA, BEN, CLEO, *[ADA] * 9] == checked(taken(world))


@pytest.mark.parametrize("seed", range(3))
def test_nobodys_third_card_comes_before_anybodys_first(world: World, seed: int) -> None:
    """Twelve people send three files each at once, by direct message; two are checked side by side, some quickly and some not."""
    world.contest()
    chance, people = Random(seed), [f"U0P{number:02d}" for number in range(12)]
    for person in people:
        world.directory.add(person, person.title(), CHANNEL)
    for file, person in enumerate(chance.sample(people * 3, 36)):
        world.upload(person, f"F{file}", f"Tide {file}.mid", dm=True)
    hands: list[Job] = []
    while True:
        with world.store.write() as work:
            job = work.jobs.claim(world.clock.now(), timedelta(hours=1))
        if job is not None:
            hands.append(job)
        if not hands:
            break
        if job is None or len(hands) == 2:
            _do(world, hands.pop(chance.randrange(len(hands))))
    order = [letter.recipient.removeprefix("D") for letter in world.letters("card")]
    assert {3} == set(Counter(order).values())
    assert set(people) == set(order[:24])
    assert all(order[: order.index(person)].count(other) < 3 for person in people for other in people)


def _do(world: World, job: Job) -> None:
    if job.name == "check_submission":
        world.verdicts.check(job.args["submission_id"])
    with world.store.write() as work:
        assert work.jobs.finish(job.id, job.claims)


def test_every_job_for_a_person_knows_whom(world: World) -> None:
    """The check of an upload, of a late file and of a corrected one; the comparison, the practice piece and an export."""
    world.contest(practice=True)
    first = world.accepted(ADA, "F1")
    world.contests.add_judges(OLIVE, CHANNEL, [JUDY])
    world.exports.ask(OLIVE, CHANNEL)
    world.clock.advance(hours=3)
    late = world.upload(BEN, "F2", "Rain.mid")
    assert late is not None
    world.late_files.decide(OLIVE, late.id, accept=True)
    world.corrections.correct(
        Correct(OLIVE, first, WindowFile("F3", "Tide.mid", "", "", 300, world.clock.now()), "Wrong file attached")
    )
    whose = Counter((job.name, job.owner) for job in taken(world))
    assert {
        ("check_submission", ADA): 2,
        ("compare_submission", ADA): 1,
        ("check_submission", BEN): 2,
        ("offer_practice", JUDY): 1,
        ("export", OLIVE): 1,
    } == {job: number for job, number in whose.items() if job[1] is not None}
    assert {"refresh_checklists"} == {name for name, owner in whose if owner is None}
