"""Erasure of what the tables know of one person: rows of theirs go, what others rest on stays under a token that names nobody."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import (
    JSON,
    ColumnElement,
    Enum,
    String,
    and_,
    bindparam,
    cast,
    delete,
    false,
    func,
    inspect,
    or_,
    select,
    text,
    true,
    update,
)

from bot.rules import chain
from bot.rules.storage import has_words_of_people
from models.accounts import Account, AccountClaim, AccountLook, AccountRequest, AccountReturn, AccountWait
from models.awards import Ceremony, Consent, PrizeDue
from models.base import Base
from models.charters import Charter
from models.contests import ContestRole, Extension
from models.duties import DutyRequest
from models.judging import JudgingMark, PracticeRating, Rating, RatingDraft
from models.looks import Look
from models.outbox import OPEN, LetterState, OutboxRow
from models.pace import Pace
from models.panels import Drawing, Pseudonym
from models.people import Person
from models.records import Audit
from models.submissions import Submission, SubmissionState
from models.verdicts import Verdict

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.orm import InstrumentedAttribute, Session

GONE = "erased"
"""Stands where words of the person stood, and begins the tokens that stand for people."""

T = TypeVar("T")


@dataclass(frozen=True)
class Traces:
    """What there is of a person, in numbers."""

    contests: tuple[str, ...]
    """Ids of the contests in which they have anything."""
    pieces: int
    ratings: int
    comments: int
    """Of the ratings, those with words."""
    accounts: int
    waits: int
    roles: int
    letters: int
    """Messages to them."""


@dataclass(frozen=True)
class Gone:
    """What was erased from the tables, and has to go from the object store, too."""

    pieces: tuple[str, ...]
    """Ids of the person's compositions."""
    files: tuple[str, ...]
    """Keys of other pictures with their words on them: boards, and other pieces beside theirs."""
    entries: Mapping[str, Mapping[int, str]] = field(default_factory=dict)
    """Of the entries of each contest's trail that were emptied, by number, the hash of what they say since; their digests stand."""


