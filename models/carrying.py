"""All rows of all tables in words that every engine understands: out of one database, and into another, be it SQLite's or PostgreSQL's.

The tables are read as they stand in the database, not as ``models`` has them today: so the rows of older tables can be carried, too.
"""

from __future__ import annotations

import base64
import binascii
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeAlias

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    DateTime,
    Double,
    Float,
    Integer,
    LargeBinary,
    String,
    Text,
    cast,
    column,
    func,
    inspect,
    literal_column,
    select,
    table,
    text,
    update,
)
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.types import UserDefinedType

from models.base import UtcDateTime
from models.engines import reached, writer_and_reader
from models.jobs import Job, JobState
from models.outbox import OPEN, LetterState, OutboxRow
from models.store import Work

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from sqlalchemy import Connection, Select, TableClause
    from sqlalchemy.types import TypeEngine

    from models.jobs import Tickets

Value: TypeAlias = str | int | float | bool | None
"""As JSON has them: moments in ISO's form, bytes in base64, and a JSON document as the text that it is kept as."""

_FLEETING = ("pace", "look")
"""What they say is so for an hour or two, and of people who are there now."""
_REVISION = "alembic_version"
_AT_ONCE = 500
"""Rows that are read in one go."""


class StrangeRowsError(Exception):
    """These rows are of no database of ours. Says why."""


class _Document(UserDefinedType[str]):
    """JSON as the text that it was written as: an erasure looks for words in that form."""

    cache_ok = True

    def get_col_spec(self, **_: object) -> str:
        return "JSON"


@dataclass(frozen=True)
class _Kind:
    """A kind of column: its type, and how a value of it is written and read."""

    type: TypeEngine[Any]
    write: Callable[[Any], Value]
    read: Callable[[Any], Any]


def _moment(written: str) -> datetime:
    moment = datetime.fromisoformat(written)
    if moment.tzinfo is None:
        raise ValueError(written)
    return moment


def _plain(*kinds: type) -> Callable[[Any], Any]:
    def read(value: Any) -> Any:
        if type(value) not in kinds:
            raise TypeError
        return value

    return read


def _words(value: str) -> str:
    # PostgreSQL takes no NUL in a text, and no word of people's has one that means anything.
    return str(_plain(str)(value)).replace("\0", "")


_KINDS: tuple[tuple[type[TypeEngine[Any]], _Kind], ...] = (
    (JSON, _Kind(_Document(), str, _words)),
    (Boolean, _Kind(Boolean(), bool, _plain(bool))),
    (DateTime, _Kind(UtcDateTime(), datetime.isoformat, _moment)),
    (LargeBinary, _Kind(LargeBinary(), lambda data: base64.b64encode(data).decode(), lambda it: base64.b64decode(it, validate=True))),
    (Float, _Kind(Double(), float, _plain(float, int))),
    (Integer, _Kind(BigInteger(), int, _plain(int))),
    (String, _Kind(Text(), str, _words)),
)  # fmt: skip
"""In this order: some types are special cases of later ones."""


@dataclass(frozen=True)
class _Table:
    """A table as it stands in the database."""

    name: str
    columns: Mapping[str, _Kind]
    keys: Sequence[str]

    @property
    def clause(self) -> TableClause:
        return table(self.name, *(column(name, kind.type) for name, kind in self.columns.items()))

    @property
    def counts(self) -> bool:
        """Whether it may be the database that numbers its rows."""
        return len(self.keys) == 1 and isinstance(self.columns[self.keys[0]].type, BigInteger)


def _tables(connection: Connection) -> list[_Table]:
    """Ours, each after those that its rows refer to."""
    look = inspect(connection)
    names = [name for name, _ in look.get_sorted_table_and_fkc_names() if name]
    ours = [name for name in names if name not in {*_FLEETING, _REVISION} and not name.startswith("procrastinate_")]
    return [
        _Table(
            name,
            {each["name"]: _kind(name, each["name"], each["type"]) for each in look.get_columns(name)},
            look.get_pk_constraint(name)["constrained_columns"],
        )
        for name in ours
    ]


