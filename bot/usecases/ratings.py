"""Ratings: what human judges give, one a judge and composition."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.ports import Clock, Ids
    from models.store import Store


@dataclass(frozen=True)
class RatingValues:
    """A judge's opinion: three criteria, each 1 to 5, and two texts that may be empty."""

    originality: int
    balance: int
    emotional: int
    comment: str = ""
    """For the composer, later."""
    private_note: str = ""
    """For the judge alone."""


@dataclass(frozen=True)
class RatingForm:
    """What the rating modal shows."""

    submission_id: str
    alias: str
    contest_name: str
    values: RatingValues | None
    """What the judge gave before; None the first time."""
    done: int
    total: int


@dataclass(frozen=True)
class RateSubmission:
    """The submitted modal. A Refusal's ``field`` is a name of RatingValues."""

    judge: str
    submission_id: str
    values: RatingValues


@dataclass(frozen=True)
class Progress:
    """``done`` of ``total`` compositions that this judge is to rate."""

    done: int
    total: int


@dataclass(frozen=True)
class Ratings:
    """Show the form, and take the rating."""

    store: Store
    clock: Clock
    ids: Ids

    def form(self, judge: str, submission_id: str) -> RatingForm:
        """The form for this judge. Raises Refusal where they may not rate it, or not now."""
        raise NotImplementedError

    def rate(self, command: RateSubmission) -> Progress:
        """Write the rating down (a second one is an edit), and send the judge the next composition."""
        raise NotImplementedError
