"""Each command of the table, typed by people who may and by people who may not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.sandbox.client import said
from handlers.commands import FOR_ORGANIZERS, Sub
from tests.makers.stage import CHANNEL, Stage, eventually

if TYPE_CHECKING:
    from bot.sandbox.client import Person

OPEN_TO_ALL = {Sub.JUDGES, Sub.ORGANIZERS, Sub.ACCOUNTS}
"""In the organizers' chapter of the help, though others may read the names, and get their own account."""


def answer(stage: Stage, who: Person, typed: str) -> str:
    """What ``/kantor ...`` brings, in a window or in a message for the person's eyes."""
    before = len(who.ephemerals(CHANNEL))
    who.command(CHANNEL, f"/kantor {typed}")

    def come() -> str:
        shown = [said(each) for each in (*who.ephemerals(CHANNEL)[before:], *who.views())]
        return "" if "One moment" in str(shown) else "".join(shown)

    words = eventually(come, what=f"an answer to {typed} for {who.id}")
    stage.close_all(who)
    return words


def test_whatever_can_be_typed_is_answered(stage: Stage) -> None:
    """In a running contest; what is for organizers is refused to a participant, in words."""
    stage.contest()
    for sub in Sub:
        words = answer(stage, stage.olive, sub)
        assert "went wrong" not in words, sub
    for sub in Sub:
        words = answer(stage, stage.ada, sub)
        assert "went wrong" not in words, sub
        if sub.row.who is FOR_ORGANIZERS and sub not in OPEN_TO_ALL:
            assert "✋" in words, sub
