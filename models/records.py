"""Who did what, for the organizers' eyes. Never a password, never a judge's private note.

Which of Slack's events have been seen: Slack delivers some twice. Until when the bot was there: what it cannot have heard of, it reads afterwards.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Index, delete, select
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, GrowingRepository, Repository

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence


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
    _order = (Audit.at, Audit.id)

    def note(
        self, entry_id: str, *, at: datetime, actor: str, action: str, contest_id: str | None = None, **facts: Any
    ) -> None:
        """Write down what was done; ``facts`` are plain JSON values."""
        self.add(Audit(id=entry_id, at=at, actor=actor, action=action, contest_id=contest_id, facts=facts))

    def newest_first(self, contest_id: str) -> Generator[Audit]:
        """All that was done in a contest, the newest first, read as it is asked for; to be closed by whoever stops before the end."""
        question = select(Audit).where(Audit.contest_id == contest_id).order_by(Audit.at.desc(), Audit.id.desc())
        with self._session.scalars(question.execution_options(yield_per=100)) as rows:
            yield from rows

    def of_contest(self, contest_id: str) -> Sequence[Audit]:
        """All that was done in a contest, in order of time."""
        return self._all(Audit.contest_id == contest_id)


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
        return self._session.scalar(select(Presence.until).where(Presence.id == _THE_ONE))

    def note(self, now: datetime) -> None:
        """We are there."""
        self._write_over([{"id": _THE_ONE, "until": now}], ("id",))


class SlackEvent(Base):
    """An event of Slack's that has been dealt with."""

    __tablename__ = "slack_event"

    event_id: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)


class EventRepository(Repository[SlackEvent]):
    """The events seen."""

    _row = SlackEvent

    def see(self, event_id: str, *, now: datetime) -> bool:
        """Note the event, in the transaction that deals with it. False where it was seen before: do nothing then."""
        return self._insert_new({"event_id": event_id, "at": now}, ("event_id",))

    def prune(self, before: datetime) -> None:
        """Forget events that are too old to be delivered again."""
        self._session.execute(delete(SlackEvent).where(SlackEvent.at < before))
