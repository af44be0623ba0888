"""Both databases, and both real: each test that asks for a store runs on an empty SQLite file, and on PostgreSQL."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from models.contests import Contest
from tests.makers.databases import sqlite_store
from tests.makers.postgres import postgres_store

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from models.store import Store

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


@pytest.fixture
def now() -> datetime:
    """A fixed moment."""
    return NOON


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.processes)])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """A store with empty tables."""
    with sqlite_store(tmp_path) if request.param == "sqlite" else postgres_store() as store:
        yield store


@pytest.fixture
def url(store: Store) -> str:
    """The address of the same database, for another process."""
    return store.url


@pytest.fixture
def contest(store: Store, now: datetime) -> Contest:
    """A contest that is in the store."""
    contest = Contest(
        id="contest-1",
        slug="advent",
        name="Advent",
        time_zone="Europe/Berlin",
        channel_id="C1",
        deadline=now + timedelta(days=7),
        submission_limit=3,
        board_cron="0 9 * * *",
        phase="open",
        intake="both",
        blind=True,
        rounds=1,
        finalists=15,
        winners=3,
        grace_seconds=0,
        board_mode="full",
        scheme={},
        texts={},
        created_by="U0OLIVE",
        created_at=now,
    )
    with store.write() as work:
        work.contests.add(contest)
    return contest
