"""The worker and the outbox pump, with real threads on a real SQLite file."""

from __future__ import annotations

import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy.exc import OperationalError
from structlog.testing import capture_logs

from bot.crew import TRIES
from bot.errors import ConfigurationError, InspectionFailed, RateLimited, Unavailable, Undeliverable
from bot.ports import Enclosure, Letter, Posted
from bot.pump import OutboxPump
from bot.turns import Task
from bot.worker import Worker
from models.jobs import JobState
from models.outbox import LetterState
from models.store import Store
from tests.makers.databases import with_tables
from tests.makers.fakes import FakeClock

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from bot.crew import Crew
    from bot.ports import Claim

AT_ONCE = (0.0,)
PATIENCE = 10.0


class RealClock:
    def now(self) -> datetime:
        return datetime.now(UTC)

    def elapsed(self) -> timedelta:
        return timedelta(seconds=time.monotonic())


@dataclass
class Recorder:
    """A task that remembers its calls, and fails as it is told."""

    failures: list[Exception] = field(default_factory=list)
    runs: list[dict[str, Any]] = field(default_factory=list)
    given_up: list[tuple[dict[str, Any], str]] = field(default_factory=list)

    def run(self, args: dict[str, Any]) -> None:
        self.runs.append(args)
        if self.failures:
            raise self.failures.pop(0)

    def give_up(self, args: dict[str, Any], reference: str) -> None:
        self.given_up.append((args, reference))

    @property
    def task(self) -> Task:
        return Task(self.run, self.give_up)


@dataclass
class FakePostman:
    """Remembers what it delivered, when, and by which thread; fails as it is told, by the letter's key."""

    failures: dict[str, list[Exception]] = field(default_factory=dict)
    delivered: list[Letter] = field(default_factory=list)
    times: list[float] = field(default_factory=list)
    before: Callable[[Letter, Claim], None] = lambda _letter, _claim: None

    def withdraw(self, posted: Posted) -> None:
        raise AssertionError(f"{posted} was no twin")

    def deliver(self, letter: Letter, claim: Claim) -> Posted:
        self.before(letter, claim)
        if self.failures.get(letter.key):
            raise self.failures[letter.key].pop(0)
        self.delivered.append(letter)
        self.times.append(time.monotonic())
        return Posted("C1", f"{len(self.delivered)}.000100")

    @property
    def keys(self) -> list[str]:
        return [letter.key for letter in self.delivered]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(with_tables(tmp_path / "kantor.db"))
    yield store
    store.dispose()


@pytest.fixture
def start() -> Iterator[Callable[[Crew], Crew]]:
    crews: list[Crew] = []

    def started(crew: Crew) -> Crew:
        crews.append(crew)
        crew.start()
        return crew

    yield started
    for crew in crews:
        crew.stop()


def until(true: Callable[[], bool]) -> None:
    """Wait for a condition; fail where it does not come true."""
    deadline = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < deadline, "it did not happen"
        threading.Event().wait(0.005)


def enqueue(store: Store, number: int, name: str = "check") -> None:
    with store.write() as work:
        work.jobs.enqueue(f"{number:032x}", name, f"check:{number}", {"submission_id": str(number)}, RealClock().now())


def job_state(store: Store, number: int) -> tuple[JobState, int]:
    with store.read() as work:
        job = work.jobs.get(f"{number:032x}")
    assert job is not None
    return job.state, job.attempts


def write(store: Store, key: str, to: str = "C1", uploads: tuple[dict[str, Any], ...] = ()) -> None:
    with store.write() as work:
        work.outbox.add(key, to, {"kind": "receipt"}, uploads, now=RealClock().now())


def write_edit(store: Store, key: str, edits: str) -> None:
    with store.write() as work:
        work.outbox.add_edit(key, edits, {"kind": "receipt"}, now=RealClock().now())


def letter_state(store: Store, key: str) -> LetterState:
    with store.read() as work:
        row = work.outbox.by_key(key)
    assert row is not None
    return row.state


def worker(store: Store, recorder: Recorder, **options: Any) -> Worker:
    return Worker(store, RealClock(), {"check": recorder.task}, **{"backoff": AT_ONCE, **options})


