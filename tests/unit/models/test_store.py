"""Units of work: all or nothing, one writer at a time, readers beside it."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.exc import DBAPIError, IntegrityError, StatementError

from bot.rules.phases import Intake, Phase
from bot.rules.roles import Role
from bot.rules.standings import BoardMode
from models.store import Store
from models.submissions import Submission, SubmissionState
from tests.makers.databases import sqlite_store

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

    from models.contests import Contest


def remember(store: Store, user_id: str, moment: datetime) -> None:
    with store.write() as work:
        work.people.remember(user_id, name="Ada", time_zone="UTC", is_admin=False, is_ours=True, now=moment)


def write_and_fail(store: Store, now: datetime) -> None:
    with store.write() as work:
        work.people.remember("U0ADA", name="Ada", time_zone="UTC", is_admin=False, is_ours=True, now=now)
        work.jobs.enqueue("1", "check", "check:1", {}, now)
        work.outbox.add("receipt:2", "C1", {"kind": "receipt"}, now=now)
        raise RuntimeError("in the middle")


def test_commit_at_the_end(store: Store, now: datetime) -> None:
    """What a unit of work wrote is there for the next one."""
    remember(store, "U0ADA", now)

    with store.read() as work:
        ada = work.people.get("U0ADA")
    assert ada is not None
    assert "Ada" == ada.name


def test_rollback_on_error(store: Store, now: datetime) -> None:
    """An exception leaves nothing behind, neither rows nor jobs nor letters, and comes out as it was."""
    with pytest.raises(RuntimeError, match="in the middle"):
        write_and_fail(store, now)

    with store.read() as work:
        assert (None, None, None) == (
            work.people.get("U0ADA"),
            work.jobs.by_key("check:1"),
            work.outbox.by_key("receipt:2"),
        )


def test_rows_stay_readable(store: Store, contest: Contest) -> None:
    """A row can be read after its unit of work has ended, without asking the database again."""
    with store.read() as work:
        found = work.contests.get(contest.id)
    store.dispose()

    assert found is not None
    assert "Advent" == found.name


def test_reader_cannot_write(store: Store, now: datetime) -> None:
    """A reading unit of work that writes is stopped by the database."""
    with pytest.raises(DBAPIError, match=r"read-?only"), store.read() as work:
        work.events.see("Ev1", now=now)


def test_error_hides_what_people_wrote(store: Store, contest: Contest) -> None:
    """The text of a database error, which may be logged, shows no values."""
    with pytest.raises(IntegrityError) as caught, store.write() as work:
        work.contests.add(type(contest)(id="other", slug="advent", name="a private thought"))

    assert "a private thought" not in str(caught.value)


def test_foreign_keys_hold(store: Store, now: datetime) -> None:
    """A board slot of a contest that does not exist is refused."""
    with pytest.raises(IntegrityError), store.write() as work:
        work.boards.take_slot("nowhere", now, now=now)


def test_whoever_is_inside_has_had_their_turn(tmp_path: Path) -> None:
    """On SQLite a second writer comes in when the first one has gone, and not only when it asks its first question."""
    with sqlite_store(tmp_path) as store:
        assert not comes_early(store.write)


def test_whoever_has_the_contest_has_had_their_turn(store: Store, contest: Contest) -> None:
    """Who locks a contest second gets it when the first one has committed."""

    @contextmanager
    def locked() -> Iterator[None]:
        with store.write() as work:
            work.contests.lock(contest.id)
            yield

    assert not comes_early(locked)


def comes_early(enter: Callable[[], AbstractContextManager[object]]) -> bool:
    """Whether a second one comes in while the first one is there; that it comes then is made sure of."""
    inside = threading.Event()

    def write() -> None:
        with enter():
            inside.set()

    second = threading.Thread(target=write)
    with enter():
        second.start()
        came_early = inside.wait(0.3)
    assert inside.wait(20)
    second.join()
    return came_early


def test_memory_is_refused() -> None:
    """SQLite in memory cannot be shared between a writer and readers, and says so."""
    with pytest.raises(ValueError, match="needs a file"):
        Store("sqlite://")


def test_safe_url(tmp_path: Path) -> None:
    """The URL for people says where the database is."""
    url = f"sqlite:///{tmp_path / 'kantor.db'}"
    assert url == Store(url).safe_url


def test_naive_moment_is_refused(store: Store) -> None:
    """A moment without a time zone never gets into the database."""
    with pytest.raises(StatementError, match="time zone"):
        remember(store, "U0ADA", datetime(2026, 11, 22, 12, 0))  # noqa: DTZ001 - naive on purpose


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    moment=st.datetimes(datetime(1980, 1, 1), datetime(2100, 1, 1)),  # noqa: DTZ001 - the zone is drawn apart
    offset=st.integers(-14 * 60, 14 * 60),
)
def test_moments_come_back_in_utc(store: Store, moment: datetime, offset: int) -> None:
    """Whatever zone a moment is in, the same moment comes back, in UTC."""
    aware = moment.replace(tzinfo=timezone(timedelta(minutes=offset)))
    with store.write() as work:
        work.presence.note(aware)

    with store.read() as work:
        found = work.presence.until()

    assert (aware, UTC) == (found, None if found is None else found.tzinfo)


def test_two_writers_lose_nothing(store: Store, url: str, contest: Contest, now: datetime) -> None:
    """Eight threads on two stores (two processes) that each lock the contest, read the highest number and write the next get eight."""
    stores = [store, Store(url)]

    def submit(thread: int) -> None:
        with stores[thread % 2].write() as work:
            work.contests.lock(contest.id)
            number = work.submissions.next_number(contest.id, "U0ADA")
            work.submissions.add(submission(f"s{thread}", contest.id, number, now))

    threads = [threading.Thread(target=submit, args=[number]) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    stores[1].dispose()

    with store.read() as work:
        numbers = [row.number for row in work.submissions.of_person(contest.id, "U0ADA")]
    assert list(range(1, 9)) == numbers


def test_two_stores_wait_for_each_other(store: Store, url: str, now: datetime) -> None:
    """A second process (a second store on the same database) waits for the first one's transaction, and then sees its rows."""
    other, seen, entered = Store(url), [], threading.Event()

    def second() -> None:
        entered.set()
        with other.write() as work:
            seen.append(work.events.see("Ev1", now=now))

    thread = threading.Thread(target=second)
    with store.write() as work:
        first = work.events.see("Ev1", now=now)
        thread.start()
        entered.wait(5)
    thread.join()
    other.dispose()

    assert (True, [False]) == (first, seen)


