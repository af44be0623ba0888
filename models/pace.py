"""Until when nothing more goes to a recipient, or in one of Slack's lanes, whichever of several bots on one PostgreSQL asks.

By the database's clock: the machines' own may differ by more than Slack's second. On SQLite there is one bot, which knows by itself.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import DateTime, Interval, delete, func, literal, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Repository

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from sqlalchemy import ColumnElement

KEPT = timedelta(hours=1)
"""A row that says no more is taken out after so long."""


class Pace(Base):
    """A recipient, or a lane, and until when it is shut."""

    __tablename__ = "pace"

    name: Mapped[str] = mapped_column(primary_key=True)
    until: Mapped[datetime]


class PaceRepository(Repository[Pace]):
    """Empty on SQLite, where each answer is that nobody else is there."""

    _row = Pace

    def waits(self) -> dict[str, timedelta]:
        """How long these are still shut."""
        if not self._is_shared:
            return {}
        left = (Pace.until - _now()).cast(Interval)
        return dict(self._session.execute(select(Pace.name, left).where(Pace.until > _now())).all())

    def take(self, names: Collection[str], span: timedelta) -> frozenset[str]:
        """Those of these that are open; they are shut for everybody else for ``span``, or until ``shut`` says otherwise."""
        if not self._is_shared or not names:
            return frozenset(names)
        rows = [{"name": name, "until": _now() + literal(span, Interval)} for name in sorted(names)]
        taken = insert(Pace).values(rows)
        taken = taken.on_conflict_do_update(
            index_elements=["name"], set_={"until": taken.excluded.until}, where=Pace.until <= _now()
        )
        return frozenset(self._session.scalars(taken.returning(Pace.name)))

    def shut(self, pauses: Mapping[str, timedelta]) -> None:
        """From now on for so long; where that is nothing, or less, they are open."""
        if not self._is_shared or not pauses:
            return
        rows = [{"name": name, "until": _now() + literal(pauses[name], Interval)} for name in sorted(pauses)]
        written = insert(Pace).values(rows)
        self._session.execute(
            written.on_conflict_do_update(index_elements=["name"], set_={"until": written.excluded.until})
        )

    def forget_old(self) -> None:
        """Take out what says nothing any more."""
        if self._is_shared:
            self._session.execute(delete(Pace).where(Pace.until < _now() - literal(KEPT, Interval)))

    @property
    def _is_shared(self) -> bool:
        return self._session.get_bind().dialect.name == "postgresql"


def _now() -> ColumnElement[datetime]:
    """Of this moment, and not of the transaction's beginning: it may have waited for somebody."""
    return func.clock_timestamp(type_=DateTime(timezone=True))
