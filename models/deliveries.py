"""Which of Slack's events have been seen: Slack delivers some twice."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Repository


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
