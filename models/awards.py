"""Results that stand, the ceremony in which they are revealed, and the prizes that go with them."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import ForeignKey, delete, select
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, GrowingRepository

if TYPE_CHECKING:
    from collections.abc import Sequence


class Consent(Base):
    """An organizer's word that the results of that moment may stand."""

    __tablename__ = "result_consent"

    contest_id: Mapped[str] = mapped_column(ForeignKey("contest.id"), primary_key=True)
    organizer: Mapped[str] = mapped_column(primary_key=True)
    digest: Mapped[str]
    """Of the results that they saw: it is no word about others."""
    reason: Mapped[str]
    """Why without a second organizer, or although something is missing; empty: neither."""
    at: Mapped[datetime]


class Result(Base):
    """How a contest ended, fixed before anybody is told."""

    __tablename__ = "result"

    id: Mapped[str] = mapped_column(primary_key=True)
    contest_id: Mapped[str] = mapped_column(ForeignKey("contest.id"), index=True)
    sha256: Mapped[str]
    """Of the file of the results, in hexadecimal: posted at once, while the file follows at the end."""
    awards: Mapped[list[dict[str, Any]]]
    """Fields of ``bot.rules.awards.Award``."""
    confirmed_by: Mapped[list[str]]
    """User ids of the organizers."""
    settled_at: Mapped[datetime]
    undone_at: Mapped[datetime | None]
    """When the judging went on after all."""


class Ceremony(Base):
    """A reveal, step by step, or a rehearsal of it; where it stands is all in here."""

    __tablename__ = "ceremony"

    id: Mapped[str] = mapped_column(primary_key=True)
    contest_id: Mapped[str] = mapped_column(ForeignKey("contest.id"), index=True)
    result_id: Mapped[str] = mapped_column(ForeignKey("result.id"))
    rehearsal: Mapped[bool]
    channel_id: Mapped[str]
    """Where its steps are shown."""
    presenter: Mapped[str]
    panels: Mapped[list[str]]
    """Who has a panel with its buttons in their direct messages; the presenter first."""
    steps: Mapped[list[dict[str, Any]]]
    """As ``bot.rules.ceremony.dump``."""
    has_pictures: Mapped[bool]
    shown: Mapped[int]
    at_step: Mapped[int]
    paused: Mapped[bool]
    """These three: ``bot.rules.ceremony.Position``."""
    turn: Mapped[int]
    """Goes up with each click that counted: a button of an older turn does nothing any more."""
    made_at: Mapped[datetime]
    begun_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]


class PrizeDue(Base):
    """A prize that somebody has won, until they have it."""

    __tablename__ = "prize_due"

    id: Mapped[str] = mapped_column(primary_key=True)
    contest_id: Mapped[str] = mapped_column(ForeignKey("contest.id"), index=True)
    user_id: Mapped[str]
    submission_id: Mapped[str | None]
    """The composition that won it; None where a judge did."""
    category: Mapped[str]
    """``bot.rules.prizes.Category``."""
    place: Mapped[int]
    """From 1; 0 where it is for none."""
    what: Mapped[str]
    number: Mapped[int]
    giver: Mapped[str]
    received_at: Mapped[datetime | None]
    ticked_by: Mapped[str | None]
    """Who said that it was received: the winner, or an organizer."""


class AwardRepository(GrowingRepository[Ceremony]):
    """Results, ceremonies, prizes."""

    _row = Ceremony

    def consents(self, contest_id: str) -> Sequence[Consent]:
        """Who has said so far that the results may stand, in order."""
        question = select(Consent).where(Consent.contest_id == contest_id)
        return self._session.scalars(question.order_by(Consent.at, Consent.organizer)).all()

    def consent(self, consent: Consent) -> None:
        """Write it down; a second one of the same organizer takes the first one's place."""
        self._session.merge(consent)
        self._session.flush()

    def forget_consents(self, contest_id: str) -> None:
        """They were about results that do not stand any more."""
        self._session.execute(delete(Consent).where(Consent.contest_id == contest_id))

    def settle(self, result: Result) -> None:
        """These are the results."""
        self._session.add(result)
        self._session.flush()

    def result(self, contest_id: str) -> Result | None:
        """Those that stand, or None."""
        question = select(Result).where(Result.contest_id == contest_id, Result.undone_at.is_(None))
        return self._session.scalars(question.order_by(Result.settled_at.desc(), Result.id).limit(1)).one_or_none()

    def results(self, contest_id: str) -> Sequence[Result]:
        """All that ever stood, in order."""
        question = select(Result).where(Result.contest_id == contest_id)
        return self._session.scalars(question.order_by(Result.settled_at, Result.id)).all()

    def ceremony(self, ceremony_id: str) -> Ceremony | None:
        """The ceremony of that id, or None."""
        return self._session.get(Ceremony, ceremony_id)

    def ceremonies(self, contest_id: str) -> Sequence[Ceremony]:
        """All of a contest, rehearsals included, in order."""
        return self._all(Ceremony.contest_id == contest_id, order=(Ceremony.made_at, Ceremony.id))

    def running(self, contest_id: str, *, rehearsal: bool) -> Ceremony | None:
        """The ceremony, or the rehearsal, that has not ended; None where there is none."""
        here = Ceremony.contest_id == contest_id, Ceremony.rehearsal == rehearsal, Ceremony.ended_at.is_(None)
        return self._newest(*here, by=Ceremony.made_at)

    def owe(self, prizes: Sequence[PrizeDue]) -> None:
        """These prizes were won."""
        self._session.add_all(prizes)
        self._session.flush()

    def prizes(self, contest_id: str) -> Sequence[PrizeDue]:
        """All that were won, those of the first place first."""
        question = select(PrizeDue).where(PrizeDue.contest_id == contest_id)
        return self._session.scalars(question.order_by(PrizeDue.category, PrizeDue.place, PrizeDue.id)).all()

    def prize(self, prize_id: str) -> PrizeDue | None:
        """The prize of that id, or None."""
        return self._session.get(PrizeDue, prize_id)

    def forgive(self, contest_id: str) -> None:
        """Nobody has won anything yet: the end was taken back."""
        self._session.execute(delete(PrizeDue).where(PrizeDue.contest_id == contest_id))
