"""What organizers decide about comments."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from handlers.boards.feedback_views import LEAVE_OUT

if TYPE_CHECKING:
    from collections.abc import Mapping

    from handlers.payloads import Sent


@dataclass(frozen=True)
class Decided:
    """A page of comments, read."""

    actor: str
    contest_id: str
    page: int
    shown: Mapping[str, bool]
    """Whether the author is to read it, by the rating's id."""


def decided(sent: Sent) -> Decided:
    """The submitted page."""
    ratings = [each for each in sent.facts["ratings"].split(",") if each]
    shown = {rating: not sent.state.chosen(f"{LEAVE_OUT}_{rating}") for rating in ratings}
    return Decided(sent.user_id, sent.contest_id, int(sent.facts["page"]), shown)
