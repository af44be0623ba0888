"""Listeners that show the leaderboard to one person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from handlers import payloads
from handlers.views import boards as views
from handlers.views import guide
from handlers.windows import open_window

if TYPE_CHECKING:
    from slack_bolt import BoltContext, Respond
    from slack_sdk import WebClient

    from bot.usecases.boards import Boards
    from handlers.payloads import Payload


@dataclass(frozen=True)
class BoardListeners:
    """The board on request."""

    boards: Boards

    def show(self, command: Payload, respond: Respond) -> None:
        """``/kantor board``."""
        asked = payloads.asked(command)
        post = self.boards.show(asked.user_id, asked.channel_id)
        respond(text=views.fallback(post), blocks=views.board(post))

    def show_from_home(self, body: Payload, client: WebClient, context: BoltContext) -> None:
        """The Home button of the same."""
        pressed = payloads.pressed(body)
        window = open_window(client, context, pressed.trigger_id, views.TITLE)
        window.show(guide.window(views.TITLE, views.board(self.boards.show(pressed.user_id, pressed.about))))
