"""The queue of work: unique keys, leases, attempts, and what a slow worker may still say."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.jobs import Job, JobState
from models.store import Store
from tests.makers.databases import with_tables

if TYPE_CHECKING:
    import pytest

LEASE = timedelta(seconds=60)
SECOND = timedelta(seconds=1)


def enqueue(store: Store, number: int, run_at: datetime) -> bool:
    with store.write() as work:
        return work.jobs.enqueue(f"job-{number}", "check", f"check:{number}", {"submission_id": str(number)}, run_at)


def claim(store: Store, now: datetime) -> Job | None:
    with store.write() as work:
        return work.jobs.claim(now, LEASE)


def state(store: Store, number: int) -> tuple[JobState, int, str | None]:
    with store.read() as work:
        job = work.jobs.get(f"job-{number}")
    assert job is not None
    return job.state, job.attempts, job.error


def test_key_is_taken_once(store: Store, now: datetime) -> None:
    """A second job of the same key is not written, even after the first one was done."""
    first = enqueue(store, 1, now)
    second = enqueue(store, 1, now)
    claim(store, now)
    with store.write() as work:
        work.jobs.finish("job-1", 1)

    assert (True, False, False) == (first, second, enqueue(store, 1, now))


def test_claim_gives_what_was_queued(store: Store, now: datetime) -> None:
    """A claimed job has its arguments, a lease, and counts its attempt."""
    enqueue(store, 1, now)

    job = claim(store, now)

    assert job is not None
    assert ({"submission_id": "1"}, JobState.RUNNING, now + LEASE, 1) == (
        job.args,
        job.state,
        job.lease_until,
        job.attempts,
    )


def test_claim_takes_the_longest_due(store: Store, now: datetime) -> None:
    """Jobs are taken in the order in which they became due, and none before its time."""
    for number, wait in ((1, 3), (2, 1), (3, 2)):
        enqueue(store, number, now + wait * SECOND)

    taken = [claim(store, now + 2 * SECOND) for _ in range(3)]

    assert ["job-2", "job-3", None] == [job and job.id for job in taken]


def test_lease_keeps_others_away(store: Store, now: datetime) -> None:
    """A job that is being worked on is nobody else's until its lease is over; then it is taken up again, and counted."""
    enqueue(store, 1, now)
    claim(store, now)

    early, late = claim(store, now + LEASE - SECOND), claim(store, now + LEASE)

    assert (None, 2) == (early, late and late.attempts)


def test_extended_lease(store: Store, now: datetime) -> None:
    """A lease that was extended in time holds for longer."""
    enqueue(store, 1, now)
    claim(store, now)
    with store.write() as work:
        work.jobs.extend("job-1", 1, now + 2 * LEASE, now=now)

    assert None is claim(store, now + LEASE)


def test_overtaken_worker_changes_nothing(store: Store, now: datetime) -> None:
    """A worker whose job was taken up by another can no longer finish, fail, put off, release or keep it."""
    enqueue(store, 1, now)
    claim(store, now)
    claim(store, now + LEASE)

    with store.write() as work:
        said = (
            work.jobs.finish("job-1", 1),
            work.jobs.fail("job-1", 1, "late"),
            work.jobs.retry("job-1", 1, now, "late", now=now),
            work.jobs.release("job-1", 1, now, now=now),
            work.jobs.extend("job-1", 1, now, now=now),
        )

    assert ((False,) * 5, (JobState.RUNNING, 2, None)) == (said, state(store, 1))


def test_retry_waits(store: Store, now: datetime) -> None:
    """A job that is put off keeps its error, and is not taken before its time."""
    enqueue(store, 1, now)
    claim(store, now)
    with store.write() as work:
        work.jobs.retry("job-1", 1, now + SECOND, "Unavailable", now=now)

    assert (JobState.QUEUED, 1, "Unavailable") == state(store, 1)
    assert None is claim(store, now)
    assert None is not claim(store, now + SECOND)


def test_release_does_not_count(store: Store, now: datetime) -> None:
    """A job that is given back untouched has its attempt taken off again."""
    enqueue(store, 1, now)
    claim(store, now)
    with store.write() as work:
        work.jobs.release("job-1", 1, now, now=now)

    assert (JobState.QUEUED, 0, None) == state(store, 1)


def test_failed_job_stays(store: Store, now: datetime) -> None:
    """A job that failed for good is kept, with its error, and never taken again."""
    enqueue(store, 1, now)
    claim(store, now)
    with store.write() as work:
        work.jobs.fail("job-1", 1, "given up")

    assert ((JobState.FAILED, 1, "given up"), None) == (state(store, 1), claim(store, now + 10 * LEASE))


def test_due_in(store: Store, now: datetime) -> None:
    """The wait until the next job: none when there is nothing, the time until it is due, zero, the rest of a lease."""
    waits = []
    with store.read() as work:
        waits.append(work.jobs.due_in(now))
    enqueue(store, 1, now + 5 * SECOND)
    for moment in (now, now + 9 * SECOND):
        with store.read() as work:
            waits.append(work.jobs.due_in(moment))
    claim(store, now + 9 * SECOND)
    with store.read() as work:
        waits.append(work.jobs.due_in(now + 10 * SECOND))

    assert [None, 5 * SECOND, 0 * SECOND, LEASE - SECOND] == waits


STEPS = st.lists(
    st.tuples(st.sampled_from(["enqueue", "claim", "finish", "retry", "crash"]), st.integers(0, 4)), max_size=25
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_never_two_owners(
    steps: list[tuple[str, int]], tmp_path_factory: pytest.TempPathFactory, now: datetime
) -> None:
    """Whatever is enqueued, claimed, finished, put off or left by a crash: no job has two owners, and none is done twice."""
    store = Store(with_tables(tmp_path_factory.mktemp("jobs") / "kantor.db"))
    moment, owned, done = now, dict[str, int](), list[str]()
    for step, number in steps:
        if step == "enqueue":
            enqueue(store, number, moment)
        elif step == "claim" and (job := claim(store, moment)) is not None:
            assert job.id not in owned
            assert job.id not in done
            owned[job.id] = job.attempts
        elif step == "crash":
            moment += LEASE
            owned.clear()
        elif owned:
            job_id, attempts = owned.popitem()
            with store.write() as work:
                if step == "finish":
                    assert work.jobs.finish(job_id, attempts)
                    done.append(job_id)
                else:
                    assert work.jobs.retry(job_id, attempts, moment, "again", now=now)
    store.dispose()


def test_a_claim_never_comes_back(store: Store, now: datetime) -> None:
    """A job that was given back uncounted and taken up by another is not the first one's to end."""
    enqueue(store, 1, now)
    first = claim(store, now)
    assert first is not None
    with store.write() as work:
        work.jobs.release(first.id, first.claims, now, now=now)
    second = claim(store, now)
    assert second is not None

    assert first.attempts == second.attempts
    with store.write() as work:
        ended = [work.jobs.finish(job.id, job.claims) for job in (first, second)]
    assert [False, True] == ended


def test_what_we_are_at_is_not_taken_up_again(store: Store, now: datetime) -> None:
    """A job in our own hands is neither claimed nor due, although its lease ran out while the machine slept."""
    enqueue(store, 1, now)
    job = claim(store, now)
    assert job is not None
    with store.write() as work:
        again, due = work.jobs.claim(now + LEASE, LEASE, [job.id]), work.jobs.due_in(now + LEASE, [job.id])

    assert (None, None) == (again, due)