class ErasureRepository:
    """Asks for, and erases, what is known of a person. ``contests`` limits it to those; None: everywhere."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def traces(self, user_id: str) -> Traces:
        """What there is of that person."""
        words = or_(Rating.comment != "", Rating.private_note != "")
        return Traces(
            contests=tuple(sorted(self._contests_of(user_id))),
            pieces=self._count(Submission, Submission.user_id == user_id),
            ratings=self._count(Rating, Rating.judge == user_id),
            comments=self._count(Rating, Rating.judge == user_id, words),
            accounts=self._count(Account, Account.holder == user_id),
            waits=self._count(AccountWait, AccountWait.user_id == user_id),
            roles=self._count(ContestRole, ContestRole.user_id == user_id),
            letters=self._count(OutboxRow, OutboxRow.recipient == user_id),
        )

    def people_of(self, contest_id: str) -> set[str]:
        """Who took part: authors, judges, who was asked to help, those who have or had an account and those in line. Not its organizers, who answer for it."""
        asked = (
            select(Submission.user_id).where(Submission.contest_id == contest_id),
            select(Rating.judge).where(Rating.contest_id == contest_id),
            select(ContestRole.user_id).where(ContestRole.contest_id == contest_id, ContestRole.role == "judge"),
            select(Account.holder).where(Account.contest_id == contest_id, Account.holder.is_not(None)),
            select(AccountWait.user_id).where(AccountWait.contest_id == contest_id),
            select(AccountReturn.user_id).where(AccountReturn.contest_id == contest_id),
            select(DutyRequest.user_id).where(DutyRequest.contest_id == contest_id),
        )
        found = {str(user_id) for question in asked for user_id in self._session.scalars(question)}
        organizes = ContestRole.contest_id == contest_id, ContestRole.role == "organizer"
        organizers = set(self._session.scalars(select(ContestRole.user_id).where(*organizes)))
        return {user_id for user_id in found - organizers if not user_id.startswith(GONE)}

    def everybody(self) -> set[str]:
        """All of whom there is anything."""
        asked = [select(column) for column in _WHO]
        asked += [select(OutboxRow.recipient).where(OutboxRow.recipient.like("U%") | OutboxRow.recipient.like("W%"))]
        found = {user_id for question in asked for user_id in self._session.scalars(question.distinct())}
        return {user_id for user_id in found if user_id and not user_id.startswith(GONE)}

    def erase(self, user_id: str, token: str, *, contests: Collection[str] | None, now: datetime) -> Gone:
        """Erase the person; what has to go from the object store, too.

        Args:
            user_id: Who.
            token: What stands for them from now on.
            contests: Only there, and what is not of any contest only where they did nothing elsewhere. None: everywhere.
            now: The present moment.
        """
        self._letters_rest()
        total = contests is None or self._acted_in(user_id) <= set(contests)
        mine = [
            piece
            for piece in self._session.scalars(select(Submission).where(Submission.user_id == user_id))
            if contests is None or piece.contest_id in contests
        ]
        person = self._session.get(Person, user_id)
        words = _Words.of(user_id, token, person.name if person else "", mine, whole=total)
        words.add_names(self._former_names(user_id, contests), token)
        files = self._letters(words, user_id, mine, None if total else contests)
        about = self._entries_about(words, user_id, None if total else contests)
        self._trail(words, user_id, contests)
        self._own_rows(user_id, mine, contests, now)
        for piece in mine:
            _empty(piece, token, words)
        if total:
            self._here_and_now(user_id, words)
        if total and person is not None:
            self._session.delete(person)
        self._session.flush()
        self._sweep(words, contests, total=total)
        emptied = self._drop_salts(about)
        # What the session had read before is no longer what stands in the tables.
        self._session.expire_all()
        return Gone(tuple(piece.id for piece in mine), tuple(files), emptied)

    def _contests_of(self, user_id: str) -> set[str]:
        asked = (
            select(Submission.contest_id).where(Submission.user_id == user_id),
            select(Rating.contest_id).where(Rating.judge == user_id),
            select(ContestRole.contest_id).where(ContestRole.user_id == user_id),
            select(Account.contest_id).where(Account.holder == user_id),
            select(AccountWait.contest_id).where(AccountWait.user_id == user_id),
            select(AccountReturn.contest_id).where(AccountReturn.user_id == user_id),
            select(Extension.contest_id).where(Extension.user_id == user_id),
            select(DutyRequest.contest_id).where(DutyRequest.user_id == user_id),
        )
        return {contest_id for question in asked for contest_id in self._session.scalars(question)}

    def _acted_in(self, user_id: str) -> set[str | None]:
        acted = self._session.scalars(select(Audit.contest_id).where(Audit.actor == user_id))
        return {*self._contests_of(user_id), *acted}

    def _count(self, table: type[Base], *where: ColumnElement[bool]) -> int:
        return self._session.scalar(select(func.count()).select_from(table).where(*where)) or 0

    def _own_rows(
        self, user_id: str, mine: Sequence[Submission], contests: Collection[str] | None, now: datetime
    ) -> None:
        ids = [piece.id for piece in mine]
        run = self._session.execute
        run(delete(Verdict).where(Verdict.submission_id.in_(ids)))
        drafts = or_(RatingDraft.judge == user_id, RatingDraft.submission_id.in_(ids))
        run(delete(RatingDraft).where(drafts, _within(RatingDraft, contests)))
        for table, who in (
            (AccountRequest, AccountRequest.user_id),
            (AccountWait, AccountWait.user_id),
            (AccountReturn, AccountReturn.user_id),
            (AccountLook, AccountLook.user_id),
            (Extension, Extension.user_id),
            (ContestRole, ContestRole.user_id),
            (PracticeRating, PracticeRating.judge),
            (DutyRequest, DutyRequest.user_id),
        ):
            run(delete(table).where(who == user_id, _within(table, contests)))
        theirs = or_(Rating.judge == user_id, Rating.submission_id.in_(ids))
        run(update(Rating).where(theirs, _within(Rating, contests)).values(comment="", private_note=""))
        marks = or_(JudgingMark.judge == user_id, JudgingMark.submission_id.in_(ids))
        run(update(JudgingMark).where(marks, _within(JudgingMark, contests)).values(reason=""))
        held = update(Account).where(Account.holder == user_id, _within(Account, contests))
        run(held.values(holder=None, claimed_at=None, reveal_view_id=None, returned_at=now))

    def _letters_rest(self) -> None:
        """Who takes letters up, or writes down what became of them, waits until we are done.

        Of two that change many rows, each in its own order, each would wait for the other. On SQLite they wait anyway.
        """
        if self._session.get_bind().dialect.name == "postgresql":
            self._session.execute(text("LOCK TABLE outbox IN EXCLUSIVE MODE"))

    def _here_and_now(self, user_id: str, words: _Words) -> None:
        """That they look at their Home tab, and when the last message went to them: rows whose keys are people."""
        self._session.execute(delete(Pace).where(Pace.name.in_({user_id, *words.rooms})))
        self._session.execute(delete(Look).where(Look.user_id == user_id))

    def _letters(
        self, words: _Words, user_id: str, mine: Sequence[Submission], contests: Collection[str] | None
    ) -> list[str]:
        """Empty the letters to them and about them; those about many people lose their words only."""
        theirs = OutboxRow.recipient == user_id
        rooms = set(
            self._session.scalars(select(OutboxRow.sent_channel).where(theirs, OutboxRow.sent_channel.like("D%")))
        )
        rooms |= {piece.channel_id for piece in mine if piece.in_dm}
        words.add_rooms({str(room) for room in rooms} if contests is None else set())
        threads = {piece.message_ts for piece in mine}
        to_them = or_(theirs, OutboxRow.recipient.in_(rooms))
        if contests is not None:
            to_them = and_(to_them, OutboxRow.contest_id.in_(contests))
        words_of_them = words.within(OutboxRow.message), words.within(OutboxRow.uploads)
        about = or_(to_them, OutboxRow.thread_ts.in_(threads), *words_of_them)
        files: list[str] = []
        for row in self._session.scalars(select(OutboxRow).where(about)):
            files += [upload["object_key"] for upload in row.uploads if has_words_of_people(upload["object_key"])]
            row.uploads = []
            if row.kind in _OF_MANY:
                plain = {"has_picture": False} if "has_picture" in row.message else {}
                row.message = words.out_of(row.message) | plain
                continue
            # Whoever looks for those who were told something must not find the token, and write to it.
            row.kind, row.message = GONE, {"kind": GONE}
            if row.recipient == user_id or row.recipient in words.rooms:
                row.key, row.edits = f"{GONE}:{row.id}", None
            if row.state in OPEN:
                row.state, row.lease_until, row.error = LetterState.DROPPED, None, GONE
        self._session.flush()
        return files

    def _former_names(self, user_id: str, contests: Collection[str] | None) -> set[str]:
        """What their compositions were called before they renamed them: it still stands in older letters and entries."""
        renamed = Audit.action == "submission.renamed", Audit.actor == user_id, _within(Audit, contests)
        return {str(facts["before"]) for facts in self._session.scalars(select(Audit.facts).where(*renamed))}

    def _trail(self, words: _Words, user_id: str, contests: Collection[str] | None) -> None:
        """What happened stays; what they wrote, and how they called their compositions, goes."""
        theirs = or_(Audit.actor == user_id, words.within(Audit.facts))
        for row in self._session.scalars(select(Audit).where(theirs, _within(Audit, contests))):
            # Of a composition's older titles the trail alone knows; elsewhere "before" and "after" are phases and numbers.
            titles = {"before", "after"} if row.action.startswith("submission.") else set()
            row.facts = _silent(row.facts, _WRITTEN | titles)
        self._session.flush()

    def _entries_about(self, words: _Words, user_id: str, contests: Collection[str] | None) -> list[str]:
        """Ids of the entries that may be about the person, and are empty or as they were written: of others a lost salt would hide that they are not."""
        theirs = or_(Audit.actor == user_id, words.within(Audit.facts))
        question = select(*_CHAINED).where(Audit.number.is_not(None), theirs, _within(Audit, contests))
        return [row.id for row in self._session.execute(question) if row.salt is None or _is_whole(row)]

    def _drop_salts(self, ids: Sequence[str]) -> dict[str, dict[int, str]]:
        """Of those of these entries that say something else now: what they say, hashed, by contest and number."""
        emptied: dict[str, dict[int, str]] = {}
        for at in range(0, len(ids), _AT_ONCE):
            these = Audit.id.in_(ids[at : at + _AT_ONCE])
            rows = self._session.execute(select(*_CHAINED).where(these)).all()
            changed = [row for row in rows if row.salt is None or not _is_whole(row)]
            gone = update(Audit).where(Audit.id.in_([row.id for row in changed])).values(salt=None)
            self._session.execute(gone.execution_options(synchronize_session=False))
            for row in changed:
                left = chain.remains(row.at, row.actor, row.action, row.facts)
                emptied.setdefault(row.contest_id, {})[row.number] = left
        return emptied

    def _sweep(self, words: _Words, contests: Collection[str] | None, *, total: bool) -> None:
        """Whatever column of whatever table still has the person's id or words in it."""
        pairs = [{"old": old, "new": new} for old, new in words.inside.items()]
        for mapper in Base.registry.mappers:
            table = mapper.class_
            here = true() if total else _within(table, contests, whole=False)
            for name, column in inspect(table).columns.items():
                if (table, name) in _PLACES:
                    continue
                if isinstance(column.type, JSON):
                    # What an erasure has left is hashes, and nobody's words.
                    those = and_(here, Audit.action != chain.EMPTIED) if table is Audit else here
                    self._sweep_json(table, column, words, those)
                elif isinstance(column.type, String) and not isinstance(column.type, Enum):
                    # One statement for all words, one after the other: to make a thousand of them takes longer than to run them.
                    changed = func.replace(column, bindparam("old", type_=String), bindparam("new", type_=String))
                    each = update(table.__table__).where(column != changed, here).values({column: changed})
                    self._session.connection().execute(each, pairs)

    def _sweep_json(
        self, table: type[Base], column: ColumnElement[Any], words: _Words, here: ColumnElement[bool]
    ) -> None:
        keys = inspect(table).primary_key
        for row in self._session.execute(select(column, *keys).where(words.within(column), here)).all():
            changed = words.out_of(row[0])
            if changed != row[0]:
                same = [key == value for key, value in zip(keys, row[1:], strict=True)]
                statement = update(table).where(*same).values({column: changed})
                self._session.execute(statement.execution_options(synchronize_session=False))


