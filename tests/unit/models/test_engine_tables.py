"""The job engine's own tables stand beside ours: one command brings both up, whichever version of it is installed."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import psycopg
import pytest
from sqlalchemy import text

from bot.adapters.tickets import ProcrastinateTickets
from migrations import run, tickets
from models.engines import migrator
from models.store import Store
from tests.makers.postgres import postgres_database

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NOW = datetime(2026, 11, 29, 12, 0, tzinfo=UTC)


@pytest.fixture
def url() -> Iterator[str]:
    with postgres_database(tables=False) as url:
        yield url


def asked(url: str, question: str) -> list[str]:
    with psycopg.connect(url) as connection:
        return sorted(str(row[0]) for row in connection.execute(question.encode()))


def objects(url: str) -> list[str]:
    """All that the engine has in the database."""
    kinds = ("SELECT relname FROM pg_class", "SELECT proname FROM pg_proc", "SELECT typname FROM pg_type")
    return [name for kind in kinds for name in asked(url, kind) if name.startswith("procrastinate")]


def brought(url: str, sql: Path) -> None:
    engine = migrator(url)
    with engine.begin() as connection:
        tickets.upgrade(connection, sql)
    engine.dispose()


def test_one_migration_brings_both_up_and_a_second_changes_nothing(url: str) -> None:
    """Alembic does not take the engine's tables for ours, or for what is too many."""
    run.upgrade(url)
    run.check(url)
    first = objects(url)
    run.upgrade(url)
    assert first == objects(url)
    assert "procrastinate_jobs" in first
    files = [file.name for file in (tickets.shipped() / "migrations").glob("*.sql")]
    assert sorted(files) == asked(url, "SELECT name FROM procrastinate_applied")


def test_what_a_later_version_brings_is_applied_once(url: str, tmp_path: Path) -> None:
    """In the order of the files' names; those of before are not touched again."""
    run.upgrade(url)
    later = tmp_path / "sql"
    shutil.copytree(tickets.shipped(), later)
    (later / "migrations" / "99.00.00_01_first.sql").write_text("CREATE TABLE procrastinate_later (n int);")
    (later / "migrations" / "99.00.00_02_second.sql").write_text("INSERT INTO procrastinate_later VALUES (7);")
    brought(url, later)
    brought(url, later)
    assert ["7"] == asked(url, "SELECT n FROM procrastinate_later")


def test_the_way_back_takes_the_engine_away_and_the_way_forth_brings_its_tickets_again(url: str) -> None:
    """What waited before is still to be done: our table knows it."""
    run.upgrade(url)
    store = Store(url, ProcrastinateTickets())
    with store.write() as work:
        work.jobs.enqueue("1", "check", "check:1", {}, NOW)
    store.dispose()
    run.downgrade(url, "r0013")
    assert [] == objects(url)
    run.upgrade(url)
    with store.write() as work:
        lost = work.jobs.lost()
        assert [True] == [work.jobs.reissue(job, NOW) for job in lost]
        assert [] == work.jobs.lost()
    store.dispose()
    run.downgrade(url)
    assert [] == objects(url)


def test_a_ticket_goes_with_its_transaction(url: str) -> None:
    """Neither is there without the other, and a worker that was never there is not alive."""
    run.upgrade(url)
    store = Store(url, ProcrastinateTickets())
    with pytest.raises(ZeroDivisionError):
        _fail(store)
    assert [] == asked(url, "SELECT id FROM procrastinate_jobs")
    with store.write() as work:
        work.jobs.enqueue("1", "check", "check:1", {}, NOW, rest=timedelta(hours=1))
        assert work.jobs.unattended(NOW + timedelta(hours=2), timedelta(minutes=1))
        assert not work.jobs.unattended(NOW, timedelta(minutes=1))
    assert ["kantor"] == asked(url, "SELECT task_name FROM procrastinate_jobs WHERE scheduled_at > now()")
    engine = migrator(url)
    with engine.begin() as connection:
        connection.execute(text("SELECT procrastinate_register_worker_v1()"))
    engine.dispose()
    with store.read() as work:
        assert not work.jobs.unattended(NOW + timedelta(hours=2), timedelta(minutes=1))
    store.dispose()


def _fail(store: Store) -> None:
    with store.write() as work:
        work.jobs.enqueue("0", "check", "check:0", {}, NOW)
        raise ZeroDivisionError
