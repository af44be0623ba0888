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
"""``procrastinate_applied`` is ours, by a name that goes with the rest."""


def shipped() -> Path:
    """The folder of the installed library's SQL files."""
    return Path(str(resources.files("procrastinate") / "sql"))


def upgrade(connection: Connection, sql: Path) -> None:
    """Bring the engine's tables to what is in that folder; nothing happens where they are there already."""
    driver = _driver(connection)
    files = sorted((sql / "migrations").glob("*.sql"))
    driver.execute("CREATE TABLE IF NOT EXISTS procrastinate_applied (name text PRIMARY KEY, at timestamptz NOT NULL)")
    applied = {name for (name,) in driver.execute("SELECT name FROM procrastinate_applied")}
    is_there = driver.execute("SELECT to_regclass('procrastinate_jobs')").fetchone() != (None,)
    new = [file for file in files if file.name not in applied] if is_there else [sql / "schema.sql"]
    for file in new:
        driver.execute(file.read_text(encoding="utf-8"))
    note = "INSERT INTO procrastinate_applied VALUES (%s, now()) ON CONFLICT DO NOTHING"
    for file in files:
        driver.execute(note, [file.name])


def downgrade(connection: Connection) -> None:
    """Take all that is the engine's away: its tickets are made anew from our own table."""
    driver = _driver(connection)
    for kind, found in _FOUND.items():
        for (name,) in driver.execute(found).fetchall():
            driver.execute(f"DROP {kind} IF EXISTS {name} CASCADE")


_FOUND = {
    "TABLE": """
        SELECT oid::regclass::text FROM pg_class WHERE relnamespace = current_schema()::regnamespace
        AND relkind = 'r' AND relname LIKE 'procrastinate\\_%'
    """,
    "FUNCTION": """
        SELECT oid::regprocedure::text FROM pg_proc WHERE pronamespace = current_schema()::regnamespace
        AND proname LIKE 'procrastinate\\_%'
    """,
    "TYPE": """
        SELECT oid::regtype::text FROM pg_type WHERE typnamespace = current_schema()::regnamespace
        AND typtype IN ('e', 'c') AND typname LIKE 'procrastinate\\_%'
    """,
}


def _driver(connection: Connection) -> Any:
    """The driver's own connection, in the same transaction: it takes whole files of SQL."""
    return connection.connection.driver_connection