def pump(store: Store, postman: FakePostman, **options: Any) -> OutboxPump:
    return OutboxPump(store, postman, RealClock(), **{"backoff": AT_ONCE, "pace": 0.0, **options})


def test_job_is_done(store: Store, start: Callable[[Crew], Crew]) -> None:
    """A job that waits when the worker starts is done, with its arguments, once."""
    recorder = Recorder()
    enqueue(store, 1)

    start(worker(store, recorder))
    until(lambda: job_state(store, 1)[0] is JobState.DONE)

    assert ([{"submission_id": "1"}], []) == (recorder.runs, recorder.given_up)


def test_commit_wakes_the_worker(store: Store, start: Callable[[Crew], Crew]) -> None:
    """A job that is committed later is done at once, long before the next look."""
    recorder = Recorder()
    start(worker(store, recorder, poll=60.0))

    enqueue(store, 1)

    until(lambda: job_state(store, 1)[0] is JobState.DONE)


def test_each_job_once(store: Store, start: Callable[[Crew], Crew]) -> None:
    """Two workers of four threads each do forty jobs, each of them once."""
    recorder = Recorder()
    for number in range(40):
        enqueue(store, number)

    for _ in range(2):
        start(worker(store, recorder, threads=4))
    until(lambda: all(job_state(store, number)[0] is JobState.DONE for number in range(40)))

    assert {str(number): 1 for number in range(40)} == Counter(args["submission_id"] for args in recorder.runs)


def test_failure_that_passes(store: Store, start: Callable[[Crew], Crew]) -> None:
    """A job that fails twice, once in an unforeseen way, is done the third time; an outage was no attempt."""
    recorder = Recorder([Unavailable("Slack sleeps"), ValueError("a bug")])
    enqueue(store, 1)

    start(worker(store, recorder))
    until(lambda: job_state(store, 1)[0] is JobState.DONE)

    assert (3, [], (JobState.DONE, 2)) == (len(recorder.runs), recorder.given_up, job_state(store, 1))


def test_given_up(store: Store, start: Callable[[Crew], Crew]) -> None:
    """A job that fails at every attempt is given up, with a reference of eight characters, and its error is kept."""
    recorder = Recorder([InspectionFailed("the child died") for _ in range(TRIES)])
    enqueue(store, 1)

    start(worker(store, recorder))
    until(lambda: job_state(store, 1)[0] is JobState.FAILED)

    assert (TRIES, [({"submission_id": "1"}, "00000000")]) == (len(recorder.runs), recorder.given_up)


def test_outage_of_what_a_job_needs_is_outlasted(store: Store, start: Callable[[Crew], Crew]) -> None:
    """However long downloads fail or a setting is wrong, a job waits for the end of it, and is done then."""
    outage: list[Exception] = [Unavailable("connection refused") for _ in range(3 * TRIES)]
    database: list[Exception] = [OperationalError("INSERT", {}, OSError("connection refused")) for _ in range(TRIES)]
    recorder = Recorder([*outage, *database, ConfigurationError("no such bucket")])
    enqueue(store, 1)

    start(worker(store, recorder))
    until(lambda: job_state(store, 1)[0] is JobState.DONE)

    assert (4 * TRIES + 2, [], 1) == (len(recorder.runs), recorder.given_up, job_state(store, 1)[1])


def test_pauses_in_an_outage_grow_to_a_minute(store: Store) -> None:
    """1, 4 and 15 s, then a minute each time."""
    clock, pauses = FakeClock(), []
    outage = Recorder([Unavailable("connection refused") for _ in range(6)])
    crew = Worker(store, clock, {"check": outage.task})
    with store.write() as work:
        work.jobs.enqueue("1", "check", "check:1", {}, clock.now())
    for _ in range(6):
        crew._step()
        with store.read() as work:
            pauses.append(work.jobs.due_in(clock.now()) or timedelta(0))
        clock.advance(pauses[-1])

    assert [1, 4, 15, 60, 60, 60] == [pause.total_seconds() for pause in pauses]