_PLACES = {
    (Submission, "folder"),
    *((Audit, name) for name in ("salt", "digest", "link")),
    *((table, name) for table in (Charter, Drawing) for name in ("document", "sha256")),
    (Pseudonym, "pseudonym"),
}
"""Columns without a word of anybody's: a file called ``contests`` is no reason to lose sight of everybody's files, and one called ``facade`` none to
break a chain of hashes. The rules of judging are the organizers', and everybody has read them; a drawing knows
judges by their pseudonyms."""

_CHAINED = (
    *(Audit.id, Audit.contest_id, Audit.number, Audit.at, Audit.actor, Audit.action, Audit.facts),
    *(Audit.salt, Audit.digest),
)
_AT_ONCE = 500


def _is_whole(row: Any) -> bool:
    """Whether what the entry says is what its digest was made of."""
    return bool(row.digest == chain.digest(row.salt, row.at, row.actor, row.action, row.facts))


_WHO = (
    *(Consent.organizer, Ceremony.presenter, PrizeDue.user_id),
    *(Person.user_id, Submission.user_id, Rating.judge, RatingDraft.judge, JudgingMark.judge, ContestRole.user_id),
    *(Account.holder, AccountClaim.user_id, AccountLook.user_id, AccountRequest.user_id, AccountReturn.user_id),
    *(AccountWait.user_id, Extension.user_id, PracticeRating.judge, DutyRequest.user_id, Audit.actor),
)
"""Columns with people's ids."""

