"""What organizers decide about comments."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from handlers.boards.feedback_views import LEAVE_OUT
from handlers.payloads import State, facts

if TYPE_CHECKING:
    from collections.abc import Mapping

    from handlers.payloads import Payload


@dataclass(frozen=True)
class Decided:
    """A page of comments, read."""

    actor: str
    contest_id: str
    page: int
    shown: Mapping[str, bool]
    """Whether the author is to read it, by the rating's id."""


def decided(body: Payload) -> Decided:
    """The submitted page."""
    known, state = facts(body), State.of(body)
    ratings = [each for each in known["ratings"].split(",") if each]
    shown = {rating: not state.chosen(f"{LEAVE_OUT}_{rating}") for rating in ratings}
    return Decided(body["user"]["id"], known["contest_id"], int(known["page"]), shown)