def test_killed_at_every_attempt(store: Store, start: Callable[[Crew], Crew]) -> None:
    """A job whose worker died at each attempt is given up without being tried once more."""
    recorder = Recorder()
    enqueue(store, 1)
    for _ in range(TRIES):
        with store.write() as work:
            work.jobs.claim(RealClock().now(), timedelta(0))

    start(worker(store, recorder))
    until(lambda: job_state(store, 1)[0] is JobState.FAILED)

    assert (0, 1) == (len(recorder.runs), len(recorder.given_up))


def test_taken_up_after_a_crash(store: Store, start: Callable[[Crew], Crew]) -> None:
    """A job that a dead worker left is done by the next one when its lease is over, as a second attempt."""
    recorder = Recorder()
    enqueue(store, 1)
    with store.write() as work:
        work.jobs.claim(RealClock().now(), timedelta(seconds=0.3))

    start(worker(store, recorder))
    until(lambda: job_state(store, 1)[0] is JobState.DONE)

    assert (1, (JobState.DONE, 2)) == (len(recorder.runs), job_state(store, 1))


def test_unknown_job(store: Store, start: Callable[[Crew], Crew]) -> None:
    """A job of a name that nobody knows ends as failed, and the others go on."""
    recorder = Recorder()
    enqueue(store, 1, name="from another version")
    enqueue(store, 2)

    start(worker(store, recorder))
    until(lambda: job_state(store, 1)[0] is JobState.FAILED)
    until(lambda: job_state(store, 2)[0] is JobState.DONE)


def test_long_job_keeps_its_lease(store: Store, start: Callable[[Crew], Crew]) -> None:
    """A job that takes longer than its lease is not taken up by a second worker."""
    started, leave = threading.Event(), threading.Event()

    def run(_args: dict[str, Any]) -> None:
        started.set()
        assert leave.wait(PATIENCE)

    recorder = Recorder()
    enqueue(store, 1)
    slow = {"check": Task(run, recorder.give_up)}
    start(Worker(store, RealClock(), slow, lease=0.3))
    started.wait(PATIENCE)
    start(worker(store, recorder, lease=0.3, poll=0.05))
    threading.Event().wait(1.0)  # three leases: time itself is what is tested
    leave.set()
    until(lambda: job_state(store, 1)[0] is JobState.DONE)

    assert ([], 1) == (recorder.runs, job_state(store, 1)[1])


def test_stop_within_two_seconds(store: Store) -> None:
    """A worker in the middle of a long task stops in time, and the job goes back to the queue, uncounted."""
    started, leave = threading.Event(), threading.Event()

    def run(_args: dict[str, Any]) -> None:
        started.set()
        leave.wait(PATIENCE)

    enqueue(store, 1)
    crew = Worker(store, RealClock(), {"check": Task(run, Recorder().give_up)})
    crew.start()
    started.wait(PATIENCE)
    begun = time.monotonic()
    ended = crew.stop(0.2)
    took = time.monotonic() - begun
    state = job_state(store, 1)
    leave.set()

    assert (False, (JobState.QUEUED, 0)) == (ended, state)
    assert took < 2.0
    until(lambda: not any(thread.is_alive() for thread in crew._threads))


def test_a_job_whose_helpers_stop_beneath_it_has_not_failed(store: Store) -> None:
    """At a stop its child processes end: no failure is logged, no try is counted, and the next start takes it up at once."""
    started, leave = threading.Event(), threading.Event()

    def run(_args: dict[str, Any]) -> None:
        started.set()
        leave.wait(PATIENCE)
        raise Unavailable("the inspector was closed")

    enqueue(store, 1)
    crew = Worker(store, RealClock(), {"check": Task(run, Recorder().give_up)})
    with capture_logs() as logs:
        crew.start()
        started.wait(PATIENCE)
        assert not crew.stop(0.2)
        leave.set()
        assert crew.stop(PATIENCE)
    assert (["a job begins"], (JobState.QUEUED, 0)) == ([entry["event"] for entry in logs], job_state(store, 1))


def test_idle_crews_stop_at_once(store: Store) -> None:
    """Idle threads, which sleep until a bell rings, end when they are asked to."""
    crews: list[Crew] = [worker(store, Recorder(), poll=60.0), pump(store, FakePostman(), poll=60.0)]
    for crew in crews:
        crew.start()
    begun = time.monotonic()

    assert [True, True] == [crew.stop() for crew in crews]
    assert time.monotonic() - begun < 2.0


