"""The pool of accounts that participants are given. Passwords are here only in sealed form."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, UniqueConstraint, and_, delete, func, select
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, GrowingRepository, Repository, words

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
    """Sealed by the vault for this row, its contest and its holder; ``RETIRED`` once it has been deleted, which also takes the account out of the pool."""
    sign_in_url: Mapped[str]
    holder: Mapped[str | None]
    """The user id of the person who has it."""
    claimed_at: Mapped[datetime | None]
    reveal_view_id: Mapped[str | None]
    """The modal that showed the password: only a redelivery of the same one may show it again."""
    returned_at: Mapped[datetime | None]
    """When somebody gave it back: it is free again once its password has been replaced, which sets this to None."""
    replaced_at: Mapped[datetime | None]
    """When its password was replaced last; None: it is the first one."""

    def __repr__(self) -> str:
        """Without the password, sealed or not: a row may end up in a log line."""
        return f"Account(id={self.id!r}, contest_id={self.contest_id!r}, holder={self.holder!r})"


class AccountClaim(Base):
    """Somebody was given an account, and has seen its password."""

    __tablename__ = "account_claim"

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[str] = mapped_column(ForeignKey("contest.id"), index=True)
    account_row_id: Mapped[str] = mapped_column(ForeignKey("account.id"))
    user_id: Mapped[str]
    at: Mapped[datetime]


class AccountWait(Base):
    """Somebody who waits for an account, the longest first."""

    __tablename__ = "account_wait"

    contest_id: Mapped[str] = mapped_column(ForeignKey("contest.id"), primary_key=True)
    user_id: Mapped[str] = mapped_column(primary_key=True)
    since: Mapped[datetime]
    told_at: Mapped[datetime | None]
    """When they were told that one is theirs to take; None while they wait."""


class AccountReturn(Base):
    """Somebody has had an account of that contest and gave it back: which one, the last time."""

    __tablename__ = "account_return"

    contest_id: Mapped[str] = mapped_column(ForeignKey("contest.id"), primary_key=True)
    user_id: Mapped[str] = mapped_column(primary_key=True)
    account_row_id: Mapped[str] = mapped_column(ForeignKey("account.id"))
    returned_at: Mapped[datetime]
    another_by: Mapped[str | None]
    """The organizer who lets them have one more, after that return; None: they have had theirs."""


class AccountLook(Base):
    """A window that showed somebody a password."""

    __tablename__ = "account_look"

    contest_id: Mapped[str] = mapped_column(ForeignKey("contest.id"), primary_key=True)
    user_id: Mapped[str] = mapped_column(primary_key=True)
    view_id: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime]


class RequestKind(StrEnum):
    """What somebody asks the organizers for."""

    PASSWORD = "password"  # noqa: S105 - a word, not a secret
    ANOTHER = "another"


class AccountRequest(Base):
    """A person's wish to see the password once more, or for another account, for an organizer to decide."""

    __tablename__ = "account_request"

    id: Mapped[str] = mapped_column(primary_key=True)
    contest_id: Mapped[str] = mapped_column(ForeignKey("contest.id"))
    user_id: Mapped[str]
    kind: Mapped[RequestKind] = mapped_column(words(RequestKind))
    account_row_id: Mapped[str] = mapped_column(ForeignKey("account.id"))
    """The account whose password it is about; for another one, the account that was given back."""
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

    def held_in(self, user_id: str, contests: Sequence[str] | None) -> Sequence[Account]:
        """Those that the person has in these contests; None: in all."""
        question = select(Account).where(Account.holder == user_id)
        if contests is not None:
            question = question.where(Account.contest_id.in_(contests))
        return self._session.scalars(question.order_by(Account.id)).all()

    def sealed(self) -> Sequence[tuple[str, str, bytes]]:
        """Contest, row and sealed password of each account of all contests whose password is here."""
        question = select(Account.contest_id, Account.id, Account.sealed_password)
        return [
            (contest, row, sealed)
            for contest, row, sealed in self._session.execute(question.where(Account.sealed_password != RETIRED))
        ]

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
            self._session.add(AccountClaim(contest_id=contest_id, account_row_id=account.id, user_id=user_id, at=now))
            self._session.flush()
        return account

    def claims(self, contest_id: str) -> Sequence[AccountClaim]:
        """Who was given which account so far, in order."""
        question = select(AccountClaim).where(AccountClaim.contest_id == contest_id)
        return self._session.scalars(question.order_by(AccountClaim.id)).all()

    def has_any(self, contest_id: str) -> bool:
        """Whether any were ever brought."""
        question = select(Account.id).where(Account.contest_id == contest_id).limit(1)
        return self._session.scalars(question).first() is not None

    def has_passwords(self, contest_id: str) -> bool:
        """Whether any password of theirs is here, sealed."""
        question = select(Account.id).where(Account.contest_id == contest_id, Account.sealed_password != RETIRED)
        return self._session.scalars(question.limit(1)).first() is not None

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
        """Who wants to see a password once more, or have another account."""
        return AccountRequestRepository(self._session)

    @property
    def returns(self) -> AccountReturnRepository:
        """Who has had one."""
        return AccountReturnRepository(self._session)

    @property
    def looks(self) -> AccountLookRepository:
        """Who was shown a password, and when."""
        return AccountLookRepository(self._session)

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


