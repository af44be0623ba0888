"""Listeners about a person's own account."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from handlers import payloads
from handlers.accounts import parsing, views
from handlers.commands import Sub
from handlers.ids import Action, Callback
from handlers.routes import on

if TYPE_CHECKING:
    from slack_bolt import Ack

    from bot.usecases.accounts.accounts import Accounts
    from bot.usecases.accounts.reissues import Reissues
    from handlers.payloads import Payload, Pressed
    from handlers.reception import Asked
    from handlers.views.blocks import View
    from handlers.windows import Windows


@dataclass(frozen=True)
class AccountListeners:
    """Offer an account, hand it out, keep the line, take it back, and show a password again."""

    accounts: Accounts
    reissues: Reissues

    @on(Sub.ACCOUNT)
    def offer(self, asked: Asked) -> View:
        """What is held, or was, or the line, or else the terms."""
        return views.offer(self.accounts.offer(asked.user_id, asked.channel_id))

    @on(Callback.CLAIM_ACCOUNT)
    def claim(self, ack: Ack, body: Payload) -> None:
        """The accepted terms: the account, with its password, goes back in the acknowledgement and nowhere else."""
        ack(response_action="update", view=views.claimed(self.accounts.claim(payloads.claim(body))))

    @on(Callback.WAIT_FOR_ACCOUNT)
    def wait(self, ack: Ack, body: Payload) -> None:
        """Into the line."""
        asked = parsing.confirmed(body)
        ack(response_action="update", view=views.offer(self.accounts.wait(asked.user_id, asked.facts["contest_id"])))

    @on(Callback.STOP_WAITING)
    def stop_waiting(self, ack: Ack, body: Payload) -> None:
        """Out of it."""
        asked = parsing.confirmed(body)
        offered = self.accounts.stop_waiting(asked.user_id, asked.facts["contest_id"])
        ack(response_action="update", view=views.offer(offered))

    @on(Sub.ACCOUNT_RETURN)
    def returning(self, asked: Asked) -> View:
        """The question whether to."""
        return views.returning(self.accounts.returning(asked.user_id, asked.channel_id))

    @on(Action.RETURN_ACCOUNT)
    def returning_this(self, pressed: Pressed, windows: Windows) -> None:
        """The button in the account's window."""
        windows.here().show(lambda: views.returning(self.accounts.returning_of(pressed.user_id, pressed.value)))

    @on(Callback.RETURN_ACCOUNT)
    def give_back(self, ack: Ack, body: Payload) -> None:
        """The confirmed return."""
        asked = parsing.confirmed(body)
        account = self.accounts.give_back(asked.user_id, asked.facts["contest_id"], asked.facts["row_id"])
        ack(response_action="update", view=views.returned(account))

    @on(Action.ASK_REISSUE)
    def ask_again(self, pressed: Pressed, windows: Windows) -> None:
        """The wish to see the password once more."""
        window = windows.here()
        self.reissues.ask(pressed.user_id, pressed.value)
        window.show(views.asked_again)

    @on(Action.ASK_ANOTHER)
    def ask_another(self, pressed: Pressed, windows: Windows) -> None:
        """The wish for another account, after one was given back."""
        window = windows.here()
        offered = self.reissues.ask_another(pressed.user_id, pressed.value)
        window.show(lambda: views.offer(offered))

    @on(Action.SHOW_AGAIN)
    def show_again(self, pressed: Pressed, windows: Windows) -> None:
        """The button of an approval: a window that asks first."""
        window = windows.open(views.AGAIN_TITLE)
        window.show(lambda: views.ready_again(pressed.value))

    @on(Callback.REVEAL_PASSWORD)
    def reveal(self, ack: Ack, body: Payload) -> None:
        """The password, once an approval: in the acknowledgement and nowhere else."""
        asked = parsing.confirmed(body)
        given = self.reissues.reveal(asked.user_id, asked.facts["request_id"], asked.view_id)
        ack(response_action="update", view=views.credentials(given))
