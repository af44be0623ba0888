"""Which scheduled boards have been posted."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, func, select
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Repository


class BoardSlot(Base):
    """A moment of a contest's schedule whose board has been put in the outbox."""

    __tablename__ = "board_slot"

    contest_id: Mapped[str] = mapped_column(ForeignKey("contest.id"), primary_key=True)
    slot: Mapped[datetime] = mapped_column(primary_key=True)
    taken_at: Mapped[datetime]


class BoardRepository(Repository[BoardSlot]):
    """The scheduled boards."""

    _row = BoardSlot

    def take_slot(self, contest_id: str, slot: datetime, *, now: datetime) -> bool:
        """Take the slot. False where somebody (another replica, an earlier run) has it."""
        return self._insert_new({"contest_id": contest_id, "slot": slot, "taken_at": now}, ("contest_id", "slot"))

    def last_slot(self, contest_id: str) -> datetime | None:
        """The latest slot that was taken, or None."""
        return self._session.scalar(select(func.max(BoardSlot.slot)).where(BoardSlot.contest_id == contest_id))
