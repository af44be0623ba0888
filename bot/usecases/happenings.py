"""What has happened in a contest, as the use case that did it says it: ``followers`` has what comes of it.

A use case knows its own topic only. What another topic has to do about it is done in the same transaction, right there.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from bot.rules.phases import Phase
    from models.submissions import Submission


@dataclass(frozen=True)
class Happening:
    """Something has happened in the contest of the transaction."""


@dataclass(frozen=True)
class ContestPrepared(Happening):
    """There is a new contest, a draft."""


@dataclass(frozen=True)
class ContestChanged(Happening):
    """An organizer has changed these settings."""

    names: Collection[str]


@dataclass(frozen=True)
class PhaseBegan(Happening):
    """The contest is in a new phase."""

    phase: Phase
    turn: int
    """How often it had begun before: after an undo it begins anew."""


@dataclass(frozen=True)
class PhaseUndone(Happening):
    """The contest is back in the phase before."""


@dataclass(frozen=True)
class JudgeAppointed(Happening):
    """That person judges from now on, for the first time or again."""

    judge: str


@dataclass(frozen=True)
class JudgeLeft(Happening):
    """That person judges no more."""

    judge: str


@dataclass(frozen=True)
class JudgeBack(Happening):
    """That person judges again."""

    judge: str


@dataclass(frozen=True)
class OfPerson(Happening):
    """Something that a person who takes part sees of themselves."""

    user_id: str


@dataclass(frozen=True)
class AccountChanged(OfPerson):
    """They have an account, or none any more, or may have another one."""


@dataclass(frozen=True)
class MoreTime(OfPerson):
    """They may send something in for longer than others."""


@dataclass(frozen=True)
class Received(OfPerson):
    """A file of theirs has come in."""


@dataclass(frozen=True)
class LateDecided(OfPerson):
    """An organizer has decided about a late file of theirs."""


@dataclass(frozen=True)
class Refused(OfPerson):
    """A file of theirs did not pass its check."""


@dataclass(frozen=True)
class Accepted(OfPerson):
    """A composition of theirs passed its check."""

    piece: Submission
    counting: Submission
    """The version that counts now."""


@dataclass(frozen=True)
class VersionChosen(OfPerson):
    """They let another version of a composition count."""

    versions: Sequence[Submission]


@dataclass(frozen=True)
class Withdrawn(OfPerson):
    """They took a composition out, with all its versions."""

    versions: Sequence[Submission]
