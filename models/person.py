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
    updated_at: Mapped[datetime]


class PersonRepository(Repository[Person]):
    """The people we know."""

    _row = Person

    def names(self) -> dict[str, str]:
        """The names of everybody we know, by user id."""
        return {row.user_id: row.name for row in self._session.execute(select(Person.user_id, Person.name))}

    def remember(self, user_id: str, *, name: str, time_zone: str, is_admin: bool, now: datetime) -> Person:
        """Write down what the directory says of a person, new or known."""
        person = Person(user_id=user_id, name=name, time_zone=time_zone, is_admin=is_admin, updated_at=now)
        return self._session.merge(person)
