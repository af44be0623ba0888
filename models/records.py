"""Who did what, for the organizers' eyes. Never a password, never a judge's private note. What was done in a contest is a chain (``bot.rules.chain``).

Which of Slack's events have been seen: Slack delivers some twice. Until when the bot was there: what it cannot have heard of, it reads afterwards.
"""

from __future__ import annotations

from datetime import datetime
from secrets import token_hex
from typing import TYPE_CHECKING, Any

from sqlalchemy import Index, bindparam, delete, func, select
from sqlalchemy.orm import Mapped, mapped_column

from bot.rules import chain
from bot.rules.chain import Head
from models.base import Base, Repository
from models.contests import ContestRepository

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator, Sequence


class Audit(Base):
    """One thing that somebody did."""

    __tablename__ = "audit"
    __table_args__ = (Index(None, "contest_id", "number", unique=True),)

    id: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    actor: Mapped[str]
    """A user id, or ``kantor`` for the bot itself."""
    action: Mapped[str]
    """Such as ``account.claimed``."""
    contest_id: Mapped[str | None]
    """None: it is about no contest, and in no chain."""
    facts: Mapped[dict[str, Any]]
    number: Mapped[int | None]
    """In its contest, from 1."""
    salt: Mapped[str | None]
    """None: what the entry said was erased."""
    digest: Mapped[str | None]
    """Of what the entry said when it was written."""
    link: Mapped[str | None]
    """Of this digest to the entry before."""


_LAST = (
    select(Audit.number, Audit.link)
    .where(Audit.contest_id == bindparam("contest_id"), Audit.number.is_not(None))
    .order_by(Audit.number.desc())
    .limit(1)
)
"""Made once: it is asked at every rating."""
_HEADS = "heads"
"""In a session's ``info``: where the chains end that it has added to."""


class AuditRepository(Repository[Audit]):
    """The audit trail. Entries are added at the end, and nothing else is done to them, but for what an erasure empties."""

    _row = Audit
    _order = (Audit.number,)

    def note(
        self, entry_id: str, *, at: datetime, actor: str, action: str, contest_id: str | None = None, **facts: Any
    ) -> None:
        """Write down what was done; ``facts`` are plain JSON values."""
        self.append([Audit(id=entry_id, at=at, actor=actor, action=action, contest_id=contest_id, facts=facts)])

    def append(self, entries: Sequence[Audit]) -> None:
        """Write these entries down in one statement, each at the end of its contest's chain.

        The contest is locked for that, where it is not yet: nobody else adds to its chain before this unit of work ends.
        """
        heads: dict[str, Head] = self._session.info.setdefault(_HEADS, {})
        for entry in entries:
            if entry.contest_id is not None:
                head = heads.get(entry.contest_id) or self._locked_head(entry.contest_id)
                heads[entry.contest_id] = _linked(entry, head)
        self._session.add_all(entries)
        self._session.flush()

    def head(self, contest_id: str) -> Head:
        """Where that contest's chain ends."""
        row = self._session.execute(_LAST, {"contest_id": contest_id}).first()
        return chain.root(contest_id) if row is None else Head(row.number, row.link)

    def _locked_head(self, contest_id: str) -> Head:
        ContestRepository(self._session).take_turn(contest_id)
        return self.head(contest_id)

    def newest_first(self, contest_id: str) -> Generator[Audit]:
        """All that was done in a contest, the newest first, read as it is asked for; to be closed by whoever stops before the end."""
        question = select(Audit).where(Audit.contest_id == contest_id).order_by(Audit.number.desc())
        with self._session.scalars(question.execution_options(yield_per=100)) as rows:
            yield from rows

    def of_contest(self, contest_id: str) -> Sequence[Audit]:
        """All that was done in a contest, in order."""
        return self._all(Audit.contest_id == contest_id)

    def unchained(self) -> int:
        """How many entries of contests stand in no chain: a Kantor that knows none has written them."""
        question = select(func.count()).where(Audit.contest_id.is_not(None), Audit.number.is_(None))
        return self._session.scalar(question) or 0

    def entries(self, contest_id: str) -> Iterator[chain.Entry]:
        """The same as a chain, read as it is asked for."""
        columns = [getattr(Audit, name) for name in chain.Entry._fields]
        question = select(*columns).where(Audit.contest_id == contest_id).order_by(Audit.number)
        with self._session.execute(question.execution_options(yield_per=500)) as rows:
            yield from (chain.Entry(*row) for row in rows)


def _linked(entry: Audit, head: Head) -> Head:
    """Make the entry follow that head; the head from then on."""
    entry.salt = token_hex(16)
    entry.digest = chain.digest(entry.salt, entry.at, entry.actor, entry.action, entry.facts)
    entry.number, entry.link = after = chain.follow(head, entry.digest)
    return after


_THE_ONE = 1


class Presence(Base):
    """One row: the last moment at which Slack could reach us, and we could write down what it said."""

    __tablename__ = "presence"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    until: Mapped[datetime]


class PresenceRepository(Repository[Presence]):
    """The one row."""

    _row = Presence

    def until(self) -> datetime | None:
        """Until when we were there; None where we never were."""
        return self._session.scalar(select(Presence.until).where(Presence.id == _THE_ONE))

    def note(self, now: datetime) -> None:
        """We are there."""
        self._write_over([{"id": _THE_ONE, "until": now}], ("id",))


class SlackEvent(Base):
    """An event of Slack's that has been dealt with."""

    __tablename__ = "slack_event"

    event_id: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)


class EventRepository(Repository[SlackEvent]):
    """The events seen."""

    _row = SlackEvent

    def see(self, event_id: str, *, now: datetime) -> bool:
        """Note the event, in the transaction that deals with it. False where it was seen before: do nothing then."""
        return self._insert_new({"event_id": event_id, "at": now}, ("event_id",))

    def prune(self, before: datetime) -> None:
        """Forget events that are too old to be delivered again."""
        self._session.execute(delete(SlackEvent).where(SlackEvent.at < before))