_OF_MANY = frozenset({"board", "podium", "reveal"})
"""Kinds of messages about many people at once: they stay, without this one's words."""


_WRITTEN = frozenset({"comment", "private_note", "reason", "title", "filename"})
"""Keys of an audit entry's facts under which people's own words stand."""


def _silent(value: Any, keys: Collection[str]) -> Any:
    """The JSON value with the texts under these keys emptied."""
    if isinstance(value, dict):
        return {
            key: "" if key in keys and isinstance(each, str) else _silent(each, keys) for key, each in value.items()
        }
    return [_silent(each, keys) for each in value] if isinstance(value, list) else value


class _Words:
    """What names the person, and what stands there afterwards."""

    def __init__(self, inside: dict[str, str], whole: set[str], marks: set[str]) -> None:
        self.inside = inside
        """Replaced wherever they stand, the longest first."""
        self.rooms: frozenset[str] = frozenset()
        self._whole = whole
        """Replaced where they are all of a value: a title may be a common word."""
        self._marks = marks
        """Show that a document is about the person, and stay."""

    @classmethod
    def of(cls, user_id: str, token: str, name: str, mine: Sequence[Submission], *, whole: bool) -> _Words:
        """The person's id, the names of their compositions and files; with ``whole`` False the id only where it is theirs there."""
        inside = {user_id: token}
        for number, piece in enumerate(mine, start=1):
            inside[f"{piece.title} by {name}"] = inside[piece.name] = f"#{token}-{number}"
            inside |= {piece.slack_file_id: f"{token}-F{number}"}
            if len(piece.filename) > 4:
                inside[piece.filename] = GONE
        ordered = dict(sorted(((old, new) for old, new in inside.items() if old), key=lambda pair: -len(pair[0])))
        marks = {piece.id for piece in mine} | ({user_id} if whole else set()) | {piece.name for piece in mine}
        return cls(ordered, {name, *(piece.title for piece in mine), *(piece.filename for piece in mine)} - {""}, marks)

    def add_rooms(self, rooms: Collection[str]) -> None:
        """Their direct messages."""
        self.rooms = frozenset(rooms)
        self.inside |= dict.fromkeys(rooms, GONE)

    def add_names(self, names: Collection[str], token: str) -> None:
        """Names that their compositions had once."""
        told = {name: f"#{token}-former" for name in names if name not in self.inside}
        self.inside = dict(sorted((self.inside | told).items(), key=lambda pair: -len(pair[0])))
        self._whole |= set(names)
        self._marks |= set(names)

    def within(self, column: ColumnElement[Any] | InstrumentedAttribute[Any]) -> ColumnElement[bool]:
        """Whether a JSON column is about the person."""
        text = cast(column, String)
        quoted = [json.dumps(mark)[1:-1] for mark in self._marks]
        return or_(false(), *(text.contains(mark, autoescape=True) for mark in quoted))

    def out_of(self, value: T) -> T:
        """The JSON value without the words."""
        changed: T = self._out_of(value)
        return changed

    def _out_of(self, value: Any) -> Any:
        if isinstance(value, dict):
            return {self._out_of(key): self._out_of(each) for key, each in value.items()}
        if isinstance(value, list):
            return [self._out_of(each) for each in value]
        if not isinstance(value, str):
            return value
        if value in self._whole:
            return GONE
        for old, new in self.inside.items():
            value = value.replace(old, new)
        return value


