"""The rules by which a contest is judged, in all their versions."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, GrowingRepository

if TYPE_CHECKING:
    from collections.abc import Sequence


class Charter(Base):
    """One version of them. A row is never changed."""

    __tablename__ = "charter"

    contest_id: Mapped[str] = mapped_column(ForeignKey("contest.id"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """From 1; ``Contest.rules_version`` says which one holds."""
    document: Mapped[str]
    """Canonical JSON (``bot.rules.charter``): the very bytes that ``sha256`` is of."""
    sha256: Mapped[str]
    """In hexadecimal digits, as the channel has read it."""
    at: Mapped[datetime]
    by: Mapped[str]
    """Whose doing it was: a user id, or ``kantor``."""
    reason: Mapped[str]
    """What was done: began the judging, or what was changed."""


class CharterRepository(GrowingRepository[Charter]):
    """The versions."""

    _row = Charter
    _order = (Charter.version,)

    def version(self, contest_id: str, version: int | None) -> Charter | None:
        """That version of the contest's rules, or None."""
        return None if version is None else self._session.get(Charter, (contest_id, version))

    def of_contest(self, contest_id: str) -> Sequence[Charter]:
        """All of them, the first one first."""
        return self._all(Charter.contest_id == contest_id)
