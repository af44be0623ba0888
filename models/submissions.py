"""Compositions that people sent in."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from itertools import starmap
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import ForeignKey, Index, UniqueConstraint, func, select
from sqlalchemy.orm import Mapped, mapped_column

from bot.rules.storage import folder
from models.base import Base, GrowingRepository, batches, words

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence


class SubmissionState(StrEnum):
    """How far a composition has come."""

    RECEIVED = "received"
    CHECKING = "checking"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    FAILED = "failed"
    LATE = "late"
    """Came after the deadline; an organizer decides."""
    SUPERSEDED = "superseded"
    """Accepted, and another version of it counts."""
    WITHDRAWN = "withdrawn"


class Submission(Base):
    """One file that one person sent in to one contest. From ``bars`` on the columns are None until it is accepted."""

    __tablename__ = "submission"
    __table_args__ = (
        UniqueConstraint("contest_id", "slack_file_id"),
        UniqueConstraint("contest_id", "alias"),
        Index(None, "contest_id", "state"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    contest_id: Mapped[str] = mapped_column(ForeignKey("contest.id"))
    user_id: Mapped[str] = mapped_column(index=True)
    slack_file_id: Mapped[str] = mapped_column(index=True)
    channel_id: Mapped[str]
    """Where it was uploaded: the contest's channel, or the author's direct messages; the author's own id where it came by a window."""
    message_ts: Mapped[str]
    """Empty where it came by a window."""
    thread_ts: Mapped[str | None]
    in_dm: Mapped[bool]
    folder: Mapped[str]
    """Where its files are in the object store (``bot.rules.storage``): it stays there, whatever new ones are called."""
    filename: Mapped[str]
    title: Mapped[str]
    name: Mapped[str] = mapped_column(index=True)
    """#contest-user-composition"""
    alias: Mapped[str | None]
    """What judges hear it under."""
    number: Mapped[int]
    """Which submission of this person in this contest, from 1."""
    root_id: Mapped[str] = mapped_column(index=True)
    """The first version of this composition (its own id, where it is that): of the versions one counts at most."""
    version: Mapped[int]
    """From 1."""
    state: Mapped[SubmissionState] = mapped_column(words(SubmissionState))
    in_final: Mapped[bool] = mapped_column(default=False)
    refusal_code: Mapped[str | None]
    refusal_sentence: Mapped[str | None]
    sha256: Mapped[str | None] = mapped_column(index=True)
    """Of the original bytes, in hexadecimal; None until they are here."""
    size: Mapped[int]
    """Bytes."""
    received_at: Mapped[datetime]
    uploaded_at: Mapped[datetime]
    """Slack's time of the message: what counts against the deadline."""
    corrected_by: Mapped[str | None]
    """The organizer who put this file in the place of another; None: its author sent it in."""
    failed_at: Mapped[datetime | None]
    """When we gave its check up; None: we did not."""
    bars: Mapped[int | None]
    key: Mapped[str | None]
    meter: Mapped[str | None]
    seconds: Mapped[float | None]
    alt_text: Mapped[str | None]
    has_sound: Mapped[bool | None]
    copied_at: Mapped[datetime | None]
    """When the organizers were told that it shares long passages with other pieces; None: they were not."""
    copied_from: Mapped[str | None]
    """With which, in words."""

    def next_version(self, **own: Any) -> Submission:
        """The version after this one, which keeps its title and name, with these columns of its own."""
        kept = {name: getattr(self, name) for name in ("contest_id", "user_id", "root_id", "title", "name")}
        return Submission(**kept, version=self.version + 1, **own)


class Entrant(NamedTuple):
    """What a board says of an accepted composition."""

    id: str
    user_id: str
    name: str
    title: str
    in_final: bool


