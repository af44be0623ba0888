"""What organizers ask Kantor to tell people."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.usecases.people.broadcasts import Announce, Audience
from handlers.ids import Block
from handlers.payloads import State, facts

if TYPE_CHECKING:
    from handlers.payloads import Payload


@dataclass(frozen=True)
class Nudge:
    """The confirmed preview of a reminder."""

    actor: str
    contest_id: str
    nudge_id: str
    judges: bool


def announce(body: Payload) -> Announce:
    """The filled-in announcement."""
    state = State.of(body)
    audience = Audience(state.text(Block.AUDIENCE))
    return Announce(body["user"]["id"], facts(body)["contest_id"], state.text(Block.ANNOUNCEMENT), audience)


def nudge(body: Payload) -> Nudge:
    """The modal of a reminder."""
    known = facts(body)
    return Nudge(body["user"]["id"], known["contest_id"], known["nudge_id"], known["judges"] == "yes")
