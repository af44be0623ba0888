"""The phases of a contest, its rounds, and which uploads each phase takes."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime


class Phase(StrEnum):
    """Where a contest stands; it only ever moves forward."""

    DRAFT = "draft"
    OPEN = "open"
    JUDGING = "judging"
    """The preliminary round, or the only one."""
    FINAL = "final"
    FINISHED = "finished"


class Round(StrEnum):
    """What a rating counts for."""

    PRELIMINARY = "preliminary"
    """Also the only round of a contest that has just one."""
    FINAL = "final"


class Door(StrEnum):
    """Where compositions are taken."""

    CHANNEL = "channel"
    DM = "dm"
    BOTH = "both"


JUDGED = frozenset({Phase.JUDGING, Phase.FINAL})
"""The phases in which judges rate."""


class Intake(StrEnum):
    """What happens to an upload at the door."""

    TAKEN = "taken"
    TOO_EARLY = "too_early"
    LATE = "late"
    """After the deadline."""
    CLOSED = "closed"
    """Before the deadline, but the organizers have already begun the judging."""
    FINISHED = "finished"


def phases(rounds: int) -> tuple[Phase, ...]:
    """The phases of a contest of one round, or of two, in order."""
    return tuple(phase for phase in Phase if phase is not Phase.FINAL or rounds > 1)


def next_phase(phase: Phase, rounds: int) -> Phase | None:
    """The phase after ``phase``; None after the last one."""
    order = phases(rounds)
    later = order[order.index(phase) + 1 :] if phase in order else ()
    return later[0] if later else None


def round_of(phase: Phase) -> Round:
    """What a rating given in that phase counts for."""
    return Round.FINAL if phase is Phase.FINAL else Round.PRELIMINARY


def intake(phase: Phase, uploaded_at: datetime, deadline: datetime, judging_at: datetime | None) -> Intake:
    """Whether a file that Slack took at ``uploaded_at`` counts.

    Slack's time decides, not ours: a message that was sent in time counts although it reached us after the judging began.
    """
    if phase is Phase.DRAFT:
        return Intake.TOO_EARLY
    if phase is Phase.FINISHED:
        return Intake.FINISHED
    if uploaded_at > deadline:
        return Intake.LATE
    if judging_at is not None and uploaded_at > judging_at:
        return Intake.CLOSED
    return Intake.TAKEN
