"""The keys that passwords in the database are sealed with: how many by which, and sealing them anew with the present one while the bot runs."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from bot.errors import ConfigurationError
from bot.usecases.accounts.bindings import used
from models.accounts import RETIRED

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.ports import Vault
    from bot.usecases.desk import Desk

_CLI = "cli"
AT_ONCE = 50
"""So many are sealed in one transaction: nobody who claims an account waits long."""


@dataclass(frozen=True)
class KeyUse:
    """One key, and what it seals."""

    name: str
    """16 hexadecimal digits that say nothing of the key; empty: by which one is not written down (the first way of sealing)."""
    passwords: int
    is_present: bool
    """New passwords are sealed with it."""
    is_known: bool
    """It opens here."""


@dataclass(frozen=True)
class Rotated:
    """What was done."""

    sealed_anew: int
    unopened: int
    """Those that no key opens that is known here: they are as they were."""


@dataclass(frozen=True)
class Rotation:
    """Count the passwords by key, and seal them with the present one."""

    desk: Desk
    vault: Vault

    def status(self) -> Sequence[KeyUse]:
        """The present key first, then the others that are known here, then those that are not."""
        with self.desk.store.read() as work:
            counted = Counter(self.vault.key_of(sealed) for _, _, sealed in work.accounts.sealed())
        names = dict.fromkeys([*self.vault.keys, *sorted(counted)])
        present, known = self.vault.keys[0], set(self.vault.keys)
        return tuple(KeyUse(name, counted[name], name == present, name in known) for name in names)

    def rotate(self) -> Rotated:
        """Seal anew whatever the present key did not seal. Stopped in the middle it is run again, and does the rest."""
        with self.desk.store.read() as work:
            rows = [(contest, row) for contest, row, sealed in work.accounts.sealed() if self._is_old(sealed)]
        done = unopened = 0
        for contest_id, ids in _batches(rows):
            anew, left = self._seal(contest_id, ids)
            done, unopened = done + anew, unopened + left
        return Rotated(done, unopened)

    def _seal(self, contest_id: str, ids: Sequence[str]) -> tuple[int, int]:
        anew = left = 0
        with self.desk.anyone(_CLI) as work:
            contest = work.lock(contest_id)  # whoever claims or brings accounts at this moment waits, or was first
            for row in ids:
                account = work.accounts.get(row)
                if contest is None or account is None or not self._is_old(account.sealed_password):
                    continue
                try:
                    used(self.vault, account)
                except ConfigurationError:
                    left += 1
                else:
                    anew += 1
            if contest is not None and anew:
                work.about(contest).note("accounts.resealed", count=anew)
        return anew, left

    def _is_old(self, sealed: bytes) -> bool:
        return sealed != RETIRED and not self.vault.is_current(sealed)


def _batches(rows: Sequence[tuple[str, str]]) -> Iterator[tuple[str, Sequence[str]]]:
    """A contest's id and some of its rows, again and again."""
    for contest_id, group in groupby(sorted(rows), key=lambda each: each[0]):
        ids = [row for _, row in group]
        for start in range(0, len(ids), AT_ONCE):
            yield contest_id, ids[start : start + AT_ONCE]
