"""Who looks at their Home tab, where several bots share it: what happens to a person is shown to them by whichever bot learns of it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Repository


class Look(Base):
    """One person's Home tab."""

    __tablename__ = "look"

    user_id: Mapped[str] = mapped_column(primary_key=True)
    chosen: Mapped[str]
    """Id of the contest that they chose to see; empty where they chose none."""
    at: Mapped[datetime]
    """When they opened it last, or did something."""


class LookRepository(Repository[Look]):
    """The Home tabs that somebody may see."""

    _row = Look

    def chosen(self, user_id: str, *, since: datetime) -> str | None:
        """What they chose; None where they have not looked since then."""
        return self._session.scalar(select(Look.chosen).where(Look.user_id == user_id, Look.at >= since))

    def note(self, user_id: str, chosen: str, *, now: datetime) -> None:
        """They look."""
        self._write_over([{"user_id": user_id, "chosen": chosen, "at": now}], ("user_id",))

    def forget(self, before: datetime) -> None:
        """Who looked before that does so no more."""
        self._session.execute(delete(Look).where(Look.at < before))
