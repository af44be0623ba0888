"""Listeners about lab accounts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from handlers import payloads
from handlers.views import accounts as views
from handlers.windows import open_window

if TYPE_CHECKING:
    from slack_bolt import Ack, BoltContext
    from slack_sdk import WebClient

    from bot.usecases.accounts import Accounts
    from handlers.payloads import Payload


@dataclass(frozen=True)
class AccountListeners:
    """Offer an account, and hand it out."""

    accounts: Accounts

    def offer(self, command: Payload, client: WebClient, context: BoltContext) -> None:
        """``/kantor account``."""
        asked = payloads.asked(command)
        window = open_window(client, context, asked.trigger_id, views.TITLE)
        window.show(views.offer(self.accounts.offer(asked.user_id, asked.channel_id)))

    def offer_by_button(self, body: Payload, client: WebClient, context: BoltContext) -> None:
        """The button on the Home tab, and in the answer to the word "account"."""
        pressed = payloads.pressed(body)
        window = open_window(client, context, pressed.trigger_id, views.TITLE)
        window.show(views.offer(self.accounts.offer(pressed.user_id, pressed.about)))

    def claim(self, ack: Ack, body: Payload) -> None:
        """The accepted terms: the account, with its password, goes back in the acknowledgement and nowhere else."""
        ack(response_action="update", view=views.credentials(self.accounts.claim(payloads.claim(body))))
