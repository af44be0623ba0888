"""Lab accounts: one of the imported pool for each person who is entitled to it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.ports import Clock, Directory, Ids, Vault
    from bot.usecases.people import People
    from models.store import Store


@dataclass(frozen=True)
class HeldAccount:
    """An account that the person has already: everything but the password."""

    account_id: str
    user_name: str
    sign_in_url: str


@dataclass(frozen=True)
class AccountOffer:
    """What the modal shows before anything is handed out."""

    contest_id: str
    contest_name: str
    terms: str
    """A few lines of mrkdwn."""
    held: HeldAccount | None


@dataclass(frozen=True)
class ClaimAccount:
    """The submitted modal."""

    user_id: str
    contest_id: str
    view_id: str
    """Slack's id of the modal: the same one delivered again shows the password again."""
    accepted_terms: bool


@dataclass(frozen=True)
class Credentials:
    """A person's account. The password is given once, and never printed."""

    account_id: str
    user_name: str
    password: str | None = field(repr=False)
    sign_in_url: str


@dataclass(frozen=True)
class PoolRow:
    """One line of the organizers' list."""

    account_id: str
    user_name: str
    password: str = field(repr=False)
    sign_in_url: str


@dataclass(frozen=True)
class Imported:
    """How many rows were new, and how many were there already (those are left as they are)."""

    new: int
    known: int


@dataclass(frozen=True)
class Accounts:
    """Hand out accounts, and take in the pool."""

    store: Store
    people: People
    directory: Directory
    vault: Vault
    clock: Clock
    ids: Ids

    def offer(self, user_id: str, channel_id: str) -> AccountOffer:
        """What this person could have. Raises Refusal for guests and people outside the contest's channel."""
        raise NotImplementedError

    def claim(self, command: ClaimAccount) -> Credentials:
        """Give the person their account. The password comes with the first claim only, and with a redelivery of that same view."""
        raise NotImplementedError

    def import_pool(self, slug: str, rows: Iterable[PoolRow]) -> Imported:
        """Seal and keep a list of accounts. Raises Refusal, and keeps none, where a row is incomplete."""
        raise NotImplementedError
