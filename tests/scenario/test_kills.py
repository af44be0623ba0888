"""Killing the bot, or a child of it, at the worst moments loses nothing and doubles nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import psutil

from tests.makers.pieces import melody
from tests.makers.stage import CHANNEL, eventually

if TYPE_CHECKING:
    from tests.makers.stage import Theatre


def texts(messages: list[dict[str, Any]]) -> list[str]:
    """What each message says first."""
    return [message["text"].partition("\n")[0] for message in messages]


def answers(stage: Theatre, message: dict[str, Any]) -> tuple[int, int, int]:
    """How many receipts, cards and verdicts an upload of Ada's has got."""
    thread = texts(stage.thread(CHANNEL, message["ts"]))
    verdicts = [text for text in texts(stage.slack.all_messages(stage.ada.open_dm())) if "AI judge" in text]
    return sum("Got it" in text for text in thread), sum("🎼" in text for text in thread), len(verdicts)


def all_there_once(stage: Theatre, message: dict[str, Any]) -> None:
    """One receipt, one card, one verdict, and no more after another upload has been through."""
    eventually(lambda: answers(stage, message) >= (1, 1, 1), 40, "receipt, card and verdict")
    stage.submit(stage.ben, melody(9), "later.mid")
    assert (1, 1, 1) == answers(stage, message)


def test_killed_between_download_and_verdict(theatre: Theatre) -> None:
    """The file has been fetched, nothing is judged yet: SIGKILL."""
    message = theatre.ada.upload(CHANNEL, "dawn.mid", melody(1))
    theatre.slack.wait_for_log(lambda entry: entry["kind"] == "download", 20)
    theatre.bot.kill()
    assert answers(theatre, message)[1:] == (0, 0)
    theatre.restart()
    all_there_once(theatre, message)


def test_a_child_killed_between_download_and_verdict(theatre: Theatre) -> None:
    """Only the process that opens the file dies."""
    message = theatre.ada.upload(CHANNEL, "dawn.mid", melody(1))
    theatre.slack.wait_for_log(lambda entry: entry["kind"] == "download", 20)
    assert theatre.bot.process is not None
    parent = psutil.Process(theatre.bot.process.pid)

    def children() -> list[psutil.Process]:
        return [child for child in parent.children() if "spawn_main" in " ".join(child.cmdline())]

    for child in eventually(children, 10, "a child"):
        child.kill()
    all_there_once(theatre, message)


def test_killed_between_commit_and_post(theatre: Theatre) -> None:
    """The receipt is committed and on its way; Slack has not taken it: SIGKILL."""
    theatre.slack.fault(method="chat.postMessage", mode="hold_before", times=1, match="Got it")
    message = theatre.ada.upload(CHANNEL, "dawn.mid", melody(1))
    theatre.slack.wait_for_log(lambda entry: entry["name"] == "chat.postMessage" and entry["state"] == "held", 20)
    theatre.bot.kill()
    theatre.slack.release()
    theatre.restart()
    all_there_once(theatre, message)


def test_killed_between_slacks_answer_and_our_commit(theatre: Theatre) -> None:
    """Slack has posted the receipt, and its answer never arrives: SIGKILL."""
    theatre.slack.fault(method="chat.postMessage", mode="hold_after", times=1, match="Got it")
    message = theatre.ada.upload(CHANNEL, "dawn.mid", melody(1))
    eventually(lambda: answers(theatre, message)[0] == 1, 20, "the receipt")
    theatre.bot.kill()
    theatre.slack.release()
    theatre.restart()
    all_there_once(theatre, message)


def test_killed_between_a_shared_file_and_our_commit(theatre: Theatre) -> None:
    """Slack has shared picture and sound, and its answer never arrives: SIGKILL. The card has no twin."""
    theatre.slack.fault(method="files.completeUploadExternal", mode="hold_after", times=1)
    message = theatre.ada.upload(CHANNEL, "dawn.mid", melody(1))
    eventually(lambda: answers(theatre, message)[1] == 1, 40, "the card")
    theatre.bot.kill()
    theatre.slack.release()
    theatre.restart()
    all_there_once(theatre, message)


def test_uploads_while_the_bot_is_away_wait_for_it(theatre: Theatre) -> None:
    """Killed first; uploaded meanwhile; started again."""
    theatre.bot.kill()
    message = theatre.ada.upload(CHANNEL, "dawn.mid", melody(1))
    theatre.restart()
    all_there_once(theatre, message)
