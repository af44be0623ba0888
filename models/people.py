"""What we remember of people: enough to name them on a board without asking Slack again."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Repository


class Person(Base):
    """A person of the workspace, as the directory last described them."""

    __tablename__ = "person"

    user_id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    time_zone: Mapped[str]
    is_admin: Mapped[bool]
    is_ours: Mapped[bool]
    """Whether the directory said that they are of this workspace; not of those remembered before it was asked."""
    updated_at: Mapped[datetime]
    """When the directory last said something new of them."""
    cards_off_at: Mapped[datetime | None]
    """Since when they want no feedback of judges; None: they get it."""


class PersonRepository(Repository[Person]):
    """The people we know."""

    _row = Person

    def names(self) -> dict[str, str]:
        """The names of everybody we know, by user id."""
        return {row.user_id: row.name for row in self._session.execute(select(Person.user_id, Person.name))}

    def remember(  # noqa: PLR0913 - what the directory says
        self, user_id: str, *, name: str, time_zone: str, is_admin: bool, is_ours: bool, now: datetime
    ) -> None:
        """Write down what the directory says of a person, new or known; nothing is written where that is known."""
        told = {"name": name, "time_zone": time_zone, "is_admin": is_admin, "is_ours": is_ours}
        known = self.get(user_id)
        if known is not None and all(getattr(known, name) == value for name, value in told.items()):
            return
        self._write_over([{"user_id": user_id, "updated_at": now, **told}], ("user_id",))
        if known is not None:
            self._session.refresh(known)

    def without_cards(self) -> set[str]:
        """User ids of those who want no feedback of judges."""
        return set(self._session.scalars(select(Person.user_id).where(Person.cards_off_at.is_not(None))))

    def is_ours(self, user_id: str) -> bool:
        """Whether we know the person, as one of this workspace."""
        person = self.get(user_id)
        return person is not None and person.is_ours

    def zone_of(self, user_id: str, otherwise: str) -> str:
        """The person's time zone (IANA), as far as we know it."""
        person = self.get(user_id)
        return otherwise if person is None else person.time_zone
