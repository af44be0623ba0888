"""What people are asked to do for a contest: to judge, to present its ceremony, to speak there; how much that is, and when they are reminded."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from math import ceil
from typing import TYPE_CHECKING

from bot.rules.allocation import OVERHEAD
from bot.rules.moments import DAY, DAYLIGHT, LAST
from bot.rules.phases import JUDGED, Phase

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime


class Duty(StrEnum):
    """What somebody is asked to do."""

    JUDGE = "judge"
    PRESENTER = "presenter"
    """Leads through the ceremony, a click a step."""
    SPEAKER = "speaker"
    """A senior leader, as a rule: says a few words there, and congratulates the winners."""


class Answer(StrEnum):
    """What they said."""

    ACCEPTED = "accepted"
    DECLINED = "declined"


class Standing(StrEnum):
    """How a request stands."""

    WAITING = "waiting"
    """For an answer."""
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    """By an organizer."""
    APPOINTED = "appointed"
    """They judge, and were not asked for it: an organizer made them a judge meanwhile."""
    LEFT = "left"
    """They had accepted, and judge no more."""
    OVER = "over"
    """Nobody is needed for it any more."""


def is_over(duty: Duty, phase: Phase) -> bool:
    """Whether nobody is needed for it any more: judges until the judging ends, others until the contest does."""
    return phase not in {Phase.DRAFT, Phase.OPEN, *JUDGED} if duty is Duty.JUDGE else phase is Phase.FINISHED


def standing(duty: Duty, phase: Phase, answer: Answer | None, *, withdrawn: bool, judges: bool) -> Standing:
    """How a request stands, of a contest in that phase; ``judges``: whether the person judges it now."""
    if withdrawn:
        return Standing.WITHDRAWN
    if duty is Duty.JUDGE and answer is Answer.ACCEPTED:
        return Standing.ACCEPTED if judges else Standing.LEFT
    if duty is Duty.JUDGE and judges:
        return Standing.APPOINTED
    if answer is not None:
        return Standing(answer.value)
    return Standing.OVER if is_over(duty, phase) else Standing.WAITING


class Reminder(StrEnum):
    """Each comes once."""

    WAITS = "waits"
    """The request has waited for some days."""
    SOON = "soon"
    """What they were asked for, or have agreed to, begins within a day."""


PATIENCE = timedelta(days=2)
"""So long nobody is reminded of a request."""


def reminder(  # noqa: PLR0913 - what decides, each by its name
    standing: Standing, asked_at: datetime, begins: datetime | None, now: datetime, *, hour: int, sent: Collection[Reminder]
) -> Reminder | None:  # fmt: skip
    """The reminder that is due; None where there is none.

    Args:
        standing: Of the request.
        asked_at: When they were asked.
        begins: When what they were asked for begins; None where nobody has said so, or it has begun.
        now: The present moment.
        hour: What the person's clock shows, 0 to 23.
        sent: Those that they had already.
    """
    if hour not in DAYLIGHT or standing not in {Standing.WAITING, Standing.ACCEPTED}:
        return None
    if begins is not None and LAST < begins - now <= DAY and Reminder.SOON not in sent:
        return Reminder.SOON
    waits = standing is Standing.WAITING and now - asked_at >= PATIENCE
    return Reminder.WAITS if waits and Reminder.WAITS not in sent else None


@dataclass(frozen=True)
class Effort:
    """What judging takes."""

    pieces: int
    """That one judge hears."""
    minutes: int
    """For all of them, begun ones counted."""


def effort(pieces: int, each: int, judges: int, seconds: float, minutes: float | None, further: int = 0) -> Effort:  # noqa: PLR0913, PLR0917 - what decides
    """What each judge has to do.

    Args:
        pieces: Compositions that there are, or will be.
        each: How many judges hear each one; 0: all of them.
        judges: How many there are, or will be.
        seconds: How long a composition plays on average.
        minutes: That each judge has, at most; None: no limit.
        further: Listens besides (``bot.rules.adaptive``).
    """
    one = seconds + OVERHEAD
    share = min(pieces, ceil((pieces * each + further) / max(judges, each))) if each else pieces
    if each and minutes is not None:
        share = min(share, int(60 * minutes // one))
    return Effort(share, ceil(share * one / 60))
