"""Buttons that stand in several places."""

from __future__ import annotations

from handlers.ids import Action
from handlers.views import blocks as b


def rate_button(submission_id: str, text: str) -> b.Block:
    """The button that opens the rating modal of a composition."""
    return b.button(text, Action.RATE, submission_id, primary=True)


def account_button(channel_id: str, *, primary: bool = True) -> b.Block:
    """The button that opens the account modal of the contest of that channel."""
    return b.button("Get my account", Action.OPEN_ACCOUNT, channel_id, primary=primary)
