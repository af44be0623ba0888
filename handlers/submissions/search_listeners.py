"""Listeners of the search, and of what organizers do about what they find."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from handlers import payloads
from handlers.contests import staff_parsing as parsing
from handlers.ids import Block
from handlers.submissions import search_views as views
from handlers.views import guide
from handlers.windows import open_window

if TYPE_CHECKING:
    from slack_bolt import Ack, BoltContext, Respond
    from slack_sdk import WebClient

    from bot.usecases.submissions.corrections import Corrections
    from bot.usecases.submissions.search import Search
    from handlers.payloads import Payload


@dataclass(frozen=True)
class SearchListeners:
    """Find, and replace a wrong file."""

    search: Search
    corrections: Corrections

    def find(self, command: Payload, client: WebClient, respond: Respond) -> None:
        """``/kantor find WORDS``; without words a window asks for some."""
        asked = payloads.asked(command)
        wanted = parsing.sought(asked.text)
        if not wanted.words and not wanted.people:
            client.views_open(trigger_id=asked.trigger_id, view=views.asking())
            return
        seen = self.search.find(asked.user_id, wanted.words, wanted.people)
        respond(text=views.found_text(seen, wanted.shown), blocks=views.found(seen, wanted.shown))

    def find_by_window(self, ack: Ack, body: Payload) -> None:
        """The words of that window."""
        words = payloads.State.of(body).text(Block.WORDS)
        seen = self.search.find(body["user"]["id"], words, ())
        ack(response_action="update", view=guide.window(views.FIND_TITLE, views.found(seen, words)))

    def correct(self, body: Payload, client: WebClient, context: BoltContext) -> None:
        """The button of a composition."""
        pressed = payloads.pressed(body)
        window = open_window(client, context, pressed.trigger_id, views.CORRECT_TITLE)
        window.show(views.correct(self.corrections.form(pressed.user_id, pressed.value)))

    def corrected(self, ack: Ack, body: Payload) -> None:
        """The submitted window."""
        done = self.corrections.correct(parsing.correct(body))
        ack(response_action="update", view=views.corrected(done))
