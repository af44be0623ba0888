"""What all tables and repositories share: the declarative base, times in UTC, and "insert unless it is there"."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar

from sqlalchemy import JSON, DateTime, Enum, MetaData, String, inspect
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeDecorator

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from sqlalchemy import Dialect
    from sqlalchemy.orm import Session

Row = TypeVar("Row", bound="Base")

SKEW = timedelta(seconds=30)
"""So much may the clocks of two machines differ; a row that was written later than that by ours was written before it was set back."""

NEWS = "news"
"""In a session's ``info``: the News that the transaction has written."""


class News(StrEnum):
    """What somebody waits for."""

    JOB = "job"
    LETTER = "letter"


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment, stored and given back in UTC. A naive one raises ValueError: nobody could know what it means."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - TypeDecorator's signature
        """To the database: UTC, whatever zone came in."""
        if value is None:
            return None
        if value.tzinfo is None:
            message = f"a moment needs a time zone: {value!r}"
            raise ValueError(message)
        # SQLite keeps the digits and drops the zone, so the digits must be UTC's.
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - TypeDecorator's signature
        """From the database: SQLite gives naive digits, PostgreSQL the session's zone."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Word(TypeDecorator[StrEnum]):
    """A text column whose values are members of ``kind``: nobody who reads it has to turn them into that."""

    impl = String
    cache_ok = True

    def __init__(self, kind: type[StrEnum]) -> None:
        super().__init__()
        self.kind = kind

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002 - TypeDecorator's signature
        """To the database: the word. ValueError for one that ``kind`` has not."""
        return None if value is None else self.kind(value).value

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[str | None], StrEnum | None]:  # noqa: ARG002 - TypeDecorator's signature
        """From the database, by a table: a question may have ten thousand rows. KeyError for a word that ``kind`` has not."""
        members: dict[str | None, StrEnum | None] = {None: None, **{member.value: member for member in self.kind}}
        return members.__getitem__


class Base(DeclarativeBase):
    """Base of all tables. Constraints have names, so that a migration can change them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: UtcDateTime,
        dict[str, Any]: JSON,
        list[dict[str, Any]]: JSON,
    }


class Repository(Generic[Row]):
    """The named questions about one table, asked inside a unit of work."""

    _row: type[Row]

    def __init__(self, session: Session) -> None:
        self._session = session

    def get(self, key: str | int) -> Row | None:
        """The row of that primary key, or None."""
        return self._session.get(self._row, key)

    def _tell(self, news: News) -> None:
        self._session.info.setdefault(NEWS, set()).add(news)

    def _insert_new(self, values: Mapping[str, Any], unique: tuple[str, ...]) -> bool:
        """Insert a row, unless one with the same ``unique`` columns is there. Whether it was inserted."""
        key = inspect(self._row).primary_key
        # RETURNING, not rowcount: psycopg 3 reports -1 for an insert that did nothing.
        statement = self._insert_unless(unique).values(**values).returning(*key)
        return self._session.execute(statement).first() is not None

    def _insert_unknown(self, rows: Sequence[Mapping[str, Any]], unique: tuple[str, ...]) -> None:
        """Insert those rows whose ``unique`` columns are not there yet."""
        self._session.execute(self._insert_unless(unique), [dict(row) for row in rows])

    def _insert_unless(self, unique: tuple[str, ...]) -> postgresql.Insert | sqlite.Insert:
        dialect = postgresql if self._session.get_bind().dialect.name == "postgresql" else sqlite
        insert: postgresql.Insert | sqlite.Insert = dialect.insert(self._row)
        return insert.on_conflict_do_nothing(index_elements=unique)


class GrowingRepository(Repository[Row]):
    """A table that takes new rows as they are; elsewhere a key decides whether there is a new row at all."""

    def add(self, row: Row) -> None:
        """Write a new row now, so that a broken rule of the database shows here and not at the end."""
        self._session.add(row)
        self._session.flush()

    def add_all(self, rows: Iterable[Row]) -> None:
        """Write new rows now, in one statement."""
        self._session.add_all(rows)
        self._session.flush()


def words(kind: type[StrEnum]) -> Enum:
    """A text column that holds the members of ``kind`` by their values, and nothing else."""
    return Enum(
        kind, native_enum=False, length=16, values_callable=lambda members: [member.value for member in members]
    )
