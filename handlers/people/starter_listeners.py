"""Listeners of the starter kit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from handlers import payloads
from handlers.people import starter_views as views
from handlers.people.parsing import chosen
from handlers.windows import refresh

if TYPE_CHECKING:
    from slack_sdk import WebClient

    from bot.usecases.people.starter import StarterKit
    from handlers.payloads import Payload


@dataclass(frozen=True)
class StarterListeners:
    """Show how to come by a MIDI file, and send a melody to begin with."""

    kit: StarterKit

    def show(self, command: Payload, client: WebClient) -> None:
        """``/kantor starter``."""
        self._open(client, payloads.asked(command).trigger_id)

    def show_by_button(self, body: Payload, client: WebClient) -> None:
        """The button of the same."""
        self._open(client, payloads.pressed(body).trigger_id)

    def send(self, body: Payload, client: WebClient) -> None:
        """A melody was chosen: it goes to the person's direct messages."""
        choice = chosen(body)
        melody = self.kit.send(choice.user_id, choice.value, choice.wish)
        if choice.in_modal:
            refresh(client, choice.view_id, views.sent(melody.title))

    def _open(self, client: WebClient, trigger_id: str) -> None:
        offered = [(melody.key, melody.title) for melody in self.kit.offered()]
        client.views_open(trigger_id=trigger_id, view=views.window(offered))
