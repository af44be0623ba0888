"""Listeners of the rules."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from handlers import payloads
from handlers.people import rulebook_views as views
from handlers.views import guide
from handlers.windows import open_window

if TYPE_CHECKING:
    from slack_bolt import BoltContext, Respond
    from slack_sdk import WebClient

    from bot.usecases.people.rulebook import Rulebook
    from handlers.payloads import Payload


@dataclass(frozen=True)
class RuleListeners:
    """Tell the rules."""

    rulebook: Rulebook

    def show(self, command: Payload, respond: Respond) -> None:
        """``/kantor rules``."""
        asked = payloads.asked(command)
        rules = self.rulebook.rules(asked.user_id, asked.channel_id)
        respond(text=views.lead(rules), blocks=views.rules_blocks(rules))

    def show_by_button(self, body: Payload, client: WebClient, context: BoltContext) -> None:
        """The button of the same."""
        pressed = payloads.pressed(body)
        window = open_window(client, context, pressed.trigger_id, views.TITLE)
        rules = self.rulebook.rules(pressed.user_id, pressed.about)
        window.show(guide.window(views.TITLE, views.rules_blocks(rules)))
