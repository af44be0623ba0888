"""What all tables and repositories share: the declarative base, times in UTC, and "insert unless it is there"."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar

from sqlalchemy import JSON, DateTime, Enum, MetaData, String, func, inspect, select, tuple_
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeDecorator

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

    from sqlalchemy import ColumnElement, Dialect
    from sqlalchemy.orm import InstrumentedAttribute, Session
    from sqlalchemy.sql.base import ReadOnlyColumnCollection

Row = TypeVar("Row", bound="Base")
Key = TypeVar("Key")

SKEW = timedelta(seconds=30)
"""So much may the clocks of two machines differ; a row that was written later than that by ours was written before it was set back."""

NEWS = "news"
"""In a session's ``info``: the News that the transaction has written."""


KEPT = "kept"
"""In a session's ``info``: rows that it goes on knowing."""


KEYS_AT_ONCE = 5_000
"""SQLite takes 32,766 parameters in a statement."""


def batches(keys: Collection[Key]) -> Iterator[list[Key]]:
    """All of them, some at a time: as many as a statement takes."""
    wanted = list(keys)
    for start in range(0, len(wanted), KEYS_AT_ONCE):
        yield wanted[start : start + KEYS_AT_ONCE]


class News(StrEnum):
    """What somebody waits for."""

    JOB = "job"
    LETTER = "letter"


@dataclass(frozen=True)
class Waiting:
    """What waits in one state."""

    number: int
    since: datetime
    """Of the one that has waited longest."""


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
        list[str]: JSON,
    }


class Repository(Generic[Row]):
    """The named questions about one table, asked inside a unit of work."""

    _row: type[Row]
    _order: ClassVar[Sequence[InstrumentedAttribute[Any]]] = ()
    """In which its rows come, where a question asks for no other."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def get(self, key: str | int) -> Row | None:
        """The row of that primary key, or None."""
        row = self._session.get(self._row, key)
        # A session forgets what nobody holds, and would ask again; these are asked for again and again.
        self._session.info.setdefault(KEPT, []).append(row)
        return row

    def _all(
        self, *where: ColumnElement[bool], order: Sequence[InstrumentedAttribute[Any]] | None = None
    ) -> Sequence[Row]:
        """The rows of which all that holds, in order."""
        question = select(self._row).where(*where).order_by(*(self._order if order is None else order))
        return self._session.scalars(question).all()

    def _one(self, *where: ColumnElement[bool]) -> Row | None:
        """The row of which all that holds, or None; there are never two."""
        return self._session.scalars(select(self._row).where(*where)).one_or_none()

    def _newest(self, *where: ColumnElement[bool], by: InstrumentedAttribute[Any]) -> Row | None:
        """The last of the rows of which all that holds, or None."""
        return self._session.scalars(select(self._row).where(*where).order_by(by.desc()).limit(1)).one_or_none()

    def _tell(self, news: News) -> None:
        self._session.info.setdefault(NEWS, set()).add(news)

    def _insert_new(self, values: Mapping[str, Any], unique: tuple[str, ...]) -> bool:
        """Insert a row, unless one with the same ``unique`` columns is there. Whether it was inserted."""
        key = self._row.__table__.primary_key
        # RETURNING, not rowcount: psycopg 3 reports -1 for an insert that did nothing.
        statement = self._insert_unless(unique).returning(*key)
        return self._session.execute(statement, dict(values)).first() is not None

    def _insert_unknown(self, rows: Sequence[Mapping[str, Any]], unique: tuple[str, ...]) -> None:
        """Insert those rows whose ``unique`` columns are not there yet."""
        self._session.execute(self._insert_unless(unique), [dict(row) for row in rows])

    def _write_over(
        self, rows: Sequence[Mapping[str, Any]], unique: tuple[str, ...], newer: ColumnElement[bool] | None = None
    ) -> None:
        """Insert rows, or write them over those with the same ``unique`` columns (where ``newer`` of both is true), in one step.

        Nobody else's row can come between a look and the writing. In ``newer`` the new row is ``self._new_row()``.
        """
        insert, fresh = self._insert(), self._new_row()
        changed = {name: fresh[name] for name in rows[0] if name not in unique}
        statement = insert.on_conflict_do_update(index_elements=unique, set_=changed, where=newer)
        # In one order, so that two transactions never wait for each other.
        ordered = sorted(rows, key=lambda row: [str(row[name]) for name in unique])
        self._session.execute(statement, [dict(row) for row in ordered])

    def _new_row(self) -> ReadOnlyColumnCollection[str, Any]:
        """The row that ``_write_over`` would insert."""
        return self._insert().excluded

    def _look_again(self, fresh: Base | None = None) -> None:
        """Read anew whatever this unit of work has read before: it waited for a lock, and others have written meanwhile.

        But for ``fresh``, which came with the lock. On SQLite nobody has: there a unit of work that writes has the database for itself.
        """
        if self._session.get_bind().dialect.name == "sqlite":
            return
        self._session.flush()
        known = defaultdict(list)
        for row in self._session.identity_map.values():
            if row is not fresh:
                known[type(row)].append(row)
        for kind, rows in known.items():
            keys = tuple_(*inspect(kind).primary_key)
            these = select(kind).where(keys.in_([inspect(row).identity for row in rows]))
            found = set(self._session.scalars(these.execution_options(populate_existing=True)))
            for gone in set(rows) - found:
                self._session.expunge(gone)

    def _alone(self, what: str) -> None:
        """Wait until nobody else is at this, and keep others from it until this unit of work ends; on SQLite that is so anyway."""
        if self._session.get_bind().dialect.name == "postgresql":
            self._session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(what, 0))))

    def _insert(self) -> postgresql.Insert | sqlite.Insert:
        self._session.flush()  # which a statement about a table, and not about its rows, leaves to us
        dialect = postgresql if self._session.get_bind().dialect.name == "postgresql" else sqlite
        # Of the table, with the values apart: a statement that carries its values is read through anew each time.
        insert: postgresql.Insert | sqlite.Insert = dialect.insert(self._row.__table__)
        return insert

    def _insert_unless(self, unique: tuple[str, ...]) -> postgresql.Insert | sqlite.Insert:
        return self._insert().on_conflict_do_nothing(index_elements=unique)


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
