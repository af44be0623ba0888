"""What organizers ask Kantor to tell people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.usecases.people.broadcasts import Announce, Audience
from handlers.ids import Block

if TYPE_CHECKING:
    from handlers.payloads import Sent


def announce(sent: Sent) -> Announce:
    """The filled-in announcement."""
    return Announce(sent.user_id, sent.contest_id, sent.text(Block.ANNOUNCEMENT), Audience(sent.text(Block.AUDIENCE)))