def _kind(where: str, name: str, found: TypeEngine[Any]) -> _Kind:
    kind = next((kind for generic, kind in _KINDS if isinstance(found, generic)), None)
    if kind is None:
        message = f"{where}.{name} is of a kind that no table of Kantor has"
        raise StrangeRowsError(message)
    return kind


class Snapshot:
    """One moment of a database, whatever is written into it meanwhile."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.revision = str(connection.scalar(select(column("version_num")).select_from(table(_REVISION))))
        """Of its tables."""
        self._tables = {each.name: each for each in _tables(connection)}

    @property
    def tables(self) -> dict[str, list[str]]:
        """The names of its tables' columns; each table after those that its rows refer to."""
        return {name: list(each.columns) for name, each in self._tables.items()}

    def counters(self) -> dict[str, int]:
        """Of the tables that the database numbers: the last number that it gave away."""
        found = {name: _counter(self._connection, each) for name, each in self._tables.items() if each.counts}
        return {name: number for name, number in found.items() if number is not None}

    def rows(self, name: str) -> Iterator[list[Value]]:
        """All rows of a table, in the order of its keys, read as they are asked for."""
        found = self._tables[name]
        kinds = list(found.columns.values())
        clause = found.clause
        asked = [
            cast(each, Text) if isinstance(kind.type, _Document) else each
            for each, kind in zip(clause.c, kinds, strict=True)
        ]
        question = select(*asked).order_by(*(clause.c[key] for key in found.keys))
        with self._connection.execute(question.execution_options(yield_per=_AT_ONCE)) as rows:
            for row in rows:
                yield [None if value is None else kind.write(value) for value, kind in zip(row, kinds, strict=True)]

    def pieces(self) -> frozenset[str]:
        """The ids of all compositions."""
        return frozenset(self._connection.scalars(select(column("id")).select_from(table("submission"))))

    def enclosed(self) -> frozenset[str]:
        """The keys of what goes with letters that have yet to go out."""
        letters = table("outbox", column("uploads", JSON), column("state", String))
        waiting = letters.c.state.in_([state.value for state in OPEN])
        found = self._connection.scalars(select(letters.c.uploads).where(waiting))
        return frozenset(upload["object_key"] for uploads in found for upload in uploads)


@contextmanager
def snapshot(url: str) -> Iterator[Snapshot]:
    """One moment of that database, which others go on writing into. Raises UnreachableError where it lets nobody in."""
    writer, reader = writer_and_reader(url)
    try:
        with reached(), reader.connect() as connection, connection.begin():
            yield Snapshot(connection)
    finally:
        writer.dispose()
        reader.dispose()


