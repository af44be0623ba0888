"""Buttons that stand in several places."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handlers.commands import Sub
from handlers.ids import Action
from handlers.views import blocks as b
from handlers.views import text as words

if TYPE_CHECKING:
    from bot.rules.phases import Phase


def opening(sub: Sub, channel_id: str = "", text: str = "", *, primary: bool = False) -> b.Block:
    """The button that opens what the command opens, about the contest of that channel."""
    said = text or sub.row.label
    if sub.row.button is not None:
        return b.button(said, sub.row.button, channel_id, primary=primary)
    # Its id is its own, since several stand in a row.
    return b.button(said, f"{Action.HOME_MENU}:{sub}", f"{sub}:{channel_id}", primary=primary)


def row(channel_id: str, *subs: Sub) -> b.Block:
    """Several of them."""
    return b.actions(opening(each, channel_id) for each in subs)


def rules_file_button(channel_id: str) -> b.Block:
    """The button that sends the rules of judging as a file."""
    return opening(Sub.RULES_FILE, channel_id, "Get them as a file")


def rate_button(submission_id: str, round_: str, text: str, *, primary: bool = True) -> b.Block:
    """The button that opens the rating modal of a composition, in that round (``bot.rules.phases.Round``) and in no other."""
    return b.button(text, Action.RATE, f"{submission_id}:{round_}", primary=primary)


def fetching(order: str) -> tuple[b.Block, ...]:
    """The button that makes a link to a file; none where the file came along (``order`` is empty)."""
    return (b.actions([b.button("Get the file", Action.FETCH_FILE, order, primary=True)]),) if order else ()


def accept_late_button(submission_id: str) -> b.Block:
    """The button that lets a late file in."""
    return b.button("Let it in", Action.ACCEPT_LATE, submission_id)


def decline_late_button(submission_id: str) -> b.Block:
    """The button that opens the window in which a late file is declined."""
    return b.button("Decline ...", Action.DECLINE_LATE, submission_id)


def phase_button(phase: Phase, channel_id: str, *, primary: bool = False) -> b.Block:
    """The button that opens what the phase after ``phase`` brings."""
    return opening(Sub.PHASE_NEXT, channel_id, words.NEXT_PHASE_BUTTON[phase], primary=primary)


def why_button(submission_id: str) -> b.Block:
    """The button that opens the reasons of a composition's score."""
    return b.button("Why this score", Action.WHY_SCORE, submission_id)
