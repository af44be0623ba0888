"""A fair order between people: whoever had the fewest turns lately comes first, nobody waits for ever, one's own work keeps its order."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.jobs import RECENT, JobState
from models.store import Store
from tests.makers.databases import with_tables

if TYPE_CHECKING:
    import pytest

LEASE, SECOND = timedelta(seconds=60), timedelta(seconds=1)


def enqueue(store: Store, job_id: str, owner: str | None, run_at: datetime) -> None:
    with store.write() as work:
        assert work.jobs.enqueue(job_id, "check", f"check:{job_id}", {}, run_at, owner=owner)


def do_one(store: Store, now: datetime) -> str | None:
    """Take up the next job and finish it; its id."""
    with store.write() as work:
        job = work.jobs.claim(now, LEASE)
        if job is None:
            return None
        assert work.jobs.finish(job.id, job.claims)
        return job.id


def done(store: Store, now: datetime, number: int) -> list[str | None]:
    """So many jobs one after the other, a second each."""
    return [do_one(store, now + turn * SECOND) for turn in range(number)]


def test_ten_versions_of_one_person_let_another_pass(store: Store, now: datetime) -> None:
    """Ada sent ten files, then Ben sent one: his is the second, and hers keep their order."""
    for number in range(10):
        enqueue(store, f"ada-{number}", "ADA", now - (10 - number) * SECOND)
    enqueue(store, "ben-0", "BEN", now)
    assert ["ada-0", "ben-0", *(f"ada-{number}" for number in range(1, 10))] == done(store, now, 11)


def test_what_is_in_work_counts_as_a_turn(store: Store, now: datetime) -> None:
    """While Ada's first is still in work, the second worker takes Ben's."""
    for number in range(3):
        enqueue(store, f"ada-{number}", "ADA", now - 9 * SECOND)
    enqueue(store, "ben-0", "BEN", now)
    with store.write() as work:
        taken = [work.jobs.claim(now, LEASE) for _ in range(2)]
    assert [("ADA", JobState.RUNNING), ("BEN", JobState.RUNNING)] == [
        (job.owner, job.state) for job in taken if job is not None
    ]


def test_several_people_take_turns(store: Store, now: datetime) -> None:
    """Three with three jobs each, sent one person after the other, are done in rounds."""
    for place, owner in enumerate("ABC"):
        for number in range(3):
            enqueue(store, f"{owner}{number}", owner, now - (9 - 3 * place - number) * SECOND)
    assert ["A0", "B0", "C0", "A1", "B1", "C1", "A2", "B2", "C2"] == done(store, now, 9)


def test_what_is_for_many_comes_first(store: Store, now: datetime) -> None:
    """A job without an owner is not behind those of people who had a turn."""
    enqueue(store, "ada-0", "ADA", now - 3 * SECOND)
    enqueue(store, "ada-1", "ADA", now - 2 * SECOND)
    enqueue(store, "all", None, now - SECOND)
    assert ["ada-0", "all", "ada-1"] == done(store, now, 3)


def test_newcomers_keep_nobody_waiting_for_ever(store: Store, now: datetime) -> None:
    """Each second somebody new sends a file, and one is done each second: Ada's second comes when her turn is forgotten."""
    enqueue(store, "ada-0", "ADA", now)
    enqueue(store, "ada-1", "ADA", now)
    assert "ada-0" == do_one(store, now)
    moment = now
    for number in range(int(RECENT / SECOND) + 5):
        moment = now + (number + 1) * SECOND
        enqueue(store, f"new-{number}", f"NEW{number}", moment)
        if do_one(store, moment) == "ada-1":
            break
    assert now + RECENT == moment


def test_turns_of_a_clock_that_went_back_do_not_count(store: Store, now: datetime) -> None:
    """Ada had her turn "in an hour": she is not put behind Ben for that."""
    enqueue(store, "ada-0", "ADA", now - 9 * SECOND)
    assert "ada-0" == do_one(store, now + timedelta(hours=1))
    enqueue(store, "ada-1", "ADA", now - 2 * SECOND)
    enqueue(store, "ben-0", "BEN", now - SECOND)
    assert ["ada-1", "ben-0"] == done(store, now, 2)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(sent=st.lists(st.sampled_from("ABCD"), min_size=1, max_size=20))
def test_rounds(sent: list[str], tmp_path_factory: pytest.TempPathFactory, now: datetime) -> None:
    """Whoever sent however much in whatever order: all is done, each one's in their order, and nobody twice while another waits."""
    store = Store(with_tables(tmp_path_factory.mktemp("fair") / "kantor.db"))
    mine = defaultdict[str, list[str]](list)
    for place, owner in enumerate(sent):
        mine[owner].append(f"{owner}{place:02d}")
        enqueue(store, mine[owner][-1], owner, now - (len(sent) - place) * SECOND)
    order = [str(job) for job in done(store, now, len(sent))]
    store.dispose()
    assert dict(mine) == {owner: [job for job in order if job.startswith(owner)] for owner in mine}
    turns = [mine[job[0]].index(job) for job in order]
    assert turns == sorted(turns)
