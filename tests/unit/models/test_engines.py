"""What a URL of a database may look like, and what is shown of it."""

from __future__ import annotations

from traceback import format_exception
from typing import TYPE_CHECKING

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from migrations import run
from models.engines import UnreachableError, WrongUrlError, is_out, migrator
from models.store import Store
from tests.makers.postgres import postgres_database, postgres_store

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def server_url() -> Iterator[str]:
    with postgres_database() as url:
        yield url


@pytest.mark.parametrize("scheme", ["postgresql", "postgres", "postgresql+psycopg", "postgres+psycopg"])
def test_each_way_to_write_postgresql(server_url: str, scheme: str) -> None:
    """Libpq's two schemes, and SQLAlchemy's, are the same database."""
    store = Store(server_url.replace("postgresql", scheme, 1))
    with store.read() as work:
        assert 0 == work.outbox.waiting()
    store.dispose()


def test_several_hosts_of_which_one_may_be_gone(server_url: str) -> None:
    """Libpq tries one after the other, and takes the one that can be written to."""
    before, _, after = server_url.partition("?host=")
    host, _, port = after.partition("&port=")
    url = f"{before}?host=/nowhere,{host}&port={port},{port}&target_session_attrs=read-write"
    run.upgrade(url)
    store = Store(url)
    with store.read() as work:
        assert 0 == work.outbox.waiting()
    store.dispose()


def test_no_password_is_shown() -> None:
    """What people and logs read says where it is, and nothing that opens it."""
    shown = Store("postgresql://ada:s3cret@one:5432,two:5433/kantor?sslpassword=s3same&sslmode=require").safe_url
    assert [] == [word for word in ("s3cret", "s3same") if word in shown]
    assert [] == [word for word in ("ada", "one,two", "kantor", "require") if word not in shown]


@pytest.mark.parametrize(
    "url",
    ["foo", "mysql://ada:s3cret@db/x", "postgresql://ada:s3cret@db:many/x", "postgresql://a:s3cret@[db/x", "sqlite://"],
)
def test_a_wrong_url_says_why_without_its_password(url: str) -> None:
    """It may be logged."""
    with pytest.raises(WrongUrlError) as caught:
        Store(url)
    assert "s3cret" not in str(caught.value)


def test_who_is_not_let_in_learns_why(server_url: str) -> None:
    """The last words of the database, without the password."""
    name = server_url.partition("?")[0].rpartition("/")[2]
    with pytest.raises(UnreachableError, match='database "nowhere" does not exist'):
        run.upgrade(server_url.replace(f"/{name}?", "/nowhere?"))


def test_a_session_keeps_to_utc_and_waits_for_nobody_for_ever() -> None:
    """And what the URL says itself counts."""
    with postgres_store() as store:
        assert {"UTC", "10s", "1min"} == set(told(store.url))
        assert {"UTC", "3s", "1min"} == set(told(store.url + "&options=-c%20lock_timeout%3D3s"))


def told(url: str) -> list[str]:
    store = Store(url)
    with store._reader.connect() as connection:
        names = ("timezone", "lock_timeout", "statement_timeout", "idle_in_transaction_session_timeout")
        found = [str(connection.scalar(text(f"SHOW {name}"))) for name in names]
    store.dispose()
    return found


def test_a_connection_that_comes_back_too_late_is_closed() -> None:
    """Whoever is in the middle of something when the bot stops leaves no connection open behind it; the next ones stay for others."""
    with postgres_store() as store:
        with store.read() as work:
            kept = work.outbox._session.connection().connection.dbapi_connection
            store.dispose()
        assert kept is not None
        assert kept.closed
        with store.read() as work:
            kept = work.outbox._session.connection().connection.dbapi_connection
        assert kept is not None
        assert not kept.closed


