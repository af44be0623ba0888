"""Listeners of the windows in which people hand in compositions, and look after them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from handlers.commands import Sub
from handlers.ids import Action, Block, Callback, Shortcut
from handlers.routes import on
from handlers.submissions import parsing, views

if TYPE_CHECKING:
    from slack_bolt import Ack

    from bot.usecases.submissions.compositions import Compositions
    from bot.usecases.submissions.handins import HandIns
    from handlers.payloads import Payload, Pressed, Sent
    from handlers.reception import Asked
    from handlers.views.blocks import View
    from handlers.windows import Windows


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
    def submit_by_shortcut(self, body: Payload, windows: Windows) -> None:
        """The same from anywhere in Slack."""
        window = windows.open(views.SUBMIT_TITLE)
        window.show(lambda: views.hand_in(self.hand_ins.form(body["user"]["id"], "")))

    @on(Shortcut.HAND_THIS_IN)
    def hand_this_in(self, body: Payload, windows: Windows) -> None:
        """The same for the file of a message."""
        window = windows.open(views.SUBMIT_TITLE)
        file = parsing.own_file(body)
        window.show(lambda: views.hand_in(self.hand_ins.form(body["user"]["id"], body["channel"]["id"]), file))

    @on(Callback.SUBMIT, Callback.REPLACE_FILE)
    def hand_in(self, ack: Ack, body: Payload, sent: Sent, windows: Windows) -> None:
        """The file of a new composition, or of a new version."""
        ack(response_action="update", view=views.handed_in(self.hand_ins.hand_in(parsing.hand_in(sent))))
        self._refresh_below(windows, body)

    @on(Sub.MINE)
    def mine(self, asked: Asked) -> View:
        """All that somebody has handed in."""
        return self._mine(asked.user_id, asked.page)

    @on(Action.REPLACE_FILE)
    def replace(self, body: Payload, pressed: Pressed, windows: Windows) -> None:
        """The button that asks for a new file."""
        window = windows.open(views.REPLACE_TITLE)
        form = self.hand_ins.replacement(pressed.user_id, pressed.value)
        window.show(lambda: views.over(views.hand_in(form), parsing.page(body)))

    @on(Action.RENAME_PIECE)
    def ask_title(self, body: Payload, pressed: Pressed, windows: Windows) -> None:
        """The button that asks for another title."""
        window = windows.open(views.RENAME_TITLE)
        title = self.compositions.title(pressed.user_id, pressed.value)
        window.show(lambda: views.over(views.rename(pressed.value, title), parsing.page(body)))

    @on(Callback.RENAME_PIECE)
    def rename(self, ack: Ack, body: Payload, sent: Sent, windows: Windows) -> None:
        """The other title."""
        title = sent.text(Block.TITLE)
        self.compositions.rename(sent.user_id, sent.facts["submission_id"], title)
        ack(response_action="update", view=views.renamed(title))
        self._refresh_below(windows, body)

    @on(Action.WITHDRAW)
    def withdraw(self, body: Payload, pressed: Pressed, windows: Windows) -> None:
        """The confirmed button of a composition."""
        window = windows.here()
        self.compositions.withdraw(pressed.user_id, pressed.value)
        window.show(lambda: self._mine(pressed.user_id, parsing.page(body)))

    @on(Action.LET_COUNT)
    def let_count(self, body: Payload, pressed: Pressed, windows: Windows) -> None:
        """The menu of versions."""
        window = windows.here()
        self.compositions.let_count(pressed.user_id, pressed.value)
        window.show(lambda: self._mine(pressed.user_id, parsing.page(body)))

    def _mine(self, user_id: str, page: int = 0) -> View:
        return views.mine(self.compositions.mine(user_id), page)

    def _refresh_below(self, windows: Windows, body: Payload) -> None:
        below = windows.below()
        if below is not None:
            below.show(lambda: self._mine(body["user"]["id"], parsing.page(body)))