def _within(table: type[Base], contests: Collection[str] | None, *, whole: bool = True) -> ColumnElement[bool]:
    """Rows of these contests; of tables that belong to no contest all or, without ``whole``, none."""
    if contests is None:
        return true()
    columns: dict[str, ColumnElement[Any]] = dict(inspect(table).columns.items())
    if "contest_id" in columns:
        return _among(columns["contest_id"], contests)
    if "submission_id" in columns:
        here = _among(inspect(Submission).columns["contest_id"], contests)
        return columns["submission_id"].in_(select(Submission.id).where(here))
    return true() if whole else false()


def _among(column: ColumnElement[Any], contests: Collection[str]) -> ColumnElement[bool]:
    """Without IN, which a statement for many words cannot have."""
    return or_(false(), *(column == contest for contest in contests))


_STAYS = frozenset({"alias", "corrected_by", "refusal_code", "failed_at", "has_sound", "copied_at"})
"""Of what may be None in a composition's row: says when and how it went, and nothing of what somebody made."""


def _empty(piece: Submission, token: str, words: _Words) -> None:
    """The row of a composition, as others rest on it: when it came, and that it is gone."""
    piece.state, piece.in_final = SubmissionState.WITHDRAWN, False
    piece.user_id, piece.name, piece.slack_file_id = token, words.inside[piece.name], words.inside[piece.slack_file_id]
    piece.filename, piece.title = GONE, GONE
    piece.channel_id, piece.message_ts = "", ""
    for column in Submission.__table__.columns:
        if column.nullable and column.name not in _STAYS:
            setattr(piece, column.name, None)