def test_a_server_that_went_away_is_noticed_before_anybody_asks_it() -> None:
    """Whoever asks after a restart of the server, or of what stands before it, learns nothing of that."""
    with postgres_store() as store:
        with store.read() as one, store.read() as other:  # two connections, which then wait in the pool
            assert one.people.names() == other.people.names()
        with psycopg.connect(store.url, autocommit=True) as outside:
            outside.execute(
                "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        with store.read() as one, store.write() as other:
            assert one.people.names() == other.people.names()


def test_nobody_is_asked_whether_they_are_there_before_each_question() -> None:
    """A unit of work costs its questions, and not one more: looking at the socket shows whether the server has gone."""
    with postgres_store() as store:
        with store.read() as work:
            work.people.names()
            connection = work.outbox._session.connection().connection.dbapi_connection
        assert connection is not None
        with psycopg.connect(store.url, autocommit=True) as outside:
            sent = "SELECT query_start FROM pg_stat_activity WHERE pid = %s"
            before = outside.execute(sent, [connection.info.backend_pid]).fetchone()
            with store._reader.connect():
                assert before == outside.execute(sent, [connection.info.backend_pid]).fetchone()


def test_what_was_prepared_on_a_connection_stays_so() -> None:
    """A statement is read through and planned once a connection, and not once a question: psycopg forgets all at a rollback."""
    with postgres_store() as store:
        for _ in range(10):
            with store.read() as work:
                work.people.names()
        with store.read() as work:
            connection = work.outbox._session.connection()
            kept = connection.scalar(
                text("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%person%'")
            )
    assert 1 == kept


SECRET = "what nobody may read"
VIOLATIONS = {
    "unique": "INSERT INTO job (id, name, key) VALUES (:id, '', :secret), ('other', '', :secret)",
    "null": "INSERT INTO job (id, name, key, error) VALUES (:id, '', '', :secret)",
    "foreign": "INSERT INTO contest_move (contest_id, actor, before, after, back, at) VALUES (:secret, '', '', '', false, now())",
    "value": "SELECT CAST(:secret AS timestamptz), :id",
    "number": "SELECT CAST(CAST(:secret AS text) AS double precision), :id",
}


@pytest.mark.parametrize("kind", VIOLATIONS)
def test_what_a_row_holds_is_in_no_error(kind: str) -> None:
    """Neither in the error nor in what it came of: both may be logged, with all that PostgreSQL has to say."""
    with postgres_store() as store:
        with pytest.raises(SQLAlchemyError) as caught, store.write() as work:
            work.jobs._session.execute(text(VIOLATIONS[kind]), {"id": "1", "secret": SECRET})
        told = "".join(format_exception(caught.value))
    assert "psycopg.errors." in told
    assert SECRET not in told


def failure(url: str, *statements: str) -> BaseException:
    """What the last of these raises, on a connection of its own."""
    engine = migrator(url)

    def ask() -> None:
        with engine.connect() as connection:
            for statement in statements:
                connection.execute(text(statement))

    with pytest.raises(SQLAlchemyError) as caught:
        ask()
    engine.dispose()
    return caught.value


def test_sqlite_is_out_where_it_is_full_read_only_or_not_there(tmp_path: Path) -> None:
    """The same may work later; a wrong question never will."""
    url = f"sqlite:///{tmp_path / 'x.db'}"
    fill = "CREATE TABLE filling AS SELECT randomblob(100000) AS x"
    assert is_out(failure(url, "PRAGMA max_page_count = 2", fill))
    assert is_out(failure(url, "CREATE TABLE x (y)", "PRAGMA query_only = ON", "DROP TABLE x"))
    assert not is_out(failure(url, "SELECT * FROM nowhere"))
    assert not is_out(ValueError("a bug"))


def test_postgres_is_out_where_it_is_away_locked_or_only_reads(server_url: str) -> None:
    """As on SQLite."""
    away = server_url.partition("?")[0] + "?host=/nowhere"
    assert is_out(failure(away, "SELECT 1"))
    assert is_out(failure(server_url, "SELECT pg_terminate_backend(pg_backend_pid())"))
    assert is_out(failure(server_url, "SET TRANSACTION READ ONLY", "DELETE FROM job"))
    assert is_out(failure(server_url, "SET statement_timeout = 1", "SELECT pg_sleep(1)"))
    assert not is_out(failure(server_url, "SELECT * FROM nowhere"))
    assert not is_out(failure(server_url, "INSERT INTO job (id) VALUES ('x')"))
