"""The list of erasures: kept among the files, so that a database from before an erasure, which a backup brings back, is made to forget again.

It names nobody: whoever knows a person's id, and has the key that seals passwords, can tell whether an entry is about them.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pydantic import AwareDatetime, BaseModel, ValidationError

from bot.errors import ConfigurationError, Refusal
from bot.rules import storage

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from bot.ports import ObjectStore, Vault

_WHICH = ""
"""No person's id: its mark says by which key the marks are."""


class Erased(BaseModel):
    """One erasure."""

    at: AwareDatetime
    token: str
    """What stands for the person since."""
    who: str
    """The mark of their id."""
    key: str
    """The mark of nobody: by which key these are."""
    contests: list[str] | None
    """Ids; None: everywhere."""


@dataclass(frozen=True)
class Journal:
    """Who reads and writes the list."""

    objects: ObjectStore
    vault: Vault

    def entry(self, user_id: str, token: str, contests: Sequence[str] | None, now: datetime) -> Erased:
        """Of a person who is being erased."""
        where = None if contests is None else list(contests)
        return Erased(at=now, token=token, who=self.vault.mark(user_id), key=self.vault.mark(_WHICH), contests=where)

    def write(self, entry: Erased) -> None:
        """Add it. Safe to repeat. May raise Unavailable."""
        self.objects.put(storage.erasure(entry.token), entry.model_dump_json().encode())

    def people(self, entries: Collection[Erased], known: Collection[str]) -> dict[str, str]:
        """Who of these people the entries are about, by the entries' tokens. Raises ConfigurationError where the key is another one."""
        keys = self.vault.marks(_WHICH)
        if any(entry.key not in keys for entry in entries):
            raise ConfigurationError(
                "People were erased since this backup was made, and who that was only the secret key of that time can tell: set "
                "KANTOR_SECRET_KEY to it, put it back into the data folder as secret.key, or name it in KANTOR_OPENING_KEYS."
            )
        marked = {mark: user_id for user_id in known for mark in self.vault.marks(user_id)}
        return {entry.token: marked[entry.who] for entry in entries if entry.who in marked}


def listed(objects: ObjectStore) -> list[Erased]:
    """All of the list, the oldest first. May raise Unavailable."""
    found = [parsed(objects.get(key)) for key in objects.below(storage.ERASURES)]
    return sorted(found, key=lambda entry: (entry.at, entry.token))


def parsed(line: bytes | str) -> Erased:
    """An entry as it was written. Raises Refusal for what is none."""
    try:
        return Erased.model_validate(json.loads(line))
    except (ValueError, ValidationError):
        raise Refusal("This is no list of erasures: `kantor erasures FILE` writes one.") from None
