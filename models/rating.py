"""What human judges gave."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, GrowingRepository

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence


class Rating(Base):
    """One judge's rating of one submission. The criteria are whole numbers from 1 to 5."""

    __tablename__ = "rating"
    __table_args__ = (UniqueConstraint("submission_id", "judge"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    contest_id: Mapped[str] = mapped_column(ForeignKey("contest.id"), index=True)
    submission_id: Mapped[str] = mapped_column(ForeignKey("submission.id"))
    judge: Mapped[str]
    """The judge's user id."""
    originality: Mapped[int]
    balance: Mapped[int]
    emotional: Mapped[int]
    comment: Mapped[str]
    """For the author."""
    private_note: Mapped[str]
    """For the judge alone."""
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class RatingRepository(GrowingRepository[Rating]):
    """The ratings."""

    _row = Rating

    def by_judge(self, submission_id: str, judge: str) -> Rating | None:
        """What this judge gave this submission, or None."""
        question = select(Rating).where(Rating.submission_id == submission_id, Rating.judge == judge)
        return self._session.scalars(question).one_or_none()

    def by_judges(self, submission_ids: Collection[str], judges: Collection[str]) -> dict[tuple[str, str], Rating]:
        """What these judges gave these submissions, by submission and judge."""
        question = select(Rating).where(Rating.submission_id.in_(submission_ids), Rating.judge.in_(judges))
        return {(rating.submission_id, rating.judge): rating for rating in self._session.scalars(question)}

    def rated_by(self, contest_id: str, judges: Collection[str]) -> dict[str, set[str]]:
        """Ids of the submissions that each of these judges has rated."""
        question = select(Rating.judge, Rating.submission_id).where(
            Rating.contest_id == contest_id, Rating.judge.in_(judges)
        )
        rated: dict[str, set[str]] = {judge: set() for judge in judges}
        for judge, submission_id in self._session.execute(question):
            rated[judge].add(submission_id)
        return rated

    def of_contest(self, contest_id: str) -> Sequence[Rating]:
        """All ratings of the contest, in order of time."""
        question = select(Rating).where(Rating.contest_id == contest_id)
        return self._session.scalars(question.order_by(Rating.created_at, Rating.id)).all()