class Landing:
    """Rows come into an empty database, in one transaction of whoever opened the connection.

    Args:
        connection: In a transaction, with the tables that the rows are of.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._tables = {each.name: each for each in _tables(connection)}
        if connection.dialect.name == "postgresql" and self._tables:
            # Nobody writes, or looks, before all is there.
            names = ", ".join(f'"{name}"' for name in self._tables)
            connection.execute(text(f"LOCK TABLE {names} IN ACCESS EXCLUSIVE MODE"))

    def filled(self) -> str | None:
        """A table that has rows already; None where none has."""
        asked: dict[str, Select[int]] = {
            name: select(literal_column("1")).select_from(table(name)).limit(1) for name in self._tables
        }
        return next((name for name, first in asked.items() if self._connection.scalar(first)), None)

    def put(self, name: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
        """These rows, each with a value for each of the columns. Raises StrangeRowsError where they cannot be."""
        found = self._tables.get(name)
        if found is None or set(columns) != set(found.columns) or len(columns) != len(found.columns):
            message = f"its table {name} has other columns than the same table of these tables' version"
            raise StrangeRowsError(message)
        kinds = [found.columns[each] for each in columns]
        read = [dict(zip(columns, _read(name, kinds, row), strict=True)) for row in rows]
        if read:
            try:
                self._connection.execute(found.clause.insert(), read)
            except IntegrityError:
                raise StrangeRowsError(f"rows of its table {name} contradict each other, or other rows") from None

    def settle(self, counters: Mapping[str, int], now: datetime) -> None:
        """After the last row, on the present tables: what was under way begins again, and numbers go on after the last one.

        Raises StrangeRowsError where rows refer to others that are not there.
        """
        do = self._connection.execute
        running, open_ = Job.state == JobState.RUNNING, OutboxRow.state.in_(OPEN)
        again = {"state": JobState.QUEUED, "lease_until": None, "run_at": now, "set_at": now}
        do(update(Job).where(running).values(**again))
        # An earlier try may have sent it since: whoever takes it up looks for it in Slack first.
        tried = func.max(OutboxRow.attempts, 1) if self._is_sqlite else func.greatest(OutboxRow.attempts, 1)
        fresh = {"state": LetterState.PENDING, "lease_until": None, "attempts": tried}
        do(update(OutboxRow).where(open_).values(**fresh))
        for each in _tables(self._connection):
            if each.counts:
                _count_on(self._connection, each, counters.get(each.name, 0))
        if self._is_sqlite and do(text("PRAGMA foreign_key_check")).first() is not None:
            raise StrangeRowsError("its rows refer to others that it has not")

    @contextmanager
    def work(self, tickets: Tickets | None) -> Iterator[Work]:
        """A unit of work in the same transaction, on the present tables."""
        with Session(self._connection, expire_on_commit=False, join_transaction_mode="rollback_only") as session:
            yield Work(session, tickets)
            session.commit()  # to the transaction around it, which is not ours to end

    @property
    def _is_sqlite(self) -> bool:
        return self._connection.dialect.name == "sqlite"


def _read(name: str, kinds: Sequence[_Kind], row: Sequence[Any]) -> list[Any]:
    try:
        return [None if value is None else kind.read(value) for value, kind in zip(row, kinds, strict=True)]
    except (TypeError, ValueError, binascii.Error):
        raise StrangeRowsError(f"a row of its table {name} has a value of another kind than its column") from None


def _counter(connection: Connection, found: _Table) -> int | None:
    """The last number that the database gave away there; None where it numbers no rows."""
    if connection.dialect.name == "sqlite":
        if not inspect(connection).has_table("sqlite_sequence"):
            return None
        asked = text("SELECT seq FROM sqlite_sequence WHERE name = :name")
        number = connection.scalar(asked, {"name": found.name})
        return None if number is None else int(number)
    sequence = _sequence(connection, found)
    asked = text("SELECT pg_sequence_last_value(CAST(:name AS regclass))")
    return None if sequence is None else connection.scalar(asked, {"name": sequence})


def _count_on(connection: Connection, found: _Table, after: int) -> None:
    """The next number is above that one, and above those of all rows."""
    last = max(after, connection.scalar(select(func.max(found.clause.c[found.keys[0]]))) or 0)
    if not last:
        return
    if connection.dialect.name == "sqlite":
        if after:
            connection.execute(text("DELETE FROM sqlite_sequence WHERE name = :name"), {"name": found.name})
            new = text("INSERT INTO sqlite_sequence (name, seq) VALUES (:name, :last)")
            connection.execute(new, {"name": found.name, "last": last})
    elif (sequence := _sequence(connection, found)) is not None:
        connection.execute(text("SELECT setval(CAST(:name AS regclass), :last)"), {"name": sequence, "last": last})


def _sequence(connection: Connection, found: _Table) -> str | None:
    return connection.scalar(select(func.pg_get_serial_sequence(found.name, found.keys[0])))
