"""Letters: messages that must arrive, written in the same transaction as the reason for them."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    ColumnElement,
    Index,
    Select,
    String,
    and_,
    case,
    cast,
    false,
    func,
    or_,
    select,
    text,
    true,
    update,
)
from sqlalchemy.orm import Mapped, aliased, mapped_column

from bot.rules.causes import cause
from models.base import SKEW, Base, News, Repository, Waiting, batches, words

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence


class LetterState(StrEnum):
    """How far a letter has come."""

    PENDING = "pending"
    CLAIMED = "claimed"
    SENT = "sent"
    FAILED = "failed"
    DROPPED = "dropped"
    """An edit that nobody needs any more: a newer one is there, or what it rewrites is not. No failure."""


class Lane(StrEnum):
    """Letters that Slack limits apart: it counts messages, files and edits each by themselves."""

    MESSAGES = "messages"
    EDITS = "edits"
    FILES = "files"


OPEN = (LetterState.PENDING, LetterState.CLAIMED)


_EDITS = text("edits IS NOT NULL")


class OutboxRow(Base):
    """One letter. Letters to one thread, and those to one recipient that are in no thread, go out in the order of their ids.

    Edits stand in a line of their own: each waits for the letter that it rewrites, and for earlier edits of the same one.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        Index(None, "state", "recipient", "thread_ts", "id"),
        # Of edits only: else SQLite takes it to find what is none, and looks through all letters that were ever sent.
        Index(None, "edits", sqlite_where=_EDITS, postgresql_where=_EDITS),
        Index(None, "kind", "contest_id"),
        Index(None, "subject_id"),
        Index(None, "sent_channel", "sent_ts"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    """What the letter says to whom about what: a second one of the same key is not taken. Nothing is read out of it."""
    kind: Mapped[str]
    """The message's."""
    recipient: Mapped[str]
    """A channel's id, or a person's for their direct messages."""
    thread_ts: Mapped[str | None]
    message: Mapped[dict[str, Any]]
    """A dumped message (``bot.usecases.messages``)."""
    uploads: Mapped[list[dict[str, Any]]]
    """The fields of ``bot.ports.Upload`` for each file that goes with it."""
    state: Mapped[LetterState] = mapped_column(words(LetterState))
    send_at: Mapped[datetime]
    lease_until: Mapped[datetime | None]
    """While it is claimed: until when it belongs to the pump that took it."""
    set_at: Mapped[datetime]
    """When the one or the other of these was set."""
    attempts: Mapped[int]
    """How often it was tried, this time included; what Slack did not look at is taken off again."""
    claims: Mapped[int] = mapped_column(default=0)
    """How often it was taken up. It never goes back, so it tells one pump's turn from every other."""
    sent_channel: Mapped[str | None]
    sent_ts: Mapped[str | None]
    sent_at: Mapped[datetime | None]
    error: Mapped[str | None]
    contest_id: Mapped[str | None]
    """The contest that it is about: whose organizers learn of it where it is lost. None: about none, or about several."""
    subject_id: Mapped[str | None]
    """What in the contest it is about: the id of a submission, or of a reminder. None: the contest, or nothing of these."""
    edits: Mapped[str | None]
    """The key of the letter whose message this one rewrites; None: it is a message of its own."""
    created_at: Mapped[datetime]
    cause: Mapped[str | None]
    """What it came of (``bot.rules.causes``)."""

    @property
    def lane(self) -> Lane:
        """What Slack counts it as."""
        if self.edits is not None:
            return Lane.EDITS
        return Lane.FILES if self.uploads else Lane.MESSAGES

    @property
    def is_settled(self) -> bool:
        """Whether it was sent, or never will be."""
        return self.state not in OPEN


class OutboxRepository(Repository[OutboxRow]):
    """The only way out for messages that must arrive."""

    _row = OutboxRow

    def add(  # noqa: PLR0913 - a letter is what it says
        self,
        key: str,
        to: str,
        message: Mapping[str, Any],
        uploads: Iterable[Mapping[str, Any]] = (),
        thread_ts: str | None = None,
        *,
        now: datetime,
        contest_id: str | None = None,
        subject_id: str | None = None,
    ) -> bool:
        """Write a letter. False, and nothing is written, where there is (or was) one of that key.

        Args:
            key: Unique, such as ``card:<submission id>``.
            to: A channel's id, or a person's for their direct messages.
            message: A dumped message (``bot.usecases.messages``).
            uploads: For each file a mapping with the fields of ``bot.ports.Upload`` (``dataclasses.asdict``).
            thread_ts: The thread it belongs to, or None.
            now: The present moment.
            contest_id: The contest that it is about, or None.
            subject_id: What in the contest it is about, or None.
        """
        about = {"contest_id": contest_id, "subject_id": subject_id}
        values = {"key": key, "recipient": to, "thread_ts": thread_ts, **about, **_says(message), **_fresh(now)}
        written = self._insert_new({**values, "uploads": [dict(upload) for upload in uploads]}, ("key",))
        if written:
            self._tell(News.LETTER)
        return written

    def add_edit(
        self, key: str, edits: str, message: Mapping[str, Any], *, now: datetime, wait: timedelta = timedelta(0)
    ) -> bool:
        """Write an edit of the letter of the key ``edits``; its older edits that have not gone out yet are dropped.

        It goes out after ``wait`` at the earliest. False, and nothing is written, where there is no such letter, or (as for ``add``) one of that ``key`` already.
        """
        earlier = self.by_key(edits)
        if earlier is None:
            return False
        same = {name: getattr(earlier, name) for name in ("recipient", "thread_ts", "contest_id", "subject_id")}
        values = {"key": key, **same, **_says(message), **_fresh(now), "send_at": now + wait}
        if not self._insert_new({**values, "uploads": [], "edits": edits}, ("key",)):
            return False
        older = (OutboxRow.edits == edits, OutboxRow.state == LetterState.PENDING, OutboxRow.key != key)
        self._session.execute(update(OutboxRow).where(*older).values(state=LetterState.DROPPED))
        self._tell(News.LETTER)
        return True

    def add_all(self, letters: Sequence[Mapping[str, Any]], *, now: datetime) -> None:
        """Write many letters in one statement, those of a known key are left out.

        Each is a mapping with the columns that ``add`` takes.
        """
        if not letters:
            return
        self._insert_unknown([{**letter, **_says(letter["message"]), **_fresh(now)} for letter in letters], ("key",))
        self._tell(News.LETTER)

    def due(
        self,
        now: datetime,
        busy: Collection[str] = (),
        closed: Collection[Lane] = (),
        held: Collection[int] = (),
        most: int = 1,
    ) -> list[int]:
        """Ids of letters that are due, may go before all others of their line, and side by side; messages before edits before files.

        Of the messages to one recipient there is one at the most; files, which take long, come alone, where nothing else is due.

        Args:
            now: The present moment.
            busy: Recipients that get no messages now; files and edits do not count for them.
            closed: Lanes in which nothing goes now.
            held: Letters that another thread of this process is at, however old their lease.
            most: So many are looked at.
        """
        question = select(OutboxRow.id, _RANK, OutboxRow.recipient).where(_may_go(busy, closed, held), _is_due(now))
        found = self._session.execute(question.order_by(_RANK, OutboxRow.id).limit(most)).all()
        quick: dict[str | int, int] = {}
        for letter, rank, recipient in found:
            if rank != _FILES:
                quick.setdefault(recipient if rank == _MESSAGE else letter, letter)
        return list(quick.values()) or [letter for letter, _, _ in found[:1]]

    def claim(
        self,
        ids: Collection[int],
        now: datetime,
        lease: timedelta,
        free: Callable[[frozenset[str]], frozenset[str]] = lambda recipients: recipients,
    ) -> list[OutboxRow]:
        """Take those of these letters that are still due; they belong to whoever takes them for the time of a ``lease``.

        Messages go to those recipients only whom ``free`` gives back.
        """
        question = select(OutboxRow).where(OutboxRow.id.in_(ids), _is_due(now)).order_by(_RANK, OutboxRow.id)
        found = list(self._session.scalars(question.with_for_update(skip_locked=True)))
        open_to = free(frozenset(row.recipient for row in found if row.lane is Lane.MESSAGES))
        rows = [row for row in found if row.lane is not Lane.MESSAGES or row.recipient in open_to]
        for row in rows:
            row.state, row.lease_until, row.set_at = LetterState.CLAIMED, now + lease, now
            row.attempts, row.claims = row.attempts + 1, row.claims + 1
        self._session.flush()
        return rows

    def sent(self, letter_id: int, channel: str, ts: str, now: datetime) -> bool:
        """Slack has it: so it is, whoever says so, and no claim is asked for.

        False, and nothing is changed, where it has become another message before: then this one is a twin of that. (A letter that
        was erased meanwhile has become none.)
        """
        values = {"sent_channel": channel, "sent_ts": ts, "sent_at": now, "lease_until": None, "error": None}
        open_or_this = or_(
            OutboxRow.state != LetterState.SENT,
            and_(OutboxRow.sent_channel == channel, OutboxRow.sent_ts == ts),
        )
        change = update(OutboxRow).where(OutboxRow.id == letter_id, open_or_this)
        change = change.values(state=LetterState.SENT, **values).returning(OutboxRow.id)
        # Nobody has the row at hand: to look through the session for it costs as much as the change.
        done = self._session.scalars(change, execution_options={"synchronize_session": False})
        return done.first() is not None or self.get(letter_id) is None

    def extend(self, letter_id: int, claim: int, lease_until: datetime, *, now: datetime) -> bool:
        """Keep a letter for longer. False where it is no longer this claim's: whoever made it has no say any more."""
        return self._settle(letter_id, claim, lease_until=lease_until, set_at=now)

    def postpone(  # noqa: PLR0913 - when, why, whose, and whether it counts
        self,
        letter_id: int,
        send_at: datetime,
        error: str,
        claim: int | None = None,
        *,
        now: datetime,
        counted: bool = True,
    ) -> bool:
        """It failed in a way that may pass: try again at ``send_at``; later letters of its thread wait for it.

        ``counted`` is False where Slack did not even look at it. False where ``claim`` is given and another has taken the letter
        up since.
        """
        attempts = OutboxRow.attempts if counted else OutboxRow.attempts - 1
        values = {"state": LetterState.PENDING, "send_at": send_at, "set_at": now, "lease_until": None, "error": error}
        return self._settle(letter_id, claim, attempts=attempts, **values)

    def fail(self, letter_id: int, error: str, claim: int | None = None) -> bool:
        """It will never arrive; the recipient's next letter may go. False as for ``postpone``."""
        return self._settle(letter_id, claim, state=LetterState.FAILED, lease_until=None, error=error)

    def drop(self, letter_id: int, error: str, claim: int | None = None) -> bool:
        """Nobody needs it any more, which is no failure. False as for ``postpone``."""
        return self._settle(letter_id, claim, state=LetterState.DROPPED, lease_until=None, error=error)

    def remember_upload(self, letter_id: int, object_key: str, file_id: str) -> None:
        """Note Slack's id of a file that was handed over, before it is shared. Raises KeyError for an unknown letter."""
        row = self._session.get(OutboxRow, letter_id, with_for_update=True)
        if row is None:
            raise KeyError(letter_id)
        # A new list: SQLAlchemy does not see changes inside the old one.
        row.uploads = [
            {**upload, "file_id": file_id} if upload["object_key"] == object_key else upload for upload in row.uploads
        ]
        self._session.flush()

    def forget_uploads(self, letter_id: int) -> None:
        """The files of a settled letter are no longer kept."""
        self._session.execute(update(OutboxRow).where(OutboxRow.id == letter_id).values(uploads=[]))

    def due_in(
        self, now: datetime, busy: Collection[str] = (), closed: Collection[Lane] = (), held: Collection[int] = ()
    ) -> timedelta | None:
        """How long until there is something to claim (zero: now), or None where nothing waits."""
        moment = case((OutboxRow.state == LetterState.PENDING, OutboxRow.send_at), else_=OutboxRow.lease_until)
        found = self._session.scalar(select(func.min(moment)).where(_may_go(busy, closed, held)))
        return None if found is None else max(found - now, timedelta(0))

    def is_ahead(self, now: datetime) -> bool:
        """Whether something waits from a time on that is yet to come: the clock was set back since."""
        return self._session.scalars(_ahead(now).limit(1)).first() is not None

    def set_back(self, now: datetime) -> None:
        """The clock was set back: what was to wait waits from now on, and for as long as it was told to."""
        for row in self._session.scalars(_ahead(now).with_for_update(skip_locked=True)):
            ahead = row.set_at - now
            row.send_at, row.set_at, row.created_at = row.send_at - ahead, now, min(row.created_at, now)
            row.lease_until = None if row.lease_until is None else row.lease_until - ahead
        self._session.flush()

    def open(self) -> Mapping[LetterState, Waiting]:
        """What has not arrived, by its state; since when the oldest has been written."""
        question = select(OutboxRow.state, func.count(), func.min(OutboxRow.created_at)).where(
            OutboxRow.state.in_(OPEN)
        )
        found = self._session.execute(question.group_by(OutboxRow.state)).all()
        return {state: Waiting(number, since) for state, number, since in found}

    def by_key(self, key: str) -> OutboxRow | None:
        """The letter of that key, whatever its state, or None."""
        return self._session.scalars(select(OutboxRow).where(OutboxRow.key == key)).one_or_none()

    def places(self, keys: Collection[str]) -> list[tuple[str, str, str]]:
        """Key, channel and ts of those of these letters that have become a message."""
        columns = (OutboxRow.key, OutboxRow.sent_channel, OutboxRow.sent_ts)
        question = select(*columns).where(OutboxRow.key.in_(keys), OutboxRow.sent_ts.is_not(None))
        return [(key, channel or "", ts or "") for key, channel, ts in self._session.execute(question)]

    def latest_edit(self, key: str) -> OutboxRow | None:
        """The newest letter that rewrites the one of that key, whatever its state, or None."""
        question = select(OutboxRow).where(OutboxRow.edits == key).order_by(OutboxRow.id.desc()).limit(1)
        return self._session.scalars(question).one_or_none()

    def recipients_of(self, kind: str, contest_id: str | None) -> list[str]:
        """Who was sent a letter of that kind about that contest (None: about none), no edit; in the order of the letters."""
        these = (OutboxRow.kind == kind, OutboxRow.contest_id == contest_id, OutboxRow.edits.is_(None))
        return list(self._session.scalars(select(OutboxRow.recipient).where(*these).order_by(OutboxRow.id)))

    def recipients_lately(self, kinds: Collection[str], span: timedelta, now: datetime) -> set[str]:
        """Who was sent a letter of these kinds less than ``span`` ago; those that never arrived do not count."""
        # Those of a time to come were written before the clock was set back: they do not count for longer than the others.
        when = (OutboxRow.created_at > now - span, OutboxRow.created_at < now + span)
        counts = (*when, OutboxRow.state != LetterState.FAILED)
        return set(self._session.scalars(select(OutboxRow.recipient).where(OutboxRow.kind.in_(kinds), *counts)))

    def at(self, channel: str, ts: str) -> OutboxRow | None:
        """The letter that became that message, or None."""
        question = select(OutboxRow).where(OutboxRow.sent_channel == channel, OutboxRow.sent_ts == ts)
        return self._session.scalars(question.order_by(OutboxRow.id).limit(1)).one_or_none()

    def about(self, subject_id: str, kind: str) -> Sequence[OutboxRow]:
        """All letters of that kind about that subject, no edits, oldest first, whatever their state."""
        these = (OutboxRow.subject_id == subject_id, OutboxRow.kind == kind, OutboxRow.edits.is_(None))
        return self._session.scalars(select(OutboxRow).where(*these).order_by(OutboxRow.id)).all()

    def of_kinds(self, *kinds: str) -> Sequence[OutboxRow]:
        """All letters of these kinds, or of all where none is named, oldest first, whatever their state."""
        question = select(OutboxRow).where(OutboxRow.kind.in_(kinds)) if kinds else select(OutboxRow)
        return self._session.scalars(question.order_by(OutboxRow.id)).all()

    def unsent(self, kind: str, recipient: str) -> Sequence[OutboxRow]:
        """Letters of that kind to one place that have not gone out yet, oldest first."""
        question = select(OutboxRow).where(OutboxRow.state.in_(OPEN), OutboxRow.recipient == recipient)
        return self._session.scalars(question.where(OutboxRow.kind == kind).order_by(OutboxRow.id)).all()

    def of_contest(
        self,
        contest_id: str,
        recipients: Collection[str],
        kinds: Collection[str],
        subject_ids: Collection[str] | None = None,
    ) -> Sequence[OutboxRow]:
        """Letters of these kinds about the contest, no edits, oldest first; about these subjects only, where they are given."""
        question = select(OutboxRow).where(OutboxRow.contest_id == contest_id, OutboxRow.edits.is_(None))
        question = question.where(OutboxRow.recipient.in_(recipients), OutboxRow.kind.in_(kinds))
        if subject_ids is not None:
            question = question.where(OutboxRow.subject_id.in_(subject_ids))
        return self._session.scalars(question.order_by(OutboxRow.id)).all()

    def known(self, keys: Collection[str]) -> set[str]:
        """Which of these keys have a letter, whatever its state."""
        found = set[str]()
        for some in batches(keys):
            found.update(self._session.scalars(select(OutboxRow.key).where(OutboxRow.key.in_(some))))
        return found

    def states_of(self, kind: str, recipients: Collection[str]) -> dict[str, LetterState]:
        """How far the letters of that kind to these recipients have come, by their keys; no edits."""
        # All states, so that the index by state and recipient serves: the one by kind goes through everybody's.
        theirs = (OutboxRow.state.in_(list(LetterState)), OutboxRow.recipient.in_(recipients))
        question = select(OutboxRow.key, OutboxRow.state).where(*theirs, OutboxRow.kind == kind)
        return {row.key: row.state for row in self._session.execute(question.where(OutboxRow.edits.is_(None)))}

    def last_of(self, kind: str, contest_id: str, recipients: Collection[str]) -> dict[str, datetime]:
        """When the last letter of that kind about the contest was written to each of these recipients; those without one are left out."""
        theirs = (OutboxRow.state.in_(list(LetterState)), OutboxRow.recipient.in_(recipients))
        latest = func.max(OutboxRow.created_at).label("at")
        question = select(OutboxRow.recipient, latest).where(*theirs, OutboxRow.kind == kind)
        question = question.where(OutboxRow.contest_id == contest_id).group_by(OutboxRow.recipient)
        return {row.recipient: row.at for row in self._session.execute(question)}

    def messages_waiting(self, recipient: str, besides: str | None = None) -> int:
        """How many messages, without files and edits, have yet to go out to that recipient; those in the thread ``besides`` do not count."""
        question = select(func.count()).select_from(OutboxRow)
        here = (OutboxRow.state.in_(OPEN), OutboxRow.recipient == recipient, _NO_FILES, OutboxRow.edits.is_(None))
        elsewhere = true() if besides is None else OutboxRow.thread_ts.is_distinct_from(besides)
        return self._session.scalar(question.where(*here, elsewhere)) or 0

    def failed(self) -> int:
        """How many letters will never arrive."""
        question = select(func.count()).select_from(OutboxRow).where(OutboxRow.state == LetterState.FAILED)
        return self._session.scalar(question) or 0

    def waiting(self) -> int:
        """How many letters have yet to go out."""
        return self._session.scalar(select(func.count()).select_from(OutboxRow).where(OutboxRow.state.in_(OPEN))) or 0

    def _settle(self, letter_id: int, claim: int | None, **values: Any) -> bool:
        change = update(OutboxRow).where(OutboxRow.id == letter_id, OutboxRow.state == LetterState.CLAIMED)
        if claim is not None:
            change = change.where(OutboxRow.claims == claim)
        # As in ``sent``: nobody has the row at hand.
        done = self._session.scalars(
            change.values(**values).returning(OutboxRow.id), execution_options={"synchronize_session": False}
        )
        return done.first() is not None


def _says(message: Mapping[str, Any]) -> dict[str, Any]:
    return {"message": dict(message), "kind": message["kind"]}


def _fresh(now: datetime) -> dict[str, Any]:
    return {
        "state": LetterState.PENDING,
        "attempts": 0,
        "send_at": now,
        "set_at": now,
        "created_at": now,
        "cause": cause(),
    }


def _ahead(now: datetime) -> Select[OutboxRow]:
    return select(OutboxRow).where(OutboxRow.state.in_(OPEN), OutboxRow.set_at > now + SKEW)


_NO_FILES = cast(OutboxRow.uploads, String) == "[]"
_IS_EDIT = OutboxRow.edits.is_not(None)
_MESSAGE, _EDIT, _FILES = range(3)
_RANK = case((_IS_EDIT, _EDIT), (_NO_FILES, _MESSAGE), else_=_FILES)


def _may_go(busy: Collection[str], closed: Collection[Lane], held: Collection[int]) -> ColumnElement[bool]:
    lanes: list[ColumnElement[bool]] = []
    if Lane.MESSAGES not in closed:
        lanes.append(and_(_NO_FILES, ~_IS_EDIT, OutboxRow.recipient.not_in(busy)))
    if Lane.EDITS not in closed:
        lanes.append(_IS_EDIT)
    if Lane.FILES not in closed:
        lanes.append(~_NO_FILES)
    return and_(_FIRST_IN_LINE, OutboxRow.id.not_in(held), or_(false(), *lanes))


def _first_in_line() -> ColumnElement[bool]:
    earlier = aliased(OutboxRow)
    before = select(earlier.id).where(
        earlier.state.in_(OPEN),
        earlier.recipient == OutboxRow.recipient,
        earlier.thread_ts.is_not_distinct_from(OutboxRow.thread_ts),
        earlier.edits.is_(None),
        earlier.id < OutboxRow.id,
    )
    # An edit that Slack lets wait for a minute must not hold up what comes after it.
    rewritten, older = aliased(OutboxRow), aliased(OutboxRow)
    unsent = select(rewritten.id).where(rewritten.key == OutboxRow.edits, rewritten.state.in_(OPEN))
    unsettled = select(older.id).where(older.edits == OutboxRow.edits, older.state.in_(OPEN), older.id < OutboxRow.id)
    in_turn = case((_IS_EDIT, and_(~unsent.exists(), ~unsettled.exists())), else_=~before.exists())
    return and_(OutboxRow.state.in_(OPEN), in_turn)


_FIRST_IN_LINE = _first_in_line()
"""Made once: each alias of a table makes all of its columns anew, and the pump asks twice a letter."""


def _is_due(now: datetime) -> ColumnElement[bool]:
    return or_(
        and_(OutboxRow.state == LetterState.PENDING, OutboxRow.send_at <= now),
        and_(OutboxRow.state == LetterState.CLAIMED, OutboxRow.lease_until <= now),
    )
