"""Listeners about the pool of accounts, for organizers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.usecases.accounts.poolrows import pasted_rows
from bot.usecases.accounts.pools import PoolPlace
from handlers.accounts import pool_views as views
from handlers.accounts import views as own_views
from handlers.commands import Sub
from handlers.ids import Action, Block, Callback, Turn
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
            return own_views.offer(self.accounts.offer(asked.user_id, asked.channel_id))
        return views.status(pool)

    @on(Turn.POOL_PAGE)
    def turn(self, pressed: Pressed, windows: Windows) -> None:
        """Another page of what is to be decided."""
        contest_id, page = pressed.pair
        windows.here().show(lambda: views.status(self.pools.status_of(pressed.user_id, contest_id), int(page)))

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
            window.show(lambda: views.status(self.pools.status_of(pressed.user_id, decided.contest_id)))
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
        return views.retired(number)
