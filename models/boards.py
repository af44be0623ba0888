"""Boards as they were: which scheduled ones have been posted, and snapshots."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import ForeignKey, Index, delete, func, select
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Repository

if TYPE_CHECKING:
    from collections.abc import Sequence


class BoardSlot(Base):
    """A moment of a contest's schedule whose board has been put in the outbox."""

    __tablename__ = "board_slot"

    contest_id: Mapped[str] = mapped_column(ForeignKey("contest.id"), primary_key=True)
    slot: Mapped[datetime] = mapped_column(primary_key=True)
    taken_at: Mapped[datetime]


class BoardSnapshot(Base):
    """A board as it stood."""

    __tablename__ = "board_snapshot"
    __table_args__ = (Index(None, "contest_id", "taken_at"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    contest_id: Mapped[str] = mapped_column(ForeignKey("contest.id"))
    kind: Mapped[str]
    """``posted``, ``frozen``, ``preliminary`` or ``final``."""
    taken_at: Mapped[datetime]
    board: Mapped[dict[str, Any]]
    """A dumped ``bot.usecases.boards.letters.BoardPost``."""


class BoardRepository(Repository[BoardSlot]):
    """The scheduled boards."""

    _row = BoardSlot

    def take_slot(self, contest_id: str, slot: datetime, *, now: datetime) -> bool:
        """Take the slot. False where somebody (another replica, an earlier run) has it."""
        return self._insert_new({"contest_id": contest_id, "slot": slot, "taken_at": now}, ("contest_id", "slot"))

    def last_slot(self, contest_id: str) -> datetime | None:
        """The latest slot that was taken, or None."""
        return self._session.scalar(select(func.max(BoardSlot.slot)).where(BoardSlot.contest_id == contest_id))

    def keep(self, snapshot: BoardSnapshot) -> None:
        """Store a board as it stands."""
        self._session.add(snapshot)
        self._session.flush()

    def snapshot(self, snapshot_id: str) -> BoardSnapshot | None:
        """The stored board of that id, or None."""
        return self._session.get(BoardSnapshot, snapshot_id)

    def of_contest(self, contest_id: str) -> Sequence[BoardSnapshot]:
        """All stored boards of a contest, in order of time."""
        question = select(BoardSnapshot).where(BoardSnapshot.contest_id == contest_id)
        return self._session.scalars(question.order_by(BoardSnapshot.taken_at, BoardSnapshot.id)).all()

    def newest(self, contest_id: str, kind: str) -> BoardSnapshot | None:
        """The contest's latest stored board of that kind, or None."""
        question = select(BoardSnapshot).where(BoardSnapshot.contest_id == contest_id, BoardSnapshot.kind == kind)
        return self._session.scalars(question.order_by(*_NEWEST).limit(1)).one_or_none()

    def forget_posted(self, contest_id: str, *, keep: int) -> None:
        """Drop posted boards but the newest ``keep``: a board a minute would fill the database."""
        posted = (BoardSnapshot.contest_id == contest_id, BoardSnapshot.kind == "posted")
        newest = select(BoardSnapshot.id).where(*posted).order_by(*_NEWEST).limit(keep)
        self._session.execute(delete(BoardSnapshot).where(*posted, BoardSnapshot.id.not_in(newest)))


_NEWEST = (BoardSnapshot.taken_at.desc(), BoardSnapshot.id.desc())
