"""A bot that stood still for longer than a lease (a laptop that slept) goes on without doubling what another has done since."""

from __future__ import annotations

import signal
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

from tests.makers.pieces import melody
from tests.makers.stage import CHANNEL, BotProcess, Theatre, eventually

if TYPE_CHECKING:
    from pathlib import Path


def put_to_sleep(stage: Theatre) -> bool:
    """Stop the bot's process where it stands; False, and it goes on, where it stood in the middle of a transaction."""
    assert stage.bot.process is not None
    stage.bot.process.send_signal(signal.SIGSTOP)
    try:
        with closing(sqlite3.connect(stage.settings.data_folder / "kantor.db", timeout=0)) as database:
            database.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError:
        stage.bot.process.send_signal(signal.SIGCONT)
        return False
    return True


def cards(stage: Theatre, ts: str) -> int:
    """How many cards there are below an upload."""
    return sum("🎼" in message["text"] for message in stage.thread(CHANNEL, ts))


def test_a_sleeper_does_not_share_what_another_has_shared(theatre: Theatre, tmp_path: Path) -> None:
    """One bot sleeps while it hands a card's picture over; another takes the card up; the first wakes. One card, not two."""
    theatre.slack.fault(method="files.getUploadURLExternal", mode="hold_before", times=1)
    message = theatre.ada.upload(CHANNEL, "dawn.mid", melody(1))
    theatre.slack.wait_for_log(
        lambda entry: entry["name"] == "files.getUploadURLExternal" and entry["state"] == "held", 40
    )
    eventually(lambda: put_to_sleep(theatre), 20, "a moment between two transactions")
    theatre.slack.release()
    other = BotProcess(theatre.settings, tmp_path / "other.log")
    other.start()
    eventually(lambda: cards(theatre, message["ts"]) == 1, 60, "the card from the other bot")

    assert theatre.bot.process is not None
    theatre.bot.process.send_signal(signal.SIGCONT)
    eventually(lambda: "another has taken the letter up" in theatre.log(), 40, "the first bot's word that it stopped")
    theatre.submit(theatre.ben, melody(9), "later.mid")

    assert (1, 0) == (cards(theatre, message["ts"]), other.stop())