def test_threads_have_names(store: Store, start: Callable[[Crew], Crew]) -> None:
    """Whoever looks at a stuck process sees which thread is whose."""
    start(worker(store, Recorder(), threads=1))
    start(pump(store, FakePostman(), threads=1))

    names = {thread.name for thread in threading.enumerate()}

    assert {"kantor-worker-1", "kantor-worker-leases", "kantor-outbox-1", "kantor-outbox-leases"} <= names


def test_no_secret_in_logs(store: Store, start: Callable[[Crew], Crew]) -> None:
    """An unforeseen error's words are neither kept with the job nor logged as a field; its name and a reference are."""
    recorder = Recorder([ValueError("hunter2")])
    enqueue(store, 1)
    with capture_logs() as logs:
        start(worker(store, recorder))
        until(lambda: job_state(store, 1)[0] is JobState.DONE)

    fields = [{name: value for name, value in entry.items() if name != "exc_info"} for entry in logs]
    assert ["00000000"] == [entry["reference"] for entry in fields if "reference" in entry]
    assert "hunter2" not in str(fields)


def test_error_kept_with_the_job(store: Store, start: Callable[[Crew], Crew]) -> None:
    """While a job waits for its next attempt, the name of what went wrong can be read, and nothing that might be secret."""
    enqueue(store, 1)
    start(worker(store, Recorder([ValueError("hunter2")]), backoff=(60.0,)))

    def error() -> str | None:
        with store.read() as work:
            job = work.jobs.by_key("check:1")
        return job.error if job else None

    until(lambda: error() is not None)
    assert "ValueError" == error()


def test_letters_in_order(store: Store, start: Callable[[Crew], Crew]) -> None:
    """Letters to one channel arrive in the order in which they were written, also with many threads."""
    postman = FakePostman()
    for number in range(20):
        write(store, str(number))

    start(pump(store, postman, threads=8))
    until(lambda: letter_state(store, "19") is LetterState.SENT)

    assert [str(number) for number in range(20)] == postman.keys


def test_letter_is_sent_once(store: Store, start: Callable[[Crew], Crew]) -> None:
    """Two pumps on one database deliver each letter once."""
    postman = FakePostman()
    for number in range(30):
        write(store, str(number), to=f"U{number % 5}")

    for _ in range(2):
        start(pump(store, postman, poll=0.05))
    until(lambda: all(letter_state(store, str(number)) is LetterState.SENT for number in range(30)))

    assert {str(number): 1 for number in range(30)} == Counter(postman.keys)


def test_pace(store: Store, start: Callable[[Crew], Crew]) -> None:
    """Between two letters to one channel there is a pause; the first one goes at once."""
    postman = FakePostman()
    for number in range(3):
        write(store, str(number))
    begun = time.monotonic()

    start(pump(store, postman, pace=0.3))
    until(lambda: letter_state(store, "2") is LetterState.SENT)

    first, second, third = postman.times
    assert first - begun < 0.3
    assert min(second - first, third - second) >= 0.3


def test_burst_to_different_people(store: Store, start: Callable[[Crew], Crew]) -> None:
    """Letters to different people do not wait for each other."""
    postman = FakePostman()
    for number in range(10):
        write(store, str(number), to=f"U{number}")
    begun = time.monotonic()

    start(pump(store, postman, pace=60.0))
    until(lambda: len(postman.keys) == 10)

    assert time.monotonic() - begun < PATIENCE


def test_slow_delivery_holds_up_nobody_else(store: Store, start: Callable[[Crew], Crew]) -> None:
    """While one letter takes its time, those to others arrive."""
    leave = threading.Event()

    def before(letter: Letter, _remember: object) -> None:
        if letter.key == "slow":
            leave.wait(PATIENCE)

    postman = FakePostman(before=before)
    write(store, "slow", to="C1")
    write(store, "quick", to="C2")

    start(pump(store, postman))
    until(lambda: letter_state(store, "quick") is LetterState.SENT)
    keys = postman.keys
    leave.set()
    until(lambda: letter_state(store, "slow") is LetterState.SENT)

    assert ["quick"] == keys


