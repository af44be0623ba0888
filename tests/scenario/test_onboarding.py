"""Newcomers: a checklist that ticks itself, in one message."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.makers.pieces import melody
from tests.makers.stage import CHANNEL, Stage, eventually

if TYPE_CHECKING:
    from bot.sandbox.client import Person


def checklists(stage: Stage, who: Person) -> list[dict[str, Any]]:
    """The person's checklists, as they read now."""
    return [message for message in stage.slack.all_messages(who.open_dm()) if "These are the steps" in message["text"]]


def test_who_joins_gets_a_checklist_that_ticks_itself(stage: Stage) -> None:
    """Ada joins: one message in her DM, which says by the end that she has uploaded and heard the AI judge. Nobody else gets one."""
    stage.ada.leave(CHANNEL)
    stage.contest()
    stage.ada.join(CHANNEL)
    stage.ada.wait_for_message(stage.ada.open_dm(), "Welcome to *Spring Jam*")
    (first,) = checklists(stage, stage.ada)
    assert "*Upload* it: drop the MIDI file in <#C0COMPOSERS>" in first["text"]
    stage.ada.leave(CHANNEL)
    stage.ada.join(CHANNEL)
    stage.submit(stage.ada, melody(1), "Morning Tide.mid")

    def ticked() -> bool:
        (now,) = checklists(stage, stage.ada)
        said = now["text"] + str(now["blocks"])
        same = bool(now["ts"] == first["ts"])
        return same and 2 == said.count("Uploaded: *Morning Tide* is in.") == said.count("told you")

    eventually(ticked, "the ticks")
    for other in (stage.ben, stage.judy, stage.olive):
        assert [] == checklists(stage, other)


def test_who_was_there_before_gets_it_when_they_look(stage: Stage) -> None:
    """Ben opens his Home tab; a deleted checklist is let go without noise, and what comes after it arrives."""
    stage.contest()
    stage.ben.open_home()
    stage.ben.wait_for_message(stage.ben.open_dm(), "Welcome to *Spring Jam*")
    (sent,) = checklists(stage, stage.ben)
    bot = stage.database.app.client
    bot.chat_delete(channel=stage.ben.open_dm(), ts=sent["ts"])
    stage.submit(stage.ben, melody(2))
    stage.ben.wait_for_message(stage.ben.open_dm(), "out of 100")

    def settled() -> bool:
        with stage.database.store.read() as work:
            return (work.outbox.waiting(), work.outbox.failed()) == (0, 0)

    eventually(settled, "an empty outbox")