def test_reader_sees_one_moment(store: Store, now: datetime) -> None:
    """A reader keeps seeing the database as it was when it first looked, while a writer commits beside it."""
    with store.read() as looking:
        before = looking.people.get("U0ADA")
        remember(store, "U0ADA", now)

        assert (None, None) == (before, looking.people.get("U0ADA"))


def test_news_after_commit(store: Store, now: datetime) -> None:
    """Listeners hear of each commit that wrote a job or a letter, once it can be read."""
    heard: list[int] = []

    def listener() -> None:
        with store.read() as work:
            heard.append(work.outbox.waiting())

    store.on_news(listener)
    with store.write() as work:
        work.outbox.add("receipt:1", "C1", {"kind": "receipt"}, now=now)
        work.jobs.enqueue("1", "check", "check:1", {}, now)

    assert [1] == heard


def test_no_news(store: Store, now: datetime) -> None:
    """A commit without a new job or letter, and one that was rolled back, wake nobody."""
    heard: list[bool] = []
    with store.write() as work:
        work.outbox.add("receipt:1", "C1", {"kind": "receipt"}, now=now)
    store.on_news(lambda: heard.append(True))

    remember(store, "U0ADA", now)
    with store.write() as work:
        work.outbox.add("receipt:1", "C1", {"kind": "receipt"}, now=now)
    with pytest.raises(RuntimeError):
        write_and_fail(store, now)

    assert [] == heard


def submission(id_: str, contest_id: str, number: int, now: datetime) -> Submission:
    return Submission(
        id=id_,
        contest_id=contest_id,
        user_id="U0ADA",
        slack_file_id=f"F-{id_}",
        folder=f"contests/{contest_id}/{id_}/{id_}",
        channel_id="C1",
        message_ts="1.000100",
        in_dm=False,
        filename="piece.mid",
        title="Piece",
        name=f"#advent-ada-piece-{number}",
        number=number,
        root_id=id_,
        version=1,
        in_final=False,
        state=SubmissionState.RECEIVED,
        size=100,
        received_at=now,
        uploaded_at=now,
    )


def test_words_come_back_as_members(store: Store, contest: Contest) -> None:
    """Whoever reads a phase, a role or a mode has one; a word that there is none of is not taken."""
    with store.write() as work:
        work.contests.roles.give(contest.id, "U0JUDY", "judge", added_by="U0OLIVE", now=contest.created_at)
    with store.read() as work:
        found, (role,) = work.contests.get(contest.id), work.contests.roles.of_contest(contest.id)
    assert found is not None
    assert (Phase.OPEN, Intake.BOTH, BoardMode.FULL, Role.JUDGE) == (
        found.phase,
        found.intake,
        found.board_mode,
        role.role,
    )
    assert {Phase, Intake, BoardMode, Role} == {
        type(word) for word in (found.phase, found.intake, found.board_mode, role.role)
    }
    with pytest.raises(StatementError, match="lunch"), store.write() as work:
        work.contests.roles.give(contest.id, "U0JUDY", "lunch", added_by="U0OLIVE", now=contest.created_at)


def test_more_keys_than_a_statement_takes(tmp_path: Path) -> None:
    """SQLite takes 32,766 parameters: a contest of more compositions is asked for some at a time."""
    many = [f"P{number}" for number in range(40_000)]
    with sqlite_store(tmp_path) as store, store.write() as work:
        assert ({}, {}, set()) == (work.submissions.by_ids(many), work.verdicts.scores(many), work.outbox.known(many))
        work.verdicts.supersede(many, datetime(2026, 3, 1, tzinfo=UTC))
