"""Contests, and who judges or organizes which."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import ForeignKey, delete, select
from sqlalchemy.orm import Mapped, mapped_column

from bot.rules.phases import Intake, Phase
from bot.rules.roles import Role
from bot.rules.standings import BoardMode
from models.base import Base, GrowingRepository, Repository, Word

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence


class Contest(Base):
    """One competition in one channel. ``phase`` is a word of ``bot.rules.phases``; it is over once ``finished_at`` is set."""

    __tablename__ = "contest"

    id: Mapped[str] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    time_zone: Mapped[str]
    """IANA name; deadlines are shown and boards are posted in it."""
    channel_id: Mapped[str] = mapped_column(index=True)
    deadline: Mapped[datetime]
    submission_limit: Mapped[int]
    board_cron: Mapped[str]
    """Five cron fields in the contest's time zone; empty for no scheduled board."""
    phase: Mapped[Phase] = mapped_column(Word(Phase))
    intake: Mapped[Intake] = mapped_column(Word(Intake))
    """Where compositions are taken: ``channel``, ``dm`` or ``both`` (``bot.rules.phases.Intake``)."""
    blind: Mapped[bool]
    """Whether judges hear aliases instead of names."""
    rounds: Mapped[int]
    """1, or 2: a preliminary round and a final."""
    finalists: Mapped[int]
    """How many go on to the final; all that tie with the last of them do."""
    winners: Mapped[int]
    grace_seconds: Mapped[int]
    """So long after the deadline uploads still count."""
    board_mode: Mapped[BoardMode] = mapped_column(Word(BoardMode))
    """``hidden``, ``ranks`` or ``full`` (``bot.rules.standings.BoardMode``)."""
    frozen_board_id: Mapped[str | None]
    """The snapshot that everybody sees while the board is frozen."""
    rules_version: Mapped[int | None]
    """Of the rules of judging that hold (``models.charters``); None before the first."""
    scheme: Mapped[dict[str, Any]]
    """Criteria, their weights and the titles of the scores (``bot.rules.criteria.Scheme``)."""
    texts: Mapped[dict[str, Any]]
    """What organizers have written in place of our own words, by name: ``rules``, ``tenets``, ``terms`` ..."""
    retention_days: Mapped[int | None]
    """So long after the end what belongs to people is deleted; None: never."""
    created_by: Mapped[str]
    created_at: Mapped[datetime]
    opened_at: Mapped[datetime | None]
    judging_at: Mapped[datetime | None]
    """When the judging began: a message that Slack took before that counts, although it reaches us later."""
    final_at: Mapped[datetime | None]
    ceremony_at: Mapped[datetime | None]
    """When its results were fixed, to be revealed in a ceremony; None where there is none."""
    finished_at: Mapped[datetime | None]
    feedback_at: Mapped[datetime | None]
    """When the authors were sent what the judges said."""
    archived_at: Mapped[datetime | None]
    retention_told_at: Mapped[datetime | None]
    """When its organizers were told that what belongs to people will be deleted."""
    retention_told_days: Mapped[int | None]
    """By which time to keep things they were told so."""


class ContestMove(Base):
    """A phase that began, or was taken back."""

    __tablename__ = "contest_move"

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[str] = mapped_column(ForeignKey("contest.id"), index=True)
    actor: Mapped[str]
    before: Mapped[Phase] = mapped_column(Word(Phase))
    after: Mapped[Phase] = mapped_column(Word(Phase))
    back: Mapped[bool]
    """Whether it was taken back."""
    at: Mapped[datetime]


class Extension(Base):
    """More time for one person."""

    __tablename__ = "extension"

    contest_id: Mapped[str] = mapped_column(ForeignKey("contest.id"), primary_key=True)
    user_id: Mapped[str] = mapped_column(primary_key=True)
    until: Mapped[datetime]
    reason: Mapped[str]
    granted_by: Mapped[str]
    granted_at: Mapped[datetime]


class ContestRole(Base):
    """A person's part in one contest: ``judge`` or ``organizer``."""

    __tablename__ = "contest_role"

    contest_id: Mapped[str] = mapped_column(ForeignKey("contest.id"), primary_key=True)
    user_id: Mapped[str] = mapped_column(primary_key=True, index=True)
    role: Mapped[Role] = mapped_column(Word(Role), primary_key=True)
    added_by: Mapped[str]
    added_at: Mapped[datetime]
    practised_at: Mapped[datetime | None]
    """When this judge rated the practice piece."""
    paused_at: Mapped[datetime | None]
    """Since when this judge wants no new pieces; None: goes on."""
    recused_at: Mapped[datetime | None]
    """Since when this judge judges no more; what they rated is kept."""
    voided_at: Mapped[datetime | None]
    """Since when nothing that this judge gave counts, by a decision of the organizers; None: it counts."""
    at_once: Mapped[int | None]
    """How many pieces this judge wants to have at the same time; None: the usual number."""


