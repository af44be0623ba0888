"""Answers to plain words."""

from __future__ import annotations

from bot.announcements.people import HelpReply
from handlers.views import blocks as b
from handlers.views import guide
from handlers.views.letters.base import Drawn, draw
from handlers.views.text import cut_markup, sentence


@draw.register
def _help_reply(message: HelpReply) -> Drawn:
    lead = sentence(message.sentence) if message.sentence else "Hello! Here is what I can do for you."
    return Drawn(cut_markup(lead, b.MESSAGE_TEXT), (b.section(lead), *guide.help_blocks(message.roles)))
