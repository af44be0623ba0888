"""Listeners about a person's own account."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.usecases.accounts.accounts import ClaimAccount
from handlers.accounts import views
from handlers.commands import Sub
from handlers.ids import Action, Block, Callback
from handlers.routes import on, submitted

if TYPE_CHECKING:
    from bot.usecases.accounts.accounts import Accounts
    from bot.usecases.accounts.reissues import Reissues
    from handlers.payloads import Pressed, Sent
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

    @submitted(Callback.CLAIM_ACCOUNT)
    def claim(self, sent: Sent) -> View:
        """The accepted terms: the account, with its password, goes back in the acknowledgement and nowhere else."""
        accepted = bool(sent.state.chosen(Block.TERMS))
        asked = ClaimAccount(sent.user_id, sent.contest_id, sent.view_id, accepted_terms=accepted)
        return views.claimed(self.accounts.claim(asked))

    @submitted(Callback.WAIT_FOR_ACCOUNT)
    def wait(self, sent: Sent) -> View:
        """Into the line."""
        return views.offer(self.accounts.wait(sent.user_id, sent.contest_id))

    @submitted(Callback.STOP_WAITING)
    def stop_waiting(self, sent: Sent) -> View:
        """Out of it."""
        offered = self.accounts.stop_waiting(sent.user_id, sent.contest_id)
        return views.offer(offered)

    @on(Sub.ACCOUNT_RETURN)
    def returning(self, asked: Asked) -> View:
        """The question whether to."""
        return views.returning(self.accounts.returning(asked.user_id, asked.channel_id))

    @on(Action.RETURN_ACCOUNT)
    def returning_this(self, pressed: Pressed, windows: Windows) -> None:
        """The button in the account's window."""
        windows.here().show(lambda: views.returning(self.accounts.returning_of(pressed.user_id, pressed.value)))

    @submitted(Callback.RETURN_ACCOUNT)
    def give_back(self, sent: Sent) -> View:
        """The confirmed return."""
        account = self.accounts.give_back(sent.user_id, sent.contest_id, sent.facts["row_id"])
        return views.returned(account)

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

    @submitted(Callback.REVEAL_PASSWORD)
    def reveal(self, sent: Sent) -> View:
        """The password, once an approval: in the acknowledgement and nowhere else."""
        given = self.reissues.reveal(sent.user_id, sent.facts["request_id"], sent.view_id)
        return views.credentials(given)
