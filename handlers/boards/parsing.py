"""What people ask of boards."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from handlers.boards.views import LEAVE_OUT
from handlers.payloads import as_we_sent_it

if TYPE_CHECKING:
    from collections.abc import Mapping

    from handlers.payloads import Payload, Sent


@dataclass(frozen=True)
class Turned:
    """A button or a menu below a board: another page of it."""

    user_id: str
    contest_id: str
    snapshot_id: str
    """Empty: of the board of now."""
    page: int
    in_place: bool
    """Whether the board that it stands below may change: it is this person's own, and not one in a channel."""


@as_we_sent_it()
def turned(body: Payload) -> Turned:
    """A pressed button, or a choice of the menu."""
    action = body["actions"][0]
    value = action.get("value") or action["selected_option"]["value"]
    contest_id, snapshot_id, page = value.split(":")
    container = body.get("container") or {}
    own = bool(container.get("is_ephemeral")) or container.get("type") == "view"
    return Turned(body["user"]["id"], contest_id, snapshot_id, int(page), own)


def page_asked(words: str) -> int:
    """The page in ``/kantor board 3``; 1 where none is named."""
    first = next(iter(words.split()), "")
    return int(first) if first.isdecimal() and len(first) < 6 else 1


@dataclass(frozen=True)
class Decided:
    """A page of comments, read."""

    actor: str
    contest_id: str
    page: int
    shown: Mapping[str, bool]
    """Whether the author is to read it, by the rating's id."""


@as_we_sent_it()
def decided(sent: Sent) -> Decided:
    """The submitted page."""
    ratings = [each for each in sent.facts["ratings"].split(",") if each]
    shown = {rating: not sent.state.chosen(f"{LEAVE_OUT}_{rating}") for rating in ratings}
    return Decided(sent.user_id, sent.contest_id, int(sent.facts["page"]), shown)
