"""The pool of accounts that participants are given. Passwords are here only in sealed form."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, UniqueConstraint, and_, delete, func, select
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, GrowingRepository, Repository

if TYPE_CHECKING:
    from collections.abc import Sequence

RETIRED = b""
"""Stands in place of a sealed password that has been deleted."""


class Account(Base):
    """One account of a contest's pool; free while ``holder`` is None."""

    __tablename__ = "account"
    __table_args__ = (
        UniqueConstraint("contest_id", "account_id", "user_name"),
        UniqueConstraint("contest_id", "holder"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    contest_id: Mapped[str] = mapped_column(ForeignKey("contest.id"))
    account_id: Mapped[str]
    user_name: Mapped[str]
    sealed_password: Mapped[bytes]
    """Sealed by the vault for this row's id; ``RETIRED`` once it has been deleted, which also takes the account out of the pool."""
    sign_in_url: Mapped[str]
    holder: Mapped[str | None]
    """The user id of the person who has it."""
    claimed_at: Mapped[datetime | None]
    reveal_view_id: Mapped[str | None]
    """The modal that showed the password: only a redelivery of the same one may show it again."""
    returned_at: Mapped[datetime | None]
    """When somebody gave it back: it is free again once its password has been replaced, which sets this to None."""

    def __repr__(self) -> str:
        """Without the password, sealed or not: a row may end up in a log line."""
        return f"Account(id={self.id!r}, contest_id={self.contest_id!r}, holder={self.holder!r})"


class AccountWait(Base):
    """Somebody who waits for an account, the longest first."""

    __tablename__ = "account_wait"

    contest_id: Mapped[str] = mapped_column(ForeignKey("contest.id"), primary_key=True)
    user_id: Mapped[str] = mapped_column(primary_key=True)
    since: Mapped[datetime]
    told_at: Mapped[datetime | None]
    """When they were told that one is theirs to take; None while they wait."""


class AccountRequest(Base):
    """A person's wish to see the password once more, for an organizer to decide."""

    __tablename__ = "account_request"

    id: Mapped[str] = mapped_column(primary_key=True)
    contest_id: Mapped[str] = mapped_column(ForeignKey("contest.id"))
    user_id: Mapped[str]
    account_row_id: Mapped[str] = mapped_column(ForeignKey("account.id"))
    asked_at: Mapped[datetime]
    decided_by: Mapped[str | None]
    decided_at: Mapped[datetime | None]
    approved: Mapped[bool | None]
    reveal_view_id: Mapped[str | None]
    """The modal that showed the password after the approval: an approval is good for one look."""


class AccountRepository(GrowingRepository[Account]):
    """The pool."""

    _row = Account

    def find(self, contest_id: str, account_id: str, user_name: str) -> Account | None:
        """The pool's account of that name, or None."""
        question = select(Account).where(
            Account.contest_id == contest_id, Account.account_id == account_id, Account.user_name == user_name
        )
        return self._session.scalars(question).one_or_none()

    def held_by(self, contest_id: str, user_id: str) -> Account | None:
        """The account that the person has in the contest, or None."""
        question = select(Account).where(Account.contest_id == contest_id, Account.holder == user_id)
        return self._session.scalars(question).one_or_none()

    def of_contest(self, contest_id: str) -> Sequence[Account]:
        """The whole pool, by account id and user name."""
        question = select(Account).where(Account.contest_id == contest_id)
        return self._session.scalars(question.order_by(Account.account_id, Account.user_name)).all()

    def take_free(self, contest_id: str, user_id: str, *, view_id: str, now: datetime) -> Account | None:
        """Give the person the first free account, in order of account id and user name. None where the pool is empty."""
        free = (
            select(Account)
            .where(Account.contest_id == contest_id, _UNUSED)
            .order_by(Account.account_id, Account.user_name)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        account = self._session.scalars(free).one_or_none()
        if account is not None:
            account.holder, account.claimed_at, account.reveal_view_id = user_id, now, view_id
            self._session.flush()
        return account

    def size(self, contest_id: str) -> int:
        """How many accounts were ever brought."""
        question = select(func.count()).select_from(Account).where(Account.contest_id == contest_id)
        return self._session.scalar(question) or 0

    def free(self, contest_id: str) -> int:
        """How many accounts nobody has yet."""
        return self._count(contest_id, free=True)

    def given(self, contest_id: str) -> int:
        """How many accounts somebody has."""
        return self._count(contest_id, free=False)

    @property
    def waits(self) -> AccountWaitRepository:
        """Who waits for one."""
        return AccountWaitRepository(self._session)

    @property
    def requests(self) -> AccountRequestRepository:
        """Who wants to see a password once more."""
        return AccountRequestRepository(self._session)

    def _count(self, contest_id: str, *, free: bool) -> int:
        holder = _UNUSED if free else Account.holder.is_not(None)
        question = select(func.count()).select_from(Account).where(Account.contest_id == contest_id, holder)
        return self._session.scalar(question) or 0


class AccountWaitRepository(Repository[AccountWait]):
    """The waiting lists."""

    _row = AccountWait

    def join(self, contest_id: str, user_id: str, *, now: datetime) -> bool:
        """Put the person at the end. False where they stand in the list already."""
        return self._insert_new({"contest_id": contest_id, "user_id": user_id, "since": now}, ("contest_id", "user_id"))

    def queue(self, contest_id: str) -> Sequence[AccountWait]:
        """Who waits, the longest first; those who were told among them."""
        question = select(AccountWait).where(AccountWait.contest_id == contest_id)
        return self._session.scalars(question.order_by(AccountWait.since, AccountWait.user_id)).all()

    def leave(self, contest_id: str, user_id: str) -> bool:
        """Take the person off the list. False where they are not on it."""
        gone = delete(AccountWait).where(AccountWait.contest_id == contest_id, AccountWait.user_id == user_id)
        return self._session.scalars(gone.returning(AccountWait.user_id)).first() is not None


class AccountRequestRepository(GrowingRepository[AccountRequest]):
    """The wishes to see a password once more."""

    _row = AccountRequest

    def latest(self, contest_id: str, user_id: str) -> AccountRequest | None:
        """The person's last one, decided or not, or None."""
        question = select(AccountRequest).where(
            AccountRequest.contest_id == contest_id, AccountRequest.user_id == user_id
        )
        return self._session.scalars(question.order_by(AccountRequest.asked_at.desc()).limit(1)).one_or_none()

    def undecided(self, contest_id: str) -> Sequence[AccountRequest]:
        """Those that wait for an organizer, the oldest first."""
        question = select(AccountRequest).where(
            AccountRequest.contest_id == contest_id, AccountRequest.decided_at.is_(None)
        )
        return self._session.scalars(question.order_by(AccountRequest.asked_at)).all()

    def forget(self, account_row_id: str) -> None:
        """Drop all that were about that account: it is no longer theirs who asked."""
        self._session.execute(delete(AccountRequest).where(AccountRequest.account_row_id == account_row_id))


_UNUSED = and_(Account.holder.is_(None), Account.returned_at.is_(None), Account.sealed_password != RETIRED)