class ContestEdit(Base):
    """What somebody wants to change in a contest, and has been shown the effects of."""

    __tablename__ = "contest_edit"

    id: Mapped[str] = mapped_column(primary_key=True)
    contest_id: Mapped[str] = mapped_column(ForeignKey("contest.id"))
    actor: Mapped[str]
    changes: Mapped[dict[str, Any]]
    """By field of ``bot.usecases.contests.settings``: a mapping with ``before`` and ``after``, plain JSON values."""
    shown_at: Mapped[datetime]
    applied_at: Mapped[datetime | None]


class ContestRoleRepository(Repository[ContestRole]):
    """Who judges or organizes."""

    _row = ContestRole

    def give(self, contest_id: str, user_id: str, role: str, *, added_by: str, now: datetime) -> bool:
        """Give a role. False where the person has it already."""
        values = {"contest_id": contest_id, "user_id": user_id, "role": role, "added_by": added_by, "added_at": now}
        return self._insert_new(values, ("contest_id", "user_id", "role"))

    def take(self, contest_id: str, user_id: str, role: str) -> None:
        """Take a role away for good, and all that was noted with it; nothing where the person has it not."""
        row = self.held(contest_id, user_id, role)
        if row is not None:
            self._session.delete(row)
            self._session.flush()

    def has(self, contest_id: str, user_id: str, role: str) -> bool:
        """Whether the person has that role in that contest."""
        row = self.held(contest_id, user_id, role)
        return row is not None and row.recused_at is None

    def held(self, contest_id: str, user_id: str, role: str) -> ContestRole | None:
        """The row of that role, also of somebody who has recused; None where they never had it."""
        return self._session.get(ContestRole, (contest_id, user_id, role))

    def any_of(self, contest_id: str, user_id: str) -> bool:
        """Whether the person judges or organizes that contest; somebody who has recused does neither."""
        theirs = (
            ContestRole.contest_id == contest_id,
            ContestRole.user_id == user_id,
            ContestRole.recused_at.is_(None),
        )
        return self._session.scalars(select(ContestRole.role).where(*theirs).limit(1)).first() is not None

    def holders(self, contest_id: str, role: str) -> list[str]:
        """User ids of those with the role, in the order in which they got it."""
        question = (
            select(ContestRole.user_id)
            .where(ContestRole.contest_id == contest_id, ContestRole.role == role, ContestRole.recused_at.is_(None))
            .order_by(ContestRole.added_at, ContestRole.user_id)
        )
        return list(self._session.scalars(question))

    def among(self, contest_id: str, role: str, user_ids: Collection[str]) -> set[str]:
        """Which of these people have that role in that contest."""
        return set(self.rows_among(contest_id, role, user_ids))

    def rows_among(self, contest_id: str, role: str, user_ids: Collection[str]) -> dict[str, ContestRole]:
        """The rows of those of these people who have that role in that contest, by person."""
        here = (ContestRole.contest_id == contest_id, ContestRole.role == role, ContestRole.recused_at.is_(None))
        question = select(ContestRole).where(*here, ContestRole.user_id.in_(user_ids))
        return {row.user_id: row for row in self._session.scalars(question)}

    def of_contest(self, contest_id: str) -> Sequence[ContestRole]:
        """All roles of a contest, in the order in which they were given, those of people who have recused included."""
        question = select(ContestRole).where(ContestRole.contest_id == contest_id)
        return self._session.scalars(question.order_by(ContestRole.added_at, ContestRole.user_id)).all()

    def of_person(self, user_id: str) -> Sequence[ContestRole]:
        """All roles of a person, in all contests."""
        question = select(ContestRole).where(ContestRole.user_id == user_id, ContestRole.recused_at.is_(None))
        return self._session.scalars(question).all()


