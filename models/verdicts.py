"""What the AI judge found."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import ForeignKey, Index, select, text, update
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, GrowingRepository, batches
from models.submissions import Submission

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

_PRESENT = text("superseded_at IS NULL")


class Verdict(Base):
    """The AI judge's verdict on one submission, with what made it. Of several on one submission the last one counts."""

    __tablename__ = "verdict"
    __table_args__ = (Index(None, "submission_id", unique=True, sqlite_where=_PRESENT, postgresql_where=_PRESENT),)

    id: Mapped[str] = mapped_column(primary_key=True)
    submission_id: Mapped[str] = mapped_column(ForeignKey("submission.id"))
    score: Mapped[float]
    """0-100."""
    facts: Mapped[dict[str, Any]]
    """All fields of ``judge.verdict.Verdict``."""
    model_version: Mapped[str]
    weights_sha256: Mapped[str]
    created_at: Mapped[datetime]
    superseded_at: Mapped[datetime | None]
    """When a newer model's verdict took its place; None while it counts."""


class VerdictRepository(GrowingRepository[Verdict]):
    """The verdicts."""

    _row = Verdict
    _order = (Verdict.created_at, Verdict.id)

    def of_submission(self, submission_id: str) -> Verdict | None:
        """The verdict on that submission that counts, or None."""
        return self._one(Verdict.submission_id == submission_id, Verdict.superseded_at.is_(None))

    def scores(self, submission_ids: Collection[str]) -> dict[str, float]:
        """The scores (0-100) of the verdicts that count on those submissions, by id; those without one are left out."""
        question = select(Verdict.submission_id, Verdict.score).where(Verdict.superseded_at.is_(None))
        parts = (question.where(Verdict.submission_id.in_(some)) for some in batches(submission_ids))
        return {row.submission_id: row.score for part in parts for row in self._session.execute(part)}

    def of_contest(self, contest_id: str) -> dict[str, Verdict]:
        """The verdicts of a contest that count, by submission id."""
        question = select(Verdict).join(Submission, Submission.id == Verdict.submission_id)
        here = question.where(Submission.contest_id == contest_id, Verdict.superseded_at.is_(None))
        return {verdict.submission_id: verdict for verdict in self._session.scalars(here)}

    def history(self, submission_id: str) -> Sequence[Verdict]:
        """All verdicts on that submission, the oldest first."""
        return self._all(Verdict.submission_id == submission_id)

    def supersede(self, verdict_ids: Collection[str], now: datetime) -> None:
        """They count no more, and are kept."""
        for some in batches(verdict_ids):
            self._session.execute(update(Verdict).where(Verdict.id.in_(some)).values(superseded_at=now))
