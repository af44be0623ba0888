"""A chain of hashes over what was done in a contest: whoever keeps its head can tell later whether anything before it was changed, left out or slipped in.

Of the entry of number n, from 1:

    digest = SHA-256(salt + canonical JSON of [at, actor, action, facts])
    link = SHA-256(link of the entry before + ":" + n + ":" + digest)

all in hexadecimal digits; before the first entry stands ``root``. What an entry says can be erased together with its salt: nobody can guess then what was
behind the digest, and the chain still holds.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC
from enum import StrEnum
from typing import TYPE_CHECKING, Any, NamedTuple

from bot.rules.canonical import canonical, sha256_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime


class Head(NamedTuple):
    """Where a chain ends."""

    number: int
    """Of its last entry, which is how many there are."""
    link: str


class Entry(NamedTuple):
    """One entry as it is kept."""

    at: datetime
    actor: str
    action: str
    facts: Mapping[str, Any]
    number: int | None
    salt: str | None
    """None: what it said was erased."""
    digest: str | None
    link: str | None


class Fault(StrEnum):
    """What is wrong with an entry."""

    OUTSIDE = "it stands outside of the chain"
    MISSING = "an entry before it is missing, or was slipped in"
    CHANGED = "what it says is not what was written down"
    OTHER_HEAD = "another head was posted when it was the last one"
    SHORT = "more entries had been written down when a head was posted"
    BROKEN = "it does not follow from the entry before it"


@dataclass(frozen=True)
class Checked:
    """What was found in a chain, up to its end or to the first entry that does not fit."""

    head: Head
    """Of what fits."""
    erased: int
    """Entries that were emptied; their digests stand."""
    accounted: int
    """So many the chain itself says were emptied."""
    fault: Fault | None = None
    at_fault: Entry | None = None
    """The first entry that does not fit."""

    @property
    def fits(self) -> bool:
        """Whether all of it is as it was written down, but for what the chain itself says was erased."""
        return self.fault is None and self.erased <= self.accounted


def root(contest_id: str) -> Head:
    """What stands before the first entry of that contest."""
    return Head(0, sha256_of(f"kantor-audit:{contest_id}"))


def digest(salt: str, at: datetime, actor: str, action: str, facts: Mapping[str, Any]) -> str:
    """Of what an entry says; ``at`` is aware, ``facts`` are plain JSON values."""
    said = [at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"), actor, action, facts]
    return sha256_of(salt + canonical(said))


def follow(head: Head, digest: str) -> Head:
    """The head once an entry of that digest is added."""
    number = head.number + 1
    return Head(number, sha256_of(f"{head.link}:{number}:{digest}"))


EMPTIED = "audit.emptied"
"""The action that says, in its fact ``entries``, how many entries an erasure has emptied."""


def check(contest_id: str, entries: Iterable[Entry], posted: Mapping[int, str] | None = None) -> Checked:
    """Go through a contest's entries in the order of their numbers; it stops at the first one that does not fit.

    ``posted`` are links that people were shown as the head, by the number of the entry that was the last one then.
    """
    posted = posted or {}
    head, erased, accounted = root(contest_id), 0, 0
    for entry in entries:
        fault = _fault(head, entry)
        if fault is None and posted.get(head.number + 1, entry.link) != entry.link:
            fault = Fault.OTHER_HEAD
        if fault is not None:
            return Checked(head, erased, accounted, fault, entry)
        head = Head(head.number + 1, entry.link or "")
        erased += entry.salt is None
        if entry.action == EMPTIED and entry.salt is not None:
            accounted += int(entry.facts.get("entries", 0))
    return Checked(head, erased, accounted, Fault.SHORT if max(posted, default=0) > head.number else None)


def _fault(head: Head, entry: Entry) -> Fault | None:
    if entry.number is None or entry.digest is None or entry.link is None:
        return Fault.OUTSIDE
    if entry.number != head.number + 1:
        return Fault.MISSING
    if entry.salt is not None and entry.digest != digest(entry.salt, entry.at, entry.actor, entry.action, entry.facts):
        return Fault.CHANGED
    return None if follow(head, entry.digest).link == entry.link else Fault.BROKEN
