"""Leaderboards."""

from __future__ import annotations

from bot.announcements.boards import BoardPost
from handlers.views import blocks as b
from handlers.views import boards
from handlers.views.letters.base import Drawn, draw
from handlers.views.text import cut_markup


@draw.register
def _board(message: BoardPost) -> Drawn:
    return Drawn(cut_markup(boards.fallback(message), b.MESSAGE_TEXT), tuple(boards.board(message)))
