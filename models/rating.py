"""What human judges gave."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy import ForeignKey, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, GrowingRepository, words

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence


class Rating(Base):
    """One judge's rating of one submission in one round."""

    __tablename__ = "rating"
    __table_args__ = (UniqueConstraint("submission_id", "judge", "round"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    contest_id: Mapped[str] = mapped_column(ForeignKey("contest.id"), index=True)
    submission_id: Mapped[str] = mapped_column(ForeignKey("submission.id"))
    judge: Mapped[str]
    """The judge's user id."""
    round: Mapped[str]
    """``preliminary`` or ``final`` (``bot.rules.phases.Round``)."""
    scores: Mapped[dict[str, Any]]
    """Whole numbers from 1 to 5, by the criterion's key."""
    comment: Mapped[str]
    """For the author."""
    comment_shown: Mapped[bool | None]
    """Whether organizers let the author read it; None until they have looked."""
    private_note: Mapped[str]
    """For the judge alone."""
    entered_by: Mapped[str | None]
    """The organizer who wrote it down on the judge's behalf; None where the judge did."""
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class RatingDraft(Base):
    """What a judge had filled in when the modal was closed."""

    __tablename__ = "rating_draft"

    submission_id: Mapped[str] = mapped_column(ForeignKey("submission.id"), primary_key=True)
    judge: Mapped[str] = mapped_column(primary_key=True)
    round: Mapped[str] = mapped_column(primary_key=True)
    values: Mapped[dict[str, Any]]
    updated_at: Mapped[datetime]


class MarkKind(StrEnum):
    """What a judge did with a piece instead of rating it."""

    SKIPPED = "skipped"
    RECUSED = "recused"
    FLAGGED = "flagged"


class JudgingMark(Base):
    """A piece that a judge skipped, will not rate, or wants organizers to look at."""

    __tablename__ = "judging_mark"
    __table_args__ = (UniqueConstraint("submission_id", "judge", "kind"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    contest_id: Mapped[str] = mapped_column(ForeignKey("contest.id"), index=True)
    submission_id: Mapped[str] = mapped_column(ForeignKey("submission.id"))
    judge: Mapped[str]
    kind: Mapped[MarkKind] = mapped_column(words(MarkKind))
    reason: Mapped[str]
    at: Mapped[datetime]
    resolved_by: Mapped[str | None]
    resolved_at: Mapped[datetime | None]


class RatingRepository(GrowingRepository[Rating]):
    """The ratings."""

    _row = Rating

    def by_judge(self, submission_id: str, judge: str, round_: str) -> Rating | None:
        """What this judge gave this submission in that round, or None."""
        here = (Rating.submission_id == submission_id, Rating.judge == judge, Rating.round == round_)
        question = select(Rating).where(*here)
        return self._session.scalars(question).one_or_none()

    def by_judges(self, submission_ids: Collection[str], judges: Collection[str]) -> dict[tuple[str, str, str], Rating]:
        """What these judges gave these submissions, by submission, judge and round."""
        question = select(Rating).where(Rating.submission_id.in_(submission_ids), Rating.judge.in_(judges))
        return {
            (rating.submission_id, rating.judge, rating.round): rating for rating in self._session.scalars(question)
        }

    def rated_by(self, contest_id: str, judges: Collection[str], round_: str) -> dict[str, set[str]]:
        """Ids of the submissions that each of these judges has rated in that round."""
        question = select(Rating.judge, Rating.submission_id).where(
            Rating.contest_id == contest_id, Rating.judge.in_(judges), Rating.round == round_
        )
        rated: dict[str, set[str]] = {judge: set() for judge in judges}
        for judge, submission_id in self._session.execute(question):
            rated[judge].add(submission_id)
        return rated

    def of_round(self, contest_id: str, round_: str) -> Sequence[Rating]:
        """The ratings of that round of the contest, in order of time."""
        question = select(Rating).where(Rating.contest_id == contest_id, Rating.round == round_)
        return self._session.scalars(question.order_by(Rating.created_at, Rating.id)).all()

    def of_contest(self, contest_id: str) -> Sequence[Rating]:
        """All ratings of the contest, both rounds, in order of time."""
        question = select(Rating).where(Rating.contest_id == contest_id)
        return self._session.scalars(question.order_by(Rating.created_at, Rating.id)).all()
