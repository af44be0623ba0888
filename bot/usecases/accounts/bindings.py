"""The passwords of accounts as the database has them: each opens for its row, its contest and the one person who has it, or for nobody yet."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from bot.errors import ConfigurationError, Unavailable
from bot.ports import Binding
from models.accounts import RETIRED

if TYPE_CHECKING:
    from bot.ports import Vault
    from bot.rules.secret import Secret
    from models.accounts import Account
    from models.store import Work


def bound(account: Account) -> Binding:
    """What the account's password is bound to."""
    return Binding(account.id, account.contest_id, account.holder)


def opened(vault: Vault, account: Account) -> Secret:
    """The account's password. Raises ConfigurationError where the key or the binding does not fit."""
    return vault.unseal(account.sealed_password, bound(account))


def used(vault: Vault, account: Account) -> Secret:
    """As ``opened``; what was sealed in an older way, or by an older key, is sealed anew."""
    password = opened(vault, account)
    if not vault.is_current(account.sealed_password):
        account.sealed_password = vault.seal(password, bound(account))
    return password


def passed_on(vault: Vault, account: Account, before: str | None) -> None:
    """The account, which was ``before``'s (None: nobody's), is its holder's now: its password is sealed for them alone.

    Raises ConfigurationError where it does not open.
    """
    password = vault.unseal(account.sealed_password, Binding(account.id, account.contest_id, before))
    account.sealed_password = vault.seal(password, bound(account))


def purged(work: Work, contest_id: str) -> int:
    """Delete all passwords of the contest's accounts; how many were here."""
    kept = [account for account in work.accounts.of_contest(contest_id) if account.sealed_password != RETIRED]
    for account in kept:
        account.sealed_password, account.reveal_view_id = RETIRED, None
    return len(kept)


def let_go(vault: Vault, account: Account) -> None:
    """The account is about to be nobody's: its password is sealed so. Without the key it stays as it is: who gives back need not wait for it."""
    with suppress(ConfigurationError, Unavailable):
        if account.sealed_password != RETIRED:
            account.sealed_password = vault.seal(opened(vault, account), Binding(account.id, account.contest_id))
