"""Who hears what, and who should not: the allocation of compositions to judges, and conflicts of interest."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, delete, false, func, insert, select
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Repository, Word

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence


class Allotment(Base):
    """A composition that a judge is to hear in the first round, where not all judges hear all."""

    __tablename__ = "allotment"

    submission_id: Mapped[str] = mapped_column(ForeignKey("submission.id"), primary_key=True)
    judge: Mapped[str] = mapped_column(primary_key=True)
    contest_id: Mapped[str] = mapped_column(ForeignKey("contest.id"), index=True)
    at: Mapped[datetime]
    further: Mapped[bool] = mapped_column(server_default=false())
    """It was placed besides what each composition gets, since it is close to the cut."""


class ConflictKind(StrEnum):
    """Why somebody should not judge what a certain person wrote."""

    TEAM = "team"
    MANAGER = "manager"
    MENTOR = "mentor"
    OTHER = "other"


class Conflict(Base):
    """A judge who hears nothing of that author's."""

    __tablename__ = "conflict"

    contest_id: Mapped[str] = mapped_column(ForeignKey("contest.id"), primary_key=True)
    judge: Mapped[str] = mapped_column(primary_key=True)
    author: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[ConflictKind] = mapped_column(Word(ConflictKind))
    declared_by: Mapped[str]
    """The judge, or an organizer."""
    at: Mapped[datetime]


class PanelRepository(Repository[Allotment]):
    """Who hears what, and who should not."""

    _row = Allotment

    def allotted(self, contest_id: str, judges: Collection[str]) -> dict[str, set[str]]:
        """Ids of the compositions that each of these judges is to hear."""
        question = select(Allotment.judge, Allotment.submission_id).where(
            Allotment.contest_id == contest_id, Allotment.judge.in_(judges)
        )
        theirs: dict[str, set[str]] = {judge: set() for judge in judges}
        for judge, submission_id in self._session.execute(question):
            theirs[judge].add(submission_id)
        return theirs

    def pairs(self, contest_id: str, *, further: bool | None = None) -> frozenset[tuple[str, str]]:
        """The whole allocation: judges and submissions; only what was placed ``further``, or only the rest, where that is asked."""
        question = select(Allotment.judge, Allotment.submission_id).where(Allotment.contest_id == contest_id)
        if further is not None:
            question = question.where(Allotment.further == further)
        return frozenset((row.judge, row.submission_id) for row in self._session.execute(question))

    def numbers(self, contest_id: str) -> tuple[int, int]:
        """How many pairs the allocation has, and how many of them were placed further."""
        number, further = func.count(), func.count().filter(Allotment.further)
        row = self._session.execute(select(number, further).where(Allotment.contest_id == contest_id)).one()
        return row[0], row[1]

    def change(
        self, contest_id: str, gone: Collection[tuple[str, str]], new: Mapping[tuple[str, str], bool], now: datetime
    ) -> None:
        """Take these pairs of judges and submissions out of the allocation, and put those in: true for what was placed further."""
        by_judge: dict[str, list[str]] = {}
        for judge, submission_id in gone:
            by_judge.setdefault(judge, []).append(submission_id)
        for judge, ids in by_judge.items():
            theirs = (Allotment.contest_id == contest_id, Allotment.judge == judge, Allotment.submission_id.in_(ids))
            self._session.execute(delete(Allotment).where(*theirs))
        rows = [
            {"contest_id": contest_id, "judge": judge, "submission_id": each, "at": now, "further": further}
            for (judge, each), further in sorted(new.items())
        ]
        if rows:
            self._session.execute(insert(Allotment), rows)

    def conflicts(self, contest_id: str) -> Sequence[Conflict]:
        """All conflicts of the contest, in the order in which they were declared."""
        question = select(Conflict).where(Conflict.contest_id == contest_id)
        return self._session.scalars(question.order_by(Conflict.at, Conflict.judge, Conflict.author)).all()

    def conflict(self, contest_id: str, judge: str, author: str) -> Conflict | None:
        """That judge's conflict with that author, or None."""
        return self._session.get(Conflict, (contest_id, judge, author))

    def declare(self, conflict: Conflict) -> None:
        """Write a conflict down; a second one of the same two takes the first one's place."""
        self._session.merge(conflict)
        self._session.flush()

    def withdraw(self, conflict: Conflict) -> None:
        """Take a conflict back."""
        self._session.delete(conflict)
        self._session.flush()
