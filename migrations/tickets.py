"""The tables of the job engine (procrastinate), beside ours: on PostgreSQL only, all called ``procrastinate_...``.

It ships its whole schema, and one SQL file for each change. A new database gets the schema, and what was applied is written down by the
names of these files; a later version of the library brings more of them, and they are applied in order. Alembic knows nothing of it.
"""

from __future__ import annotations

from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sqlalchemy import Connection

PREFIX = "procrastinate_"
_APPLIED = "procrastinate_applied"
"""Ours, by a name that goes with the rest."""


def shipped() -> Path:
    """The folder of the installed library's SQL files."""
    return Path(str(resources.files("procrastinate") / "sql"))


def upgrade(connection: Connection, sql: Path) -> None:
    """Bring the engine's tables to what is in that folder; nothing happens where they are there already."""
    driver = _driver(connection)
    names = sorted(file.name for file in (sql / "migrations").glob("*.sql"))
    driver.execute(
        f"CREATE TABLE IF NOT EXISTS {_APPLIED} (name text PRIMARY KEY, at timestamptz NOT NULL DEFAULT now())"
    )
    applied = {name for (name,) in driver.execute(f"SELECT name FROM {_APPLIED}")}
    if driver.execute("SELECT to_regclass('procrastinate_jobs')").fetchone()[0] is None:
        driver.execute((sql / "schema.sql").read_text(encoding="utf-8"))
    else:
        for name in names:
            if name not in applied:
                driver.execute((sql / "migrations" / name).read_text(encoding="utf-8"))
    for name in names:
        driver.execute(f"INSERT INTO {_APPLIED} (name) VALUES (%s) ON CONFLICT DO NOTHING", [name])


def downgrade(connection: Connection) -> None:
    """Take all that is the engine's away: its tickets are made anew from our own table."""
    driver = _driver(connection)
    for kind, found in _FOUND.items():
        for (name,) in driver.execute(found).fetchall():
            driver.execute(f"DROP {kind} IF EXISTS {name} CASCADE")


_OURS = "n.oid = current_schema()::regnamespace"
_FOUND = {
    "TABLE": f"SELECT c.oid::regclass::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE {_OURS} AND c.relkind = 'r' AND c.relname LIKE 'procrastinate\\_%'",
    "FUNCTION": f"SELECT p.oid::regprocedure::text FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE {_OURS} AND p.proname LIKE 'procrastinate\\_%'",
    "TYPE": f"SELECT t.oid::regtype::text FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace WHERE {_OURS} AND t.typtype IN ('e', 'c') AND t.typname LIKE 'procrastinate\\_%'",
}


def _driver(connection: Connection) -> Any:
    """The driver's own connection, in the same transaction: it takes whole files of SQL."""
    return connection.connection.driver_connection
