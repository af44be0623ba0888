"""Who was asked to help with a contest, and what they said."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bot.rules.duties import Answer, Duty
from models.base import Base, Repository, Word

if TYPE_CHECKING:
    from collections.abc import Sequence


class DutyRequest(Base):
    """A person who was asked to judge a contest, to present its ceremony, or to speak there."""

    __tablename__ = "duty_request"
    __table_args__ = (UniqueConstraint("contest_id", "user_id", "duty"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    contest_id: Mapped[str] = mapped_column(ForeignKey("contest.id"), index=True)
    user_id: Mapped[str]
    duty: Mapped[Duty] = mapped_column(Word(Duty))
    asked_by: Mapped[str]
    asked_at: Mapped[datetime]
    words: Mapped[str]
    """The organizer's own, to the person; empty: none."""
    day: Mapped[datetime | None]
    """Until when a judge should be through, or when the ceremony is; None: nobody has said so yet."""
    answer: Mapped[Answer | None] = mapped_column(Word(Answer))
    """The last one: people change their minds."""
    answered_at: Mapped[datetime | None]
    why: Mapped[str]
    """What the person wrote with it; empty: nothing."""
    withdrawn_at: Mapped[datetime | None]
    """When an organizer took it back."""
    reminded_at: Mapped[datetime | None]
    """The last time."""


class DutyRepository(Repository[DutyRequest]):
    """Who was asked, and what they said."""

    _row = DutyRequest
    _order = (DutyRequest.asked_at, DutyRequest.user_id, DutyRequest.duty)

    def ask(self, request: DutyRequest) -> None:
        """Write a request down; one that was taken back gives way to it."""
        former = self.of_person(request.contest_id, request.user_id, request.duty)
        if former is not None:
            self._session.delete(former)
            self._session.flush()
        self._session.add(request)
        self._session.flush()

    def of_person(self, contest_id: str, user_id: str, duty: Duty) -> DutyRequest | None:
        """What that person was asked for, or None."""
        theirs = (DutyRequest.contest_id == contest_id, DutyRequest.user_id == user_id, DutyRequest.duty == duty)
        return self._one(*theirs)

    def of_contest(self, contest_id: str) -> Sequence[DutyRequest]:
        """All requests of the contest, in the order in which they were made."""
        return self._all(DutyRequest.contest_id == contest_id)

    def holders(self, contest_id: str, duty: Duty) -> list[str]:
        """User ids of those who have agreed to it, and were not told that they are not needed."""
        agreed = (DutyRequest.duty == duty, DutyRequest.answer == Answer.ACCEPTED, DutyRequest.withdrawn_at.is_(None))
        return [each.user_id for each in self._all(DutyRequest.contest_id == contest_id, *agreed)]
