"""The phases of a contest, its rounds, and which uploads each phase takes."""

from __future__ import annotations

from datetime import timedelta
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
    CEREMONY = "ceremony"
    """The judging is over and its results stand; nobody is told them before they are revealed. Only where organizers want it so."""
    FINISHED = "finished"


class Round(StrEnum):
    """What a rating counts for."""

    PRELIMINARY = "preliminary"
    """Also the only round of a contest that has just one."""
    FINAL = "final"


class Intake(StrEnum):
    """Where compositions are taken."""

    CHANNEL = "channel"
    DM = "dm"
    BOTH = "both"


JUDGED = frozenset({Phase.JUDGING, Phase.FINAL})
"""The phases in which judges rate."""
OVER = frozenset({Phase.CEREMONY, Phase.FINISHED})
"""Those after the judging: nothing in them changes a result any more."""


class Arrival(StrEnum):
    """What becomes of an upload when it arrives."""

    TAKEN = "taken"
    GRACE = "grace"
    """After the deadline, and so little that it counts."""
    TOO_EARLY = "too_early"
    LATE = "late"
    """After the deadline: taken, and an organizer decides."""
    CLOSED = "closed"
    """Before the deadline, but the organizers have already begun the judging."""
    FINISHED = "finished"


_SHUT = {
    Phase.DRAFT: Arrival.TOO_EARLY,
    Phase.CEREMONY: Arrival.CLOSED,
    Phase.FINISHED: Arrival.FINISHED,
}


def phases(rounds: int) -> tuple[Phase, ...]:
    """The phases of a contest of one round, or of two, in order; a ceremony comes in between where organizers want one."""
    left_out = {Phase.CEREMONY} if rounds > 1 else {Phase.CEREMONY, Phase.FINAL}
    return tuple(phase for phase in Phase if phase not in left_out)


def next_phase(phase: Phase, rounds: int) -> Phase | None:
    """The phase after ``phase``; None after the last one."""
    if phase is Phase.CEREMONY:
        return Phase.FINISHED
    order = phases(rounds)
    later = order[order.index(phase) + 1 :] if phase in order else ()
    return later[0] if later else None


def round_of(phase: Phase) -> Round:
    """What a rating given in that phase counts for."""
    return Round.FINAL if phase is Phase.FINAL else Round.PRELIMINARY


def arrival(  # noqa: PLR0913 - what decides, each by its name
    phase: Phase,
    uploaded_at: datetime,
    deadline: datetime,
    judging_at: datetime | None,
    *,
    extended_to: datetime | None = None,
    grace: timedelta = timedelta(0),
) -> Arrival:
    """Whether a file that Slack took at ``uploaded_at`` counts.

    Slack's time decides, not ours: a message that was sent in time counts although it reached us after the judging began.

    Args:
        phase: Where the contest stands.
        uploaded_at: Slack's time of the message.
        deadline: The contest's.
        judging_at: When the judging began; None where it has not.
        extended_to: The person's own deadline: it holds although the judging has begun, and until a final begins.
        grace: So long after either deadline a file still counts.
    """
    if phase in _SHUT:
        return _SHUT[phase]
    before_judging = judging_at is None or uploaded_at <= judging_at
    if uploaded_at <= deadline and before_judging:
        return Arrival.TAKEN
    if extended_to is not None and phase is not Phase.FINAL and uploaded_at <= extended_to:
        return Arrival.TAKEN
    if phase is not Phase.FINAL and _within(grace, uploaded_at, deadline if before_judging else None, extended_to):
        return Arrival.GRACE
    late = uploaded_at > deadline and phase is not Phase.FINAL
    return Arrival.LATE if late else Arrival.CLOSED


def _within(grace: timedelta, moment: datetime, *deadlines: datetime | None) -> bool:
    return any(deadline is not None and deadline < moment <= deadline + grace for deadline in deadlines)
