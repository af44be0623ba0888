"""What the judges said, for the authors."""

from __future__ import annotations

from bot.announcements.feedback import FeedbackCard
from handlers.views import blocks as b
from handlers.views import feedback
from handlers.views.letters.base import Drawn, draw
from handlers.views.text import name


@draw.register
def _card(message: FeedbackCard) -> Drawn:
    text = f"💌 What the judges say of {name(message.title)} in {name(message.contest_name)}"
    return Drawn(text, tuple(feedback.card_blocks(message)[: b.MESSAGE_BLOCKS]))
