"""A chain of hashes over what was done in a contest: whoever keeps its head can tell later whether anything before it was changed, left out or slipped in.

Of the entry of number n, from 1:

    digest = SHA-256(salt + canonical JSON of [at, actor, action, facts])
    link = SHA-256(link of the entry before + ":" + n + ":" + digest)

all in hexadecimal digits; before the first entry stands ``root``. What an entry says of somebody can be erased together with its salt: nobody can guess then what was
behind the digest, and the chain still holds. What it says since is hashed in a later entry, ``EMPTIED``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC
from enum import StrEnum
from typing import TYPE_CHECKING, Any, NamedTuple

from bot.rules.canonical import canonical, sha256_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
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
    """Of so many of these the chain itself says that they were emptied, and what they say since."""
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


def remains(at: datetime, actor: str, action: str, facts: Mapping[str, Any]) -> str:
    """Of what an entry says once it is emptied, which names nobody: it needs no salt."""
    return digest("", at, actor, action, facts)


CHAINED = "audit.chained"
"""The action that says, where a database of before was chained, up to where it rests on what stood there on that day."""
EMPTIED = "audit.emptied"
"""The action that says what an erasure has left: ``entries`` is how many it has emptied, ``remains`` has the hash of each by its number."""


def check(contest_id: str, entries: Iterable[Entry], posted: Mapping[int, str] | None = None) -> Checked:
    """Go through a contest's entries in the order of their numbers; it stops at the first one that does not fit.

    ``posted`` are links that people were shown as the head, by the number of the entry that was the last one then.
    """
    posted = posted or {}
    head, empty, erasures = root(contest_id), list[Entry](), list[Entry]()
    for entry in entries:
        fault = _fault(head, entry)
        if fault is None and posted.get(head.number + 1, entry.link) != entry.link:
            fault = Fault.OTHER_HEAD
        if fault is not None:
            return Checked(head, len(empty), 0, fault, entry)
        head = Head(head.number + 1, entry.link or "")
        if entry.salt is None:
            empty.append(entry)
        if entry.action == EMPTIED:
            erasures.append(entry)
    left = _left(erasures)
    told = [entry for entry in empty if entry.number in left]
    changed = next((entry for entry in told if left[entry.number or 0] != remains(*entry[:4])), None)
    short = Fault.SHORT if max(posted, default=0) > head.number else None
    return Checked(head, len(empty), len(told), short if changed is None else Fault.CHANGED, changed)


def _left(erasures: Sequence[Entry]) -> dict[int, str]:
    """What emptied entries say since, by number: the last erasure's word counts, and that of one that was emptied itself where it is as it was left."""
    left: dict[int, str] = {}
    for entry in reversed(erasures):
        if entry.salt is not None or left.get(entry.number or 0) == remains(*entry[:4]):
            told = {int(number): each for number, each in entry.facts.get("remains", {}).items()}
            left = told | left
    return left


def is_unchained(entry: Entry) -> bool:
    """Whether it was written by somebody who knows nothing of the chain: nobody has taken it out of one."""
    return {entry.number, entry.salt, entry.digest, entry.link} == {None}


def _fault(head: Head, entry: Entry) -> Fault | None:
    if entry.number is None or entry.digest is None or entry.link is None:
        return Fault.OUTSIDE
    if entry.number != head.number + 1:
        return Fault.MISSING
    if entry.salt is not None and entry.digest != digest(entry.salt, entry.at, entry.actor, entry.action, entry.facts):
        return Fault.CHANGED
    return None if follow(head, entry.digest).link == entry.link else Fault.BROKEN
