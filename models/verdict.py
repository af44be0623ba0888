"""What the AI judge found."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, GrowingRepository
from models.submission import Submission


class Verdict(Base):
    """The AI judge's verdict on one submission, with what made it."""

    __tablename__ = "verdict"

    id: Mapped[str] = mapped_column(primary_key=True)
    submission_id: Mapped[str] = mapped_column(ForeignKey("submission.id"), unique=True)
    score: Mapped[float]
    """0-100."""
    facts: Mapped[dict[str, Any]]
    """All fields of ``judge.assess.Verdict``."""
    model_version: Mapped[str]
    weights_sha256: Mapped[str]
    created_at: Mapped[datetime]


class VerdictRepository(GrowingRepository[Verdict]):
    """The verdicts."""

    _row = Verdict

    def of_submission(self, submission_id: str) -> Verdict | None:
        """The verdict on that submission, or None."""
        return self._session.scalars(select(Verdict).where(Verdict.submission_id == submission_id)).one_or_none()

    def of_contest(self, contest_id: str) -> dict[str, Verdict]:
        """All verdicts of a contest, by submission id."""
        question = select(Verdict).join(Submission, Submission.id == Verdict.submission_id)
        found = self._session.scalars(question.where(Submission.contest_id == contest_id))
        return {verdict.submission_id: verdict for verdict in found}
