"""Listeners about late files and more time, for organizers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from handlers import payloads
from handlers.contests import staff_parsing as parsing
from handlers.ids import Opens
from handlers.people import homemenu_views as homemenus
from handlers.submissions import latefile_views as views
from handlers.views import guide
from handlers.windows import open_window, window_here

if TYPE_CHECKING:
    from slack_bolt import Ack, BoltContext, Respond
    from slack_sdk import WebClient

    from bot.usecases.submissions.extensions import Extensions
    from bot.usecases.submissions.latefiles import LateFiles
    from handlers.payloads import Payload


@dataclass(frozen=True)
class LateListeners:
    """Decide about late files, and give more time."""

    late_files: LateFiles
    extensions: Extensions

    def waiting(self, command: Payload, respond: Respond) -> None:
        """``/kantor late``."""
        asked = payloads.asked(command)
        seen = self.late_files.waiting(asked.user_id, asked.channel_id)
        respond(text=views.late_text(seen), blocks=views.late(seen))

    def turn(self, body: Payload, client: WebClient, context: BoltContext, respond: Respond) -> None:
        """Another page of the same."""
        turned = payloads.turned(body)
        window = window_here(client, context, body) if turned.in_modal else None
        seen = self.late_files.waiting(turned.user_id, turned.about)
        blocks = views.late(seen, turned.page)
        if window is not None:
            window.show(guide.window(homemenus.title(Opens.LATE), blocks))
        else:
            respond(text=views.late_text(seen), blocks=blocks, response_type="ephemeral", replace_original=True)

    def accept(self, body: Payload, respond: Respond) -> None:
        """The button that lets a late file in."""
        pressed = payloads.pressed(body)
        done = self.late_files.decide(pressed.user_id, pressed.value, accept=True)
        respond(text=views.decided(done), response_type="ephemeral", replace_original=False)

    def ask_why(self, body: Payload, client: WebClient, context: BoltContext) -> None:
        """The button that declines one: the window asks for a word to the author."""
        pressed = payloads.pressed(body)
        open_window(client, context, pressed.trigger_id, views.DECLINE_TITLE).show(views.decline(pressed.value))

    def decline(self, ack: Ack, body: Payload) -> None:
        """The submitted window."""
        given = parsing.declined(body)
        done = self.late_files.decide(given.actor, given.submission_id, accept=False, reason=given.reason)
        ack(response_action="update", view=views.declined(done))

    def extend(self, command: Payload, client: WebClient, context: BoltContext) -> None:
        """``/kantor extend @ada``."""
        asked = payloads.asked(command)
        window = open_window(client, context, asked.trigger_id, views.EXTEND_TITLE)
        person = next(iter(payloads.mentioned(asked.text)), None)
        window.show(views.extend(self.extensions.form(asked.user_id, asked.channel_id, person)))

    def extended(self, ack: Ack, body: Payload) -> None:
        """The submitted window."""
        done = self.extensions.extend(parsing.extend(body))
        ack(response_action="update", view=views.extended(done))