class SubmissionRepository(GrowingRepository[Submission]):
    """The compositions."""

    _row = Submission
    _order = (Submission.received_at, Submission.id)

    def by_file(self, contest_id: str, slack_file_id: str) -> Submission | None:
        """The submission that this file of Slack's became in that contest; None where it became none."""
        return self._one(Submission.contest_id == contest_id, Submission.slack_file_id == slack_file_id)

    def folder_for(self, contest_id: str, user_id: str, submission_id: str) -> str:
        """Where the files of that person's new submission are to be kept: beside those of the first one."""
        theirs = Submission.contest_id == contest_id, Submission.user_id == user_id
        first = self._session.scalar(select(Submission.id).where(*theirs).order_by(Submission.number).limit(1))
        return folder(contest_id, first or submission_id, submission_id)

    def of_person(self, contest_id: str, user_id: str) -> Sequence[Submission]:
        """What the person sent in to the contest, in order, refused ones included."""
        return self._all(Submission.contest_id == contest_id, Submission.user_id == user_id, order=(Submission.number,))

    def counting(self, contest_id: str, user_id: str) -> set[str]:
        """The person's compositions that count against the limit, by ``root_id``: those with a version that is in, or may come in."""
        question = select(Submission.root_id).where(
            Submission.contest_id == contest_id,
            Submission.user_id == user_id,
            Submission.state.not_in([SubmissionState.REFUSED, SubmissionState.FAILED, SubmissionState.WITHDRAWN]),
        )
        return set(self._session.scalars(question))

    def versions(self, root_id: str) -> Sequence[Submission]:
        """All versions of a composition, first to last, whatever their state."""
        return self._all(Submission.root_id == root_id, order=(Submission.version, Submission.number))

    def begun_by(self, user_id: str, channel_id: str, message_ts: str) -> Sequence[Submission]:
        """What the person uploaded with that message, in order."""
        here = (Submission.channel_id == channel_id, Submission.message_ts == message_ts)
        return self._all(Submission.user_id == user_id, *here, order=(Submission.number,))

    def of_contest(self, contest_id: str) -> Sequence[Submission]:
        """Everything that was sent in to the contest, whatever its state, in the order of arrival."""
        return self._all(Submission.contest_id == contest_id)

    def of_file(self, slack_file_id: str) -> Sequence[Submission]:
        """What that file of Slack's became, in all contests."""
        return self._all(Submission.slack_file_id == slack_file_id)

    def of_bytes(self, contest_id: str, sha256: str) -> Sequence[Submission]:
        """What has exactly these bytes in the contest, in the order of arrival."""
        return self._all(Submission.contest_id == contest_id, Submission.sha256 == sha256)

    def copied(self, contest_id: str) -> Sequence[Submission]:
        """Of which the organizers were told that they share passages with other pieces, in that order."""
        told = Submission.contest_id == contest_id, Submission.copied_at.is_not(None)
        return self._all(*told, order=(Submission.copied_at, Submission.id))

    def in_state(self, contest_id: str, state: SubmissionState) -> Sequence[Submission]:
        """The contest's submissions in that state, in the order of arrival."""
        return self._all(Submission.contest_id == contest_id, Submission.state == state)

    def next_number(self, contest_id: str, user_id: str) -> int:
        """The number of the person's next submission, from 1."""
        question = select(func.max(Submission.number)).where(
            Submission.contest_id == contest_id, Submission.user_id == user_id
        )
        return (self._session.scalar(question) or 0) + 1

    def accepted(self, contest_id: str) -> Sequence[Submission]:
        """The accepted compositions, in the order of their arrival."""
        return self.in_state(contest_id, SubmissionState.ACCEPTED)

    def entrants(self, contest_id: str) -> list[Entrant]:
        """The same, without what no board says of them."""
        question = select(
            Submission.id, Submission.user_id, Submission.name, Submission.title, Submission.in_final
        ).where(Submission.contest_id == contest_id, Submission.state == SubmissionState.ACCEPTED)
        rows = self._session.execute(question.order_by(Submission.received_at, Submission.id))
        return list(starmap(Entrant, rows))

    def others_of(self, piece: Submission) -> dict[str, str]:
        """What others have in the contest, but the very same file: where its files are, by id, in the order of arrival."""
        others = Submission.user_id != piece.user_id, Submission.sha256.is_distinct_from(piece.sha256)
        accepted = Submission.contest_id == piece.contest_id, Submission.state == SubmissionState.ACCEPTED
        question = select(Submission.id, Submission.folder).where(*accepted, *others)
        return {row.id: row.folder for row in self._session.execute(question.order_by(*self._order))}

    def named(self, contest_id: str, names: Collection[str]) -> Sequence[Submission]:
        """Those of these names (``#contest-user-composition``), in the order of arrival."""
        return self._all(Submission.contest_id == contest_id, Submission.name.in_(names))

    def by_ids(self, submission_ids: Collection[str]) -> dict[str, Submission]:
        """Those submissions, by id, in the order of arrival; unknown ids are left out."""
        found = [piece for some in batches(submission_ids) for piece in self._all(Submission.id.in_(some))]
        return {piece.id: piece for piece in sorted(found, key=lambda piece: (piece.received_at, piece.id))}

    def authors(self, contest_id: str, *, finalists: bool = False) -> dict[str, str]:
        """Whose the accepted compositions are: user ids by submission id; with ``finalists`` only those in the final."""
        question = select(Submission.id, Submission.user_id).where(
            Submission.contest_id == contest_id, Submission.state == SubmissionState.ACCEPTED
        )
        if finalists:
            question = question.where(Submission.in_final)
        rows = self._session.execute(question)
        return {row.id: row.user_id for row in rows}

    def count_by_state(self, contest_id: str) -> dict[str, int]:
        """How many submissions are in each state; states without any are left out."""
        question = select(Submission.state, func.count()).where(Submission.contest_id == contest_id)
        return {state.value: count for state, count in self._session.execute(question.group_by(Submission.state))}

    def aliases_among(self, contest_id: str, some: Collection[str]) -> set[str]:
        """Which of these aliases are taken."""
        question = select(Submission.alias).where(Submission.contest_id == contest_id, Submission.alias.in_(some))
        return {alias for alias in self._session.scalars(question) if alias is not None}

    def names_among(self, contest_id: str, some: Collection[str]) -> set[str]:
        """Which of these names (``#contest-user-composition``) are taken."""
        question = select(Submission.name).where(Submission.contest_id == contest_id, Submission.name.in_(some))
        return set(self._session.scalars(question))

    def has_any(self, contest_id: str) -> bool:
        """Whether anything was ever sent in to the contest."""
        question = select(Submission.id).where(Submission.contest_id == contest_id).limit(1)
        return self._session.scalars(question).first() is not None

    def being_checked(self, contest_id: str) -> int:
        """How many have arrived, and are not checked yet."""
        waits = Submission.state.in_((SubmissionState.RECEIVED, SubmissionState.CHECKING))
        question = select(func.count()).select_from(Submission).where(Submission.contest_id == contest_id, waits)
        return self._session.scalar(question) or 0
