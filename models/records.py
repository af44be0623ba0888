"""Who did what, for the organizers' eyes. Never a password, never a judge's private note."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Index, select
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, GrowingRepository

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


class Audit(Base):
    """One thing that somebody did."""

    __tablename__ = "audit"
    __table_args__ = (Index(None, "contest_id", "at"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    actor: Mapped[str]
    """A user id, or ``kantor`` for the bot itself."""
    action: Mapped[str]
    """Such as ``account.claimed``."""
    contest_id: Mapped[str | None]
    facts: Mapped[dict[str, Any]]


class AuditRepository(GrowingRepository[Audit]):
    """The audit trail."""

    _row = Audit

    def note(
        self, entry_id: str, *, at: datetime, actor: str, action: str, contest_id: str | None = None, **facts: Any
    ) -> None:
        """Write down what was done; ``facts`` are plain JSON values."""
        self.add(Audit(id=entry_id, at=at, actor=actor, action=action, contest_id=contest_id, facts=facts))

    def newest_first(self, contest_id: str) -> Iterator[Audit]:
        """All that was done in a contest, the newest first, read as it is asked for."""
        question = select(Audit).where(Audit.contest_id == contest_id).order_by(Audit.at.desc(), Audit.id.desc())
        yield from self._session.scalars(question.execution_options(yield_per=100))

    def of_contest(self, contest_id: str) -> Sequence[Audit]:
        """All that was done in a contest, in order of time."""
        question = select(Audit).where(Audit.contest_id == contest_id).order_by(Audit.at, Audit.id)
        return self._session.scalars(question).all()
