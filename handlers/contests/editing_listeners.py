"""Listeners of what changes a contest: ``/kantor contest edit`` and ``/kantor phase undo``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from handlers import payloads
from handlers.contests import editing_views as views
from handlers.contests import parsing
from handlers.contests import views as contests
from handlers.windows import open_over, open_window, window_here

if TYPE_CHECKING:
    from slack_bolt import Ack, BoltContext
    from slack_sdk import WebClient

    from bot.usecases.contests.editing import Editing
    from bot.usecases.contests.undoing import Undoing
    from handlers.payloads import Payload


@dataclass(frozen=True)
class EditListeners:
    """A menu, a modal a part over it, and over that what it would bring."""

    editing: Editing

    def menu(self, command: Payload, client: WebClient, context: BoltContext) -> None:
        """``/kantor contest edit``."""
        asked = payloads.asked(command)
        window = open_window(client, context, asked.trigger_id, views.TITLE)
        window.show(views.menu(self.editing.menu(asked.user_id, asked.channel_id)))

    def menu_by_button(self, body: Payload, client: WebClient, context: BoltContext) -> None:
        """The same by a button, on the Home tab or in another modal."""
        pressed = payloads.pressed(body)
        # Not over that modal: with a part and its preview there would be four.
        if (body.get("view") or {}).get("type") == "modal":
            window = window_here(client, context, body)
        else:
            window = open_window(client, context, pressed.trigger_id, views.TITLE)
        window.show(views.menu(self.editing.menu(pressed.user_id, pressed.about)))

    def form(self, body: Payload, client: WebClient, context: BoltContext) -> None:
        """The button of one part of the menu."""
        pressed = payloads.pressed(body)
        part, contest_id = parsing.part(pressed.value)
        window = open_over(client, context, pressed.trigger_id, views.TITLES[part])
        window.show(views.form(self.editing.form(pressed.user_id, contest_id, part)))

    def preview(self, ack: Ack, body: Payload) -> None:
        """A filled-in part."""
        ack(response_action="push", view=views.preview(self.editing.prepare(parsing.edit(body))))

    def apply(self, ack: Ack, body: Payload) -> None:
        """The confirmed preview."""
        edited = self.editing.apply(body["user"]["id"], parsing.edit_id(body))
        ack(response_action="update", view=views.edited(edited))


@dataclass(frozen=True)
class UndoListeners:
    """A phase that began by mistake."""

    undoing: Undoing

    def preview(self, command: Payload, client: WebClient, context: BoltContext) -> None:
        """``/kantor phase undo``."""
        asked = payloads.asked(command)
        window = open_window(client, context, asked.trigger_id, contests.UNDO_TITLE)
        window.show(contests.undo_preview(self.undoing.preview(asked.user_id, asked.channel_id)))

    def preview_by_button(self, body: Payload, client: WebClient, context: BoltContext) -> None:
        """The button of the same."""
        pressed = payloads.pressed(body)
        window = open_window(client, context, pressed.trigger_id, contests.UNDO_TITLE)
        window.show(contests.undo_preview(self.undoing.preview(pressed.user_id, pressed.about)))

    def undo(self, ack: Ack, body: Payload) -> None:
        """The confirmed preview."""
        confirmed = payloads.advance(body)
        undone = self.undoing.undo(confirmed.actor, confirmed.contest_id, confirmed.expected)
        ack(response_action="update", view=contests.undone(undone))