class ContestRepository(GrowingRepository[Contest]):
    """The contests; ``roles`` asks about judges and organizers."""

    _row = Contest

    def extension(self, contest_id: str, user_id: str) -> Extension | None:
        """The person's own deadline in that contest, or None."""
        return self._session.get(Extension, (contest_id, user_id))

    def extensions(self, contest_id: str) -> Sequence[Extension]:
        """All of a contest's, by person."""
        question = select(Extension).where(Extension.contest_id == contest_id)
        return self._session.scalars(question.order_by(Extension.user_id)).all()

    def extend(self, extension: Extension) -> None:
        """Write down a person's own deadline; a second one takes the first one's place."""
        self._session.merge(extension)

    def edit(self, edit_id: str) -> ContestEdit | None:
        """The change of that id that somebody was shown, or None."""
        return self._session.get(ContestEdit, edit_id)

    def keep_edit(self, edit: ContestEdit, *, forget_before: datetime) -> None:
        """Remember what somebody was shown; what was shown before that moment and never confirmed is forgotten."""
        stale = (ContestEdit.applied_at.is_(None), ContestEdit.shown_at < forget_before)
        self._session.execute(delete(ContestEdit).where(*stale))
        self._session.add(edit)
        self._session.flush()

    def edits_of(self, contest_id: str, fields: Collection[str]) -> list[ContestEdit]:
        """The changes of any of these fields that were made, in order."""
        made = (ContestEdit.contest_id == contest_id, ContestEdit.applied_at.is_not(None))
        edits = self._session.scalars(select(ContestEdit).where(*made).order_by(ContestEdit.applied_at, ContestEdit.id))
        return [edit for edit in edits if not edit.changes.keys().isdisjoint(fields)]

    def move(self, move: ContestMove) -> None:
        """Write down that it moved on, or back."""
        self._session.add(move)
        self._session.flush()

    def moves(self, contest_id: str) -> Sequence[ContestMove]:
        """How it moved so far, in order."""
        question = select(ContestMove).where(ContestMove.contest_id == contest_id)
        return self._session.scalars(question.order_by(ContestMove.id)).all()

    @property
    def roles(self) -> ContestRoleRepository:
        """Who judges or organizes."""
        return ContestRoleRepository(self._session)

    def lock(self, contest_id: str) -> Contest | None:
        """The contest, kept from changing until this unit of work ends: whatever counts or hands out within it takes its turn.

        What was read before is read anew: it may be of before the turn. Whoever locks several does so in the order of their ids.
        """
        # NO KEY UPDATE: rows that only name the contest may come in beside.
        contest = self._session.get(Contest, contest_id, with_for_update={"key_share": True}, populate_existing=True)
        self._locked.add(contest_id)
        self._look_again(fresh=contest)
        return contest

    def lock_all(self) -> None:
        """Lock every contest there is: for what goes through all that somebody did."""
        everyone = select(Contest.id).order_by(Contest.id).with_for_update(key_share=True)
        self._locked.update(self._session.scalars(everyone))
        self._look_again()

    def take_turn(self, contest_id: str) -> None:
        """Wait for the contest's turn, where this unit of work does not have it yet. What was read before stays as it was read."""
        if contest_id not in self._locked and self._session.get_bind().dialect.name != "sqlite":
            turn = select(Contest.id).where(Contest.id == contest_id).with_for_update(key_share=True)
            self._session.execute(turn)
        self._locked.add(contest_id)

    @property
    def _locked(self) -> set[str]:
        """Ids of those that this unit of work has locked."""
        locked: set[str] = self._session.info.setdefault("locked", set())
        return locked

    def lock_places(self) -> None:
        """Whoever gives a contest its channel or its slug takes their turn here: each belongs to one. After ``lock``, not before."""
        self._alone("places of contests")

    def by_slug(self, slug: str) -> Contest | None:
        """The contest of that slug, finished or not."""
        return self._session.scalars(select(Contest).where(Contest.slug == slug)).one_or_none()

    def running_in(self, channel_id: str) -> Contest | None:
        """The channel's contest that is not finished, or None."""
        question = select(Contest).where(Contest.channel_id == channel_id, Contest.finished_at.is_(None))
        return self._session.scalars(
            question.order_by(Contest.created_at.desc(), Contest.id.desc()).limit(1)
        ).one_or_none()

    def latest_in(self, channel_id: str) -> Contest | None:
        """The channel's newest contest, finished or not."""
        question = select(Contest).where(Contest.channel_id == channel_id)
        return self._session.scalars(
            question.order_by(Contest.created_at.desc(), Contest.id.desc()).limit(1)
        ).one_or_none()

    def unfinished(self) -> Sequence[Contest]:
        """All contests that are not finished, oldest first."""
        question = select(Contest).where(Contest.finished_at.is_(None)).order_by(Contest.created_at, Contest.id)
        return self._session.scalars(question).all()

    def newest_first(self) -> Sequence[Contest]:
        """All contests, newest first."""
        return self._session.scalars(select(Contest).order_by(Contest.created_at.desc(), Contest.id)).all()

    def in_phase(self, phase: str) -> Sequence[Contest]:
        """All contests in that phase, oldest first."""
        question = select(Contest).where(Contest.phase == phase).order_by(Contest.created_at, Contest.id)
        return self._session.scalars(question).all()
