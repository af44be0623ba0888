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


class Pseudonym(Base):
    """What a judge is called where nobody is to know who it is: where it is drawn who hears what, and in what anyone can check."""

    __tablename__ = "pseudonym"

    contest_id: Mapped[str] = mapped_column(ForeignKey("contest.id"), primary_key=True)
    judge: Mapped[str] = mapped_column(primary_key=True)
    pseudonym: Mapped[str]
    """Random: it says nothing of the judge, nor of when they came."""


class Drawing(Base):
    """Once that it was drawn who hears what. A row is never changed."""

    __tablename__ = "drawing"

    contest_id: Mapped[str] = mapped_column(ForeignKey("contest.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """From 1."""
    document: Mapped[str]
    """Canonical JSON (``bot.rules.drawings``)."""
    sha256: Mapped[str]
    at: Mapped[datetime]


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

    def pseudonyms(self, contest_id: str) -> dict[str, str]:
        """Of all who have one, by user id."""
        question = select(Pseudonym.judge, Pseudonym.pseudonym).where(Pseudonym.contest_id == contest_id)
        return {row.judge: row.pseudonym for row in self._session.execute(question)}

    def call(self, contest_id: str, pseudonyms: Mapping[str, str]) -> None:
        """Give judges who have none these pseudonyms."""
        rows = [{"contest_id": contest_id, "judge": judge, "pseudonym": name} for judge, name in pseudonyms.items()]
        if rows:
            self._session.execute(insert(Pseudonym), rows)

    def drawings(self, contest_id: str) -> Sequence[Drawing]:
        """All of them, the first one first."""
        question = select(Drawing).where(Drawing.contest_id == contest_id).order_by(Drawing.number)
        return self._session.scalars(question).all()

    def drawn(self, contest_id: str, document: str, sha256: str, now: datetime) -> int:
        """Keep another drawing; its number."""
        last = select(func.max(Drawing.number)).where(Drawing.contest_id == contest_id)
        number = (self._session.scalar(last) or 0) + 1
        self._session.add(Drawing(contest_id=contest_id, number=number, document=document, sha256=sha256, at=now))
        self._session.flush()
        return number

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