def test_rate_limit_is_waited_out(store: Store, start: Callable[[Crew], Crew]) -> None:
    """When Slack asks us to wait, nobody gets anything until then, and then everything arrives."""
    postman = FakePostman({"1": [RateLimited(0.5)]})
    write(store, "1", to="C1")
    begun = time.monotonic()
    start(pump(store, postman, threads=1))
    until(lambda: not postman.failures["1"])
    write(store, "2", to="C2")
    until(lambda: len(postman.keys) == 2)

    assert min(postman.times) - begun >= 0.5


def test_files_that_wait_hold_up_no_messages(store: Store, start: Callable[[Crew], Crew]) -> None:
    """Where Slack takes no more files for a while, receipts arrive at once, and the card afterwards, as if it was the first time."""
    postman = FakePostman({"card": [RateLimited(0.5)]})
    write(store, "card", uploads=({"object_key": "a.png", "filename": "a.png", "title": "A"},))
    begun = time.monotonic()
    start(pump(store, postman))
    until(lambda: not postman.failures["card"])
    write(store, "receipt", to="C2")
    until(lambda: len(postman.keys) == 2)

    assert ["receipt", "card"] == postman.keys
    assert (False, True) == (postman.delivered[1].tried_before, postman.times[1] - begun >= 0.5)


def test_a_limited_look_up_holds_up_nobody_else(store: Store, start: Callable[[Crew], Crew]) -> None:
    """Where only a look-up for one letter is limited, the others go on."""
    postman = FakePostman({"1": [RateLimited(60, for_all=False)]})
    write(store, "1", to="U1")
    write(store, "2", to="U2")

    with capture_logs() as logs:
        start(pump(store, postman, threads=1))
        until(lambda: letter_state(store, "2") is LetterState.SENT)

    assert ["2"] == postman.keys
    # That is no failure: it says what it is, and for how long.
    assert [("info", "1", 60)] == [
        (entry["log_level"], entry["key"], entry["seconds"]) for entry in logs if "seconds" in entry
    ]


def test_a_limited_job_waits_uncounted(store: Store, start: Callable[[Crew], Crew]) -> None:
    """However often Slack asks to wait, a job is not given up for it."""
    recorder = Recorder([RateLimited(0.01) for _ in range(2 * TRIES)])
    enqueue(store, 1)

    with capture_logs() as logs:
        start(worker(store, recorder))
        until(lambda: job_state(store, 1)[0] is JobState.DONE)

    assert (2 * TRIES + 1, [], (JobState.DONE, 1)) == (len(recorder.runs), recorder.given_up, job_state(store, 1))
    assert 2 * [("info", 0.01)] == [(entry["log_level"], entry["seconds"]) for entry in logs if "seconds" in entry][:2]
    assert not [entry for entry in logs if entry["log_level"] in {"warning", "error"}]


def test_undeliverable_makes_way(store: Store, start: Callable[[Crew], Crew]) -> None:
    """A letter that Slack will never take is failed and logged, and the channel's next one arrives."""
    postman = FakePostman({"1": [Undeliverable("is_archived")]})
    write(store, "1")
    write(store, "2")
    with capture_logs() as logs:
        start(pump(store, postman, poll=60.0))
        until(lambda: letter_state(store, "2") is LetterState.SENT)

    assert (["2"], LetterState.FAILED) == (postman.keys, letter_state(store, "1"))
    assert "a letter was given up" in [entry["event"] for entry in logs]


def test_an_edit_knows_the_message_that_it_rewrites(store: Store, start: Callable[[Crew], Crew]) -> None:
    """The earlier letter goes first, and the edit is told where that is."""
    postman = FakePostman()
    write(store, "list")
    write_edit(store, "list:1", edits="list")

    start(pump(store, postman))
    until(lambda: letter_state(store, "list:1") is LetterState.SENT)

    assert [("list", None), ("list:1", Posted("C1", "1.000100"))] == [
        (letter.key, letter.rewrites) for letter in postman.delivered
    ]