class AccountReturnRepository(GrowingRepository[AccountReturn]):
    """Who has had an account of a contest."""

    _row = AccountReturn

    def note(self, contest_id: str, user_id: str, account_row_id: str, *, now: datetime) -> None:
        """The person has given that account back: another one is for the organizers to allow. Lock the contest first."""
        known = self._session.get(AccountReturn, (contest_id, user_id))
        if known is None:
            self.add(
                AccountReturn(
                    contest_id=contest_id,
                    user_id=user_id,
                    account_row_id=account_row_id,
                    returned_at=now,
                    another_by=None,
                )
            )
        else:
            known.account_row_id, known.returned_at, known.another_by = account_row_id, now, None
            self._session.flush()

    def allow(self, contest_id: str, user_id: str, organizer: str) -> None:
        """Let the person have one more."""
        known = self._session.get(AccountReturn, (contest_id, user_id))
        if known is not None:
            known.another_by = organizer
            self._session.flush()

    def barring(self, contest_id: str, user_id: str) -> AccountReturn | None:
        """What keeps the person from another account: the return of one, after which no organizer allowed any. Or None."""
        known = self._session.get(AccountReturn, (contest_id, user_id))
        return known if known is not None and known.another_by is None else None


class AccountLookRepository(Repository[AccountLook]):
    """The windows that showed passwords."""

    _row = AccountLook

    def note(self, contest_id: str, user_id: str, view_id: str, *, now: datetime) -> bool:
        """The window shows one. False where it has shown it before."""
        key = ("contest_id", "user_id", "view_id")
        return self._insert_new({"contest_id": contest_id, "user_id": user_id, "view_id": view_id, "at": now}, key)

    def lock(self, user_id: str) -> None:
        """The person's windows, of all contests, take their turns: there is one count of them. After the contest's lock, not before."""
        self._alone(f"looks of {user_id}")

    def since(self, user_id: str, moment: datetime) -> Sequence[AccountLook]:
        """The person's looks from then on, in all contests, the oldest first."""
        question = select(AccountLook).where(AccountLook.user_id == user_id, AccountLook.at >= moment)
        return self._session.scalars(question.order_by(AccountLook.at, AccountLook.view_id)).all()


class AccountRequestRepository(GrowingRepository[AccountRequest]):
    """The wishes to see a password once more, and those for another account."""

    _row = AccountRequest

    def latest(self, contest_id: str, user_id: str, kind: RequestKind) -> AccountRequest | None:
        """The person's last one of that kind, decided or not, or None."""
        question = select(AccountRequest).where(
            AccountRequest.contest_id == contest_id, AccountRequest.user_id == user_id, AccountRequest.kind == kind
        )
        return self._session.scalars(
            question.order_by(AccountRequest.asked_at.desc(), AccountRequest.id.desc()).limit(1)
        ).one_or_none()

    def undecided(self, contest_id: str) -> Sequence[AccountRequest]:
        """Those that wait for an organizer, the oldest first."""
        question = select(AccountRequest).where(
            AccountRequest.contest_id == contest_id, AccountRequest.decided_at.is_(None)
        )
        return self._session.scalars(question.order_by(AccountRequest.asked_at, AccountRequest.id)).all()

    def forget(self, account_row_id: str) -> None:
        """Drop all that were about that account's password: it is no longer theirs who asked."""
        about = AccountRequest.account_row_id == account_row_id, AccountRequest.kind == RequestKind.PASSWORD
        self._session.execute(delete(AccountRequest).where(*about))


_UNUSED = and_(Account.holder.is_(None), Account.returned_at.is_(None), Account.sealed_password != RETIRED)
