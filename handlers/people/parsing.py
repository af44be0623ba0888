"""What organizers fill in who ask people for help."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import TYPE_CHECKING

from bot.usecases.people.recruiting import Ask
from handlers import payloads
from handlers.ids import Block

if TYPE_CHECKING:
    from handlers.payloads import Sent

NOON = time(12)
"""Where a day is chosen, and no time."""


@payloads.as_we_sent_it()
def ask(sent: Sent) -> Ask:
    """The filled-in window; without a day there is none, whatever time is chosen."""
    day, at = sent.text(Block.DAY_DATE), sent.text(Block.DAY_TIME)
    clock = time.fromisoformat(at) if at else NOON
    return Ask(
        actor=sent.user_id,
        contest_id=sent.contest_id,
        people=sent.state.people(Block.PEOPLE),
        duty=sent.text(Block.DUTY),
        day=datetime.combine(date.fromisoformat(day), clock) if day else None,
        words=sent.text(Block.WORDS),
    )