def test_edits_of_what_never_arrived_vanish(store: Store, start: Callable[[Crew], Crew]) -> None:
    """Neither an edit whose letter was given up is sent, nor is one mourned that Slack does not find any more."""
    postman = FakePostman({"lost": [Undeliverable("is_archived")], "list:1": [Undeliverable("message_not_found")]})
    for key in ("lost", "list"):
        write(store, key)
        write_edit(store, f"{key}:1", edits=key)
    with capture_logs() as logs:
        start(pump(store, postman))
        until(lambda: letter_state(store, "lost:1") is LetterState.DROPPED)
        until(lambda: letter_state(store, "list:1") is LetterState.DROPPED)

    assert ["list"] == postman.keys
    assert ["lost"] == [entry["key"] for entry in logs if entry["event"] == "a letter was given up"]


def test_limited_edits_hold_up_no_messages(store: Store, start: Callable[[Crew], Crew]) -> None:
    """Where Slack takes no more edits for a while, the same person's messages arrive, and the edit afterwards."""
    postman = FakePostman({"list:1": [RateLimited(0.5)]})
    write(store, "list")
    write_edit(store, "list:1", edits="list")
    start(pump(store, postman))
    until(lambda: not postman.failures["list:1"])
    write(store, "verdict")
    until(lambda: letter_state(store, "list:1") is LetterState.SENT)

    assert ["list", "verdict", "list:1"] == postman.keys


def test_outage_is_outlasted(store: Store, start: Callable[[Crew], Crew]) -> None:
    """However long Slack is away, a letter waits, and arrives when Slack is back."""
    slack = [Unavailable("connection refused") for _ in range(3 * TRIES)]
    database = [OperationalError("UPDATE", {}, OSError("connection refused")) for _ in range(TRIES)]
    postman = FakePostman({"1": [*slack, *database]})
    write(store, "1")

    start(pump(store, postman))
    until(lambda: letter_state(store, "1") is LetterState.SENT)

    assert ["1"] == postman.keys


def test_letter_that_cannot_be_drawn(store: Store, start: Callable[[Crew], Crew]) -> None:
    """A letter that fails at every attempt in a way that nobody foresaw is failed, and makes way."""
    postman = FakePostman({"1": [ValueError("no such message") for _ in range(TRIES)]})
    write(store, "1")
    write(store, "2")

    start(pump(store, postman))
    until(lambda: letter_state(store, "2") is LetterState.SENT)

    assert LetterState.FAILED is letter_state(store, "1")


def test_second_attempt_says_so(store: Store, start: Callable[[Crew], Crew]) -> None:
    """A letter that an earlier pump may have sent is marked, and brings the files' ids that were remembered."""
    upload = {"object_key": "a.png", "filename": "a.png", "title": "A", "alt_text": "", "file_id": None}
    write(store, "1", uploads=(upload,))
    with store.write() as work:
        now = RealClock().now()
        (row,) = work.outbox.claim(work.outbox.due(now), now, timedelta(0))
        work.outbox.remember_upload(row.id, "a.png", "F1")
    postman = FakePostman()

    start(pump(store, postman))
    until(lambda: letter_state(store, "1") is LetterState.SENT)

    assert [(True, (Enclosure("a.png", "a.png", "A", "", "F1"),))] == [
        (letter.tried_before, letter.uploads) for letter in postman.delivered
    ]


def test_remembered_before_it_is_shared(store: Store, start: Callable[[Crew], Crew]) -> None:
    """When the postman goes on after remembering a file, another process could read the file's id already."""
    seen: list[Any] = []

    def before(letter: Letter, claim: Claim) -> None:
        claim.remember("a.png", "F1")
        with store.read() as work:
            row = work.outbox.by_key(letter.key)
        assert row is not None
        seen.extend(upload["file_id"] for upload in row.uploads)

    write(store, "1", uploads=({"object_key": "a.png", "filename": "a.png", "title": "A"},))
    start(pump(store, FakePostman(before=before)))
    until(lambda: letter_state(store, "1") is LetterState.SENT)

    assert ["F1"] == seen


def test_idle_crews_are_quiet(store: Store, start: Callable[[Crew], Crew]) -> None:
    """Crews with nothing to do hardly use the processor."""
    start(worker(store, Recorder(), threads=4))
    start(pump(store, FakePostman(), threads=4))
    threading.Event().wait(0.3)  # let them settle
    before = time.process_time()
    threading.Event().wait(1.0)

    assert time.process_time() - before < 0.2
