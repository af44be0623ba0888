"""Listeners that show the leaderboard to one person, and freeze it for all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from handlers import payloads
from handlers.boards import freezing_views as freezing
from handlers.boards import parsing, views
from handlers.boards import place_views as places
from handlers.boards.letters import drawn_board
from handlers.views import guide
from handlers.windows import open_window, window_here

if TYPE_CHECKING:
    from slack_bolt import Ack, BoltContext, Respond
    from slack_sdk import WebClient

    from bot.usecases.boards.boards import Boards
    from bot.usecases.boards.freezing import Freezing
    from handlers.payloads import Payload
    from handlers.slack.newer import NewerBlocks


@dataclass(frozen=True)
class BoardListeners:
    """The board on request."""

    boards: Boards
    freezing: Freezing
    newer: NewerBlocks

    def show(self, command: Payload, respond: Respond) -> None:
        """``/kantor board``, or ``/kantor board 3`` for its third page."""
        asked = payloads.asked(command)
        post = self.boards.show(asked.user_id, asked.channel_id, parsing.page_asked(asked.text), is_there=True)
        self.newer.answer(respond, drawn_board(post))

    def show_from_home(self, body: Payload, client: WebClient, context: BoltContext) -> None:
        """The Home button of the same."""
        pressed = payloads.pressed(body)
        window = open_window(client, context, pressed.trigger_id, views.TITLE)
        window.show(guide.window(views.TITLE, views.board(self.boards.show(pressed.user_id, pressed.about))))

    def turn(self, body: Payload, client: WebClient, context: BoltContext, respond: Respond) -> None:
        """Another page: in the person's own board where that is what they look at, else as an answer of their own."""
        turned = parsing.turned(body)
        window = window_here(client, context, body) if body.get("view") else None
        post = self.boards.page(turned.user_id, turned.contest_id, turned.snapshot_id, turned.page)
        if window is not None:
            window.show(guide.window(views.TITLE, views.board(post)))
            return
        self.newer.answer(respond, drawn_board(post), response_type="ephemeral", replace_original=turned.in_place)

    def place(self, command: Payload, respond: Respond) -> None:
        """``/kantor place``."""
        asked = payloads.asked(command)
        reply = self.boards.place_of(asked.user_id, asked.channel_id)
        respond(text=places.fallback(reply), blocks=places.places(reply))

    def place_from_home(self, body: Payload, client: WebClient, context: BoltContext) -> None:
        """The Home button of the same."""
        pressed = payloads.pressed(body)
        window = open_window(client, context, pressed.trigger_id, places.TITLE)
        reply = self.boards.place_of(pressed.user_id, pressed.about)
        window.show(guide.window(places.TITLE, places.places(reply)))

    def preview_freeze(self, command: Payload, client: WebClient, context: BoltContext) -> None:
        """``/kantor board freeze``."""
        self._preview(command, client, context, freeze=True)

    def preview_thaw(self, command: Payload, client: WebClient, context: BoltContext) -> None:
        """``/kantor board thaw``."""
        self._preview(command, client, context, freeze=False)

    def freeze(self, ack: Ack, body: Payload) -> None:
        """The confirmed preview of either."""
        confirmed = parsing.freeze(body)
        change = self.freezing.thaw if confirmed.frozen else self.freezing.freeze
        ack(response_action="update", view=freezing.done(change(confirmed.actor, confirmed.contest_id)))

    def _preview(self, command: Payload, client: WebClient, context: BoltContext, *, freeze: bool) -> None:
        asked = payloads.asked(command)
        window = open_window(client, context, asked.trigger_id, freezing.title(freeze=freeze))
        window.show(freezing.preview(self.freezing.preview(asked.user_id, asked.channel_id, freeze=freeze)))
