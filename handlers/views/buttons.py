"""Buttons that stand in several places."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handlers.ids import Action
from handlers.views import blocks as b
from handlers.views import words

if TYPE_CHECKING:
    from bot.rules.phases import Phase


def rate_button(submission_id: str, round_: str, text: str, *, primary: bool = True) -> b.Block:
    """The button that opens the rating modal of a composition, in that round (``bot.rules.phases.Round``) and in no other."""
    return b.button(text, Action.RATE, f"{submission_id}:{round_}", primary=primary)


def account_button(channel_id: str, *, primary: bool = True) -> b.Block:
    """The button that opens the account modal of the contest of that channel."""
    return b.button("Get my account", Action.OPEN_ACCOUNT, channel_id, primary=primary)


def new_contest_button(*, primary: bool = False) -> b.Block:
    """The button that opens the window of a new contest."""
    return b.button("Create a contest", Action.NEW_CONTEST, primary=primary)


def starter_button(text: str = "Open the starter kit") -> b.Block:
    """The button that opens the starter kit."""
    return b.button(text, Action.STARTER)


def submit_button(channel_id: str = "", text: str = "Hand in a composition") -> b.Block:
    """The button that opens the window in which a composition is handed in; the contest of that channel is chosen first."""
    return b.button(text, Action.SUBMIT, channel_id, primary=True)


def mine_button(text: str = "See my compositions") -> b.Block:
    """The button that opens the list of one's own compositions, where they are replaced and withdrawn."""
    return b.button(text, Action.SHOW_MINE)


def accept_late_button(submission_id: str) -> b.Block:
    """The button that lets a late file in."""
    return b.button("Let it in", Action.ACCEPT_LATE, submission_id)


def decline_late_button(submission_id: str) -> b.Block:
    """The button that opens the window in which a late file is declined."""
    return b.button("Decline ...", Action.DECLINE_LATE, submission_id)


def board_button(channel_id: str) -> b.Block:
    """The button that opens the leaderboard of the contest of that channel."""
    return b.button("See the leaderboard", Action.SHOW_BOARD, channel_id)


def status_button(channel_id: str) -> b.Block:
    """The button that opens how the contest of that channel stands."""
    return b.button("See the status", Action.SHOW_STATUS, channel_id)


def phase_button(phase: Phase, channel_id: str, *, primary: bool = False) -> b.Block:
    """The button that opens what the phase after ``phase`` brings."""
    return b.button(words.NEXT_PHASE_BUTTON[phase], Action.PREVIEW_PHASE, channel_id, primary=primary)


def why_button(submission_id: str) -> b.Block:
    """The button that opens the reasons of a composition's score."""
    return b.button("Why this score", Action.WHY_SCORE, submission_id)
