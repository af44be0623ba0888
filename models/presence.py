"""Until when the bot was there: what it cannot have heard of, it reads afterwards."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Repository

_THE_ONE = 1


class Presence(Base):
    """One row: the last moment at which Slack could reach us, and we could write down what it said."""

    __tablename__ = "presence"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    until: Mapped[datetime]


class PresenceRepository(Repository[Presence]):
    """The one row."""

    _row = Presence

    def until(self) -> datetime | None:
        """Until when we were there; None where we never were."""
        found = self.get(_THE_ONE)
        return None if found is None else found.until

    def note(self, now: datetime) -> None:
        """We are there."""
        self._session.merge(Presence(id=_THE_ONE, until=now))
