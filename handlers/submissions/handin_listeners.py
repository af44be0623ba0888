"""Listeners of the windows in which people hand in compositions, and look after them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from handlers import payloads
from handlers.commands import Sub
from handlers.ids import Action, Callback, Shortcut, Turn
from handlers.routes import on
from handlers.submissions import parsing, views
from handlers.windows import open_over, open_window, refresh, window_here

if TYPE_CHECKING:
    from slack_bolt import Ack, BoltContext
    from slack_sdk import WebClient

    from bot.usecases.submissions.compositions import Compositions
    from bot.usecases.submissions.handins import HandIns
    from handlers.payloads import Payload
    from handlers.reception import Asked
    from handlers.views.blocks import View
    from handlers.windows import Window


@dataclass(frozen=True)
class HandInListeners:
    """Hand in, replace, rename, choose a version, withdraw."""

    hand_ins: HandIns
    compositions: Compositions

    @on(Sub.SUBMIT)
    def submit(self, asked: Asked) -> View:
        """The form with its file."""
        return views.hand_in(self.hand_ins.form(asked.user_id, asked.channel_id))

    @on(Shortcut.NEW_SUBMISSION)
    def submit_by_shortcut(self, body: Payload, client: WebClient, context: BoltContext) -> None:
        """The same from anywhere in Slack."""
        window = open_window(client, context, body["trigger_id"], views.SUBMIT_TITLE)
        window.show(views.hand_in(self.hand_ins.form(body["user"]["id"], "")))

    @on(Shortcut.HAND_THIS_IN)
    def hand_this_in(self, body: Payload, client: WebClient, context: BoltContext) -> None:
        """The same for the file of a message."""
        window = open_window(client, context, body["trigger_id"], views.SUBMIT_TITLE)
        file = parsing.own_file(body)
        window.show(views.hand_in(self.hand_ins.form(body["user"]["id"], body["channel"]["id"]), file))

    @on(Callback.SUBMIT, Callback.REPLACE_FILE)
    def hand_in(self, ack: Ack, body: Payload, client: WebClient) -> None:
        """The file of a new composition, or of a new version."""
        command = parsing.hand_in(body)
        ack(response_action="update", view=views.handed_in(self.hand_ins.hand_in(command)))
        self._refresh_below(client, body)

    @on(Sub.MINE)
    def mine(self, asked: Asked) -> View:
        """All that somebody has handed in."""
        return self._mine(asked.user_id)

    @on(Turn.MINE_PAGE)
    def turn(self, body: Payload, client: WebClient, context: BoltContext) -> None:
        """Another page of the same."""
        turned = payloads.turned(body)
        window = window_here(client, context, body)
        window.show(self._mine(turned.user_id, turned.page))

    @on(Action.REPLACE_FILE)
    def replace(self, body: Payload, client: WebClient, context: BoltContext) -> None:
        """The button that asks for a new file."""
        pressed = payloads.pressed(body)
        window = _window(client, context, body, views.REPLACE_TITLE)
        form = self.hand_ins.replacement(pressed.user_id, pressed.value)
        window.show(views.over(views.hand_in(form), parsing.page(body)))

    @on(Action.RENAME_PIECE)
    def ask_title(self, body: Payload, client: WebClient, context: BoltContext) -> None:
        """The button that asks for another title."""
        pressed = payloads.pressed(body)
        window = _window(client, context, body, views.RENAME_TITLE)
        title = self.compositions.title(pressed.user_id, pressed.value)
        window.show(views.over(views.rename(pressed.value, title), parsing.page(body)))

    @on(Callback.RENAME_PIECE)
    def rename(self, ack: Ack, body: Payload, client: WebClient) -> None:
        """The other title."""
        wanted = parsing.new_title(body)
        self.compositions.rename(wanted.user_id, wanted.submission_id, wanted.title)
        ack(response_action="update", view=views.renamed(wanted.title))
        self._refresh_below(client, body)

    @on(Action.WITHDRAW)
    def withdraw(self, body: Payload, client: WebClient, context: BoltContext) -> None:
        """The confirmed button of a composition."""
        pressed = payloads.pressed(body)
        window = window_here(client, context, body)
        listed = self.compositions.withdraw(pressed.user_id, pressed.value)
        page = parsing.page(body)
        window.show(views.mine(listed, page), again=lambda: self._mine(pressed.user_id, page))

    @on(Action.LET_COUNT)
    def let_count(self, body: Payload, client: WebClient, context: BoltContext) -> None:
        """The menu of versions."""
        window = window_here(client, context, body)
        user_id, page = body["user"]["id"], parsing.page(body)
        listed = self.compositions.let_count(user_id, payloads.pressed(body).value)
        window.show(views.mine(listed, page), again=lambda: self._mine(user_id, page))

    def _mine(self, user_id: str, page: int = 0) -> View:
        return views.mine(self.compositions.mine(user_id), page)

    def _refresh_below(self, client: WebClient, body: Payload) -> None:
        below = parsing.view_below(body)
        if below:
            refresh(client, below, self._mine(body["user"]["id"], parsing.page(body)))


def _window(client: WebClient, context: BoltContext, body: Payload, title: str) -> Window:
    opened = open_over if payloads.in_modal(body) else open_window
    return opened(client, context, payloads.pressed(body).trigger_id, title)
