"""What the judges said, for the authors."""

from __future__ import annotations

from bot.usecases.boards.feedback_letters import FeedbackCard
from handlers.boards import feedback_views as feedback
from handlers.views import blocks as b
from handlers.views.drawn import Drawn, draw
from handlers.views.text import name


@draw.register
def _card(message: FeedbackCard) -> Drawn:
    text = f"💌 What the judges say of {name(message.title)} in {name(message.contest_name)}"
    return Drawn(text, tuple(feedback.card_blocks(message)[: b.MESSAGE_BLOCKS]))
