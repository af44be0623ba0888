"""Listeners of lab accounts: a person's own, and the pool of all of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.usecases.accounts.accounts import ClaimAccount
from bot.usecases.accounts.pools import PoolPlace, pasted_rows
from handlers.accounts import views
from handlers.commands import Sub
from handlers.ids import Action, Block, Callback, Turn
from handlers.payloads import as_we_sent_it
from handlers.routes import on, submitted

if TYPE_CHECKING:
    from slack_bolt import Respond

    from bot.usecases.accounts.accounts import Accounts
    from bot.usecases.accounts.pools import Pools
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


@dataclass(frozen=True)
class PoolListeners:
    """Show the pool, take in a paste, decide about requests, retire."""

    pools: Pools
    accounts: Accounts
    reissues: Reissues

    @on(Sub.ACCOUNTS)
    def status(self, asked: Asked) -> View:
        """How the pool stands; for those who do not organize, their own account."""
        pool = self.pools.status(asked.user_id, asked.channel_id)
        if pool is None:
            return views.offer(self.accounts.offer(asked.user_id, asked.channel_id))
        return views.pool_status(pool)

    @on(Turn.POOL_PAGE)
    def turn(self, pressed: Pressed, windows: Windows) -> None:
        """Another page of what is to be decided."""
        contest_id, page = pressed.pair
        with as_we_sent_it():
            number = int(page)
        windows.here().show(lambda: views.pool_status(self.pools.status_of(pressed.user_id, contest_id), number))

    @on(Sub.ACCOUNTS_IMPORT)
    def paste(self, asked: Asked) -> View:
        """Where the list is pasted."""
        return views.paste(self.pools.place(asked.user_id, asked.channel_id))

    @on(Action.IMPORT_ACCOUNTS)
    def paste_here(self, pressed: Pressed, windows: Windows) -> None:
        """The button in the pool's window."""
        window = windows.here()
        pool = self.pools.status_of(pressed.user_id, pressed.value)
        window.show(lambda: views.paste(PoolPlace(pool.contest_id, pool.contest_name)))

    @submitted(Callback.IMPORT_ACCOUNTS)
    def bring(self, sent: Sent) -> View:
        """The pasted list: first what it would do, then, with the same numbers, done."""
        rows, contest_id = pasted_rows(sent.text(Block.POOL_LINES)), sent.contest_id
        preview = self.pools.preview(sent.user_id, contest_id, rows)
        if (preview.new or preview.replaced) and sent.facts.get("seen") == views.seen(preview):
            imported = self.pools.bring(sent.user_id, contest_id, rows)
            return views.pasted(sent.facts, imported)
        place = PoolPlace(contest_id, sent.facts["contest_name"])
        return views.paste(place, preview)

    @on(Action.APPROVE_REISSUE)
    def approve(self, pressed: Pressed, windows: Windows, respond: Respond) -> None:
        """An organizer agrees, in the pool's window or in the letter."""
        window = windows.here() if pressed.in_modal else None
        decided = self.reissues.decide(pressed.user_id, pressed.value, approve=True)
        if window is not None:
            window.show(lambda: views.pool_status(self.pools.status_of(pressed.user_id, decided.contest_id)))
        else:
            respond(text=views.decided(decided), replace_original=decided.by_now)

    @on(Action.DECLINE_REISSUE)
    def decline(self, pressed: Pressed, windows: Windows) -> None:
        """An organizer does not: the window asks why."""
        window = windows.at_hand(views.DECLINE_TITLE)
        window.show(lambda: views.decline(pressed.value, self.reissues.asked_by(pressed.user_id, pressed.value)))

    @submitted(Callback.DECLINE_REISSUE)
    def declined(self, sent: Sent) -> View:
        """The reason: the person reads it."""
        decided = self.reissues.decide(
            sent.user_id, sent.facts["request_id"], approve=False, reason=sent.text(Block.REASON)
        )
        return views.said(views.decided(decided))

    @on(Action.RETIRE_ACCOUNTS)
    def retire(self, pressed: Pressed, windows: Windows) -> None:
        """The button that deletes passwords: asks first."""
        windows.here().show(lambda: views.retire(self.pools.status_of(pressed.user_id, pressed.value)))

    @submitted(Callback.RETIRE_ACCOUNTS)
    def retired(self, sent: Sent) -> View:
        """The confirmed deletion."""
        number = self.pools.retire(sent.user_id, sent.contest_id)
        return views.pool_retired(number)
