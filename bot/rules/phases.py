"""The four phases of a contest, and which uploads each of them takes."""

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
    FINISHED = "finished"


class Intake(StrEnum):
    """What happens to an upload at the door."""

    TAKEN = "taken"
    TOO_EARLY = "too_early"
    LATE = "late"
    """After the deadline."""
    CLOSED = "closed"
    """Before the deadline, but the organizers have already begun the judging."""
    FINISHED = "finished"


_NEXT = {Phase.DRAFT: Phase.OPEN, Phase.OPEN: Phase.JUDGING, Phase.JUDGING: Phase.FINISHED}


def next_phase(phase: Phase) -> Phase | None:
    """The phase after ``phase``; None after the last one."""
    return _NEXT.get(phase)


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
