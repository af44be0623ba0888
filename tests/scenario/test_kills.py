"""Killing the bot, or a child of it, at the worst moments loses nothing and doubles nothing."""

from __future__ import annotations

import json
from collections import Counter
from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import psutil
import pytest
from sqlalchemy import text

from bot.wiring import database_url
from tests.makers.databases import looked_at
from tests.makers.pieces import melody
from tests.makers.stage import CHANNEL, Theatre, eventually

if TYPE_CHECKING:
    from pathlib import Path

    from bot.sandbox.client import Person


def texts(messages: list[dict[str, Any]]) -> list[str]:
    """What each message says first."""
    return [message["text"].partition("\n")[0] for message in messages]


def answers(stage: Theatre, message: dict[str, Any]) -> tuple[int, int, int]:
    """How many receipts, cards and verdicts an upload of Ada's has got."""
    thread = texts(stage.thread(CHANNEL, message["ts"]))
    verdicts = [text for text in texts(stage.slack.all_messages(stage.ada.open_dm())) if "AI judge gives" in text]
    return sum("Got it" in text for text in thread), sum("🎼" in text for text in thread), len(verdicts)


def all_there_once(stage: Theatre, message: dict[str, Any]) -> None:
    """One receipt, one card, one verdict, and no more after another upload has been through."""
    eventually(lambda: answers(stage, message) >= (1, 1, 1), "receipt, card and verdict")
    stage.submit(stage.ben, melody(9), "later.mid")
    assert (1, 1, 1) == answers(stage, message)


def test_killed_between_download_and_verdict(theatre: Theatre) -> None:
    """The file has been fetched, nothing is judged yet: SIGKILL."""
    message = theatre.ada.upload(CHANNEL, "dawn.mid", melody(1))
    theatre.slack.wait_for_log(lambda entry: entry["kind"] == "download")
    theatre.bot.kill()
    assert answers(theatre, message)[1:] == (0, 0)
    theatre.restart()
    all_there_once(theatre, message)


def test_a_child_killed_between_download_and_verdict(theatre: Theatre) -> None:
    """Only the process that opens the file dies. It is caught at its start, and held until it is certain that it has said nothing."""
    assert theatre.hands.process is not None
    parent = psutil.Process(theatre.hands.process.pid)
    message = theatre.ada.upload(CHANNEL, "dawn.mid", melody(1))
    child = eventually(lambda: child_of(parent), "a child")
    assert child is not None
    child.suspend()
    assert answers(theatre, message)[1:] == (0, 0)
    theatre.slack.wait_for_log(lambda entry: entry["kind"] == "download")
    child.kill()
    all_there_once(theatre, message)


def child_of(parent: psutil.Process) -> psutil.Process | None:
    """The process that opens files, where it runs; its helpers come and go."""
    for child in parent.children():
        with suppress(psutil.NoSuchProcess):
            if "spawn_main" in " ".join(child.cmdline()):
                return child
    return None


def test_killed_between_commit_and_post(theatre: Theatre) -> None:
    """The receipt is committed and on its way; Slack has not taken it: SIGKILL."""
    theatre.slack.fault(method="chat.postMessage", mode="hold_before", times=1, match="Got it")
    message = theatre.ada.upload(CHANNEL, "dawn.mid", melody(1))
    theatre.slack.wait_for_log(lambda entry: entry["name"] == "chat.postMessage" and entry["state"] == "held")
    theatre.bot.kill()
    theatre.slack.release()
    theatre.restart()
    all_there_once(theatre, message)


def test_killed_between_slacks_answer_and_our_commit(theatre: Theatre) -> None:
    """Slack has posted the receipt, and its answer never arrives: SIGKILL."""
    theatre.slack.fault(method="chat.postMessage", mode="hold_after", times=1, match="Got it")
    message = theatre.ada.upload(CHANNEL, "dawn.mid", melody(1))
    eventually(lambda: answers(theatre, message)[0] == 1, "the receipt")
    theatre.bot.kill()
    theatre.slack.release()
    theatre.restart()
    all_there_once(theatre, message)


def test_killed_between_a_shared_file_and_our_commit(theatre: Theatre) -> None:
    """Slack has shared picture and sound, and its answer never arrives: SIGKILL. The card has no twin."""
    theatre.slack.fault(method="files.completeUploadExternal", mode="hold_after", times=1)
    message = theatre.ada.upload(CHANNEL, "dawn.mid", melody(1))
    eventually(lambda: answers(theatre, message)[1] == 1, "the card")
    theatre.bot.kill()
    theatre.slack.release()
    theatre.restart()
    all_there_once(theatre, message)


def test_uploads_while_the_bot_is_away_wait_for_it(theatre: Theatre) -> None:
    """Killed first; uploaded meanwhile; started again when Slack has long given up telling: the piece has the time of its message."""
    theatre.bot.kill()
    message = theatre.ada.upload(CHANNEL, "dawn.mid", melody(1))
    theatre.slack_gives_up(message)
    theatre.restart()
    all_there_once(theatre, message)
    when = datetime.fromtimestamp(float(message["ts"]), UTC)
    assert 1 == rows(theatre, f"SELECT count(*) FROM submission WHERE uploaded_at = '{when:%Y-%m-%d %H:%M:%S.%f}'")


def rows(stage: Theatre, question: str) -> int:
    """What a count in the bot's database says."""
    with looked_at(database_url(stage.settings)) as connection:
        return int(connection.scalar(text(question)) or 0)


def killed_before_its_ack(stage: Theatre, who: Person, callback_id: str, values: dict[str, Any]) -> dict[str, Any]:
    """``who`` submits a modal; the bot commits, Slack hears no ack, and it is killed and started again. The modal stays open."""
    view = who.wait_for_view(lambda view: callback_id == view["callback_id"])
    stage.slack.fault(event="view_submission", mode="hold_after", times=1)
    assert not who.submit(view, values)["ok"]
    stage.bot.kill()
    stage.slack.release()
    stage.restart()
    return view


def killed_before_its_post(stage: Theatre, words: str) -> str:
    """Once a message with these words is on its way, the bot is killed and started again; the message's arguments."""
    held = stage.slack.wait_for_log(lambda entry: entry["state"] == "held" and words in json.dumps(entry))
    stage.bot.kill()
    stage.slack.release()
    stage.restart()
    return json.dumps(held["args"])


def letters(stage: Theatre, *places: str) -> Counter[str]:
    """How often each of our letters is in these channels, by the key in its metadata."""
    messages = [message for place in places for message in stage.slack.all_messages(place)]
    found = [(message.get("metadata") or {}).get("event_payload", {}).get("key") for message in messages]
    return Counter(key for key in found if key)


def test_killed_between_the_commit_and_the_ack_of_a_claim(theatre: Theatre, tmp_path: Path) -> None:
    """The account is Ada's, once; submitting the same window again shows its password, which nobody else gets."""
    theatre.pool(tmp_path, ["pw-one", "pw-two"])
    theatre.ada.command(CHANNEL, "/kantor account")
    accepted = {"accepted_terms": ["accepted"]}
    view = killed_before_its_ack(theatre, theatre.ada, "claim_account", accepted)
    assert 1 == rows(theatre, "SELECT count(*) FROM account WHERE holder = 'U0ADA'")
    assert theatre.ada.submit(view, accepted)["ok"]
    theatre.ada.wait_for_view(lambda view: "pw-" in json.dumps(view))
    assert 1 == rows(theatre, "SELECT count(*) FROM account WHERE holder IS NOT NULL")


@pytest.mark.slow
def test_killed_at_each_step_of_the_judging(tmp_path: Path) -> None:
    """News of the phase, a rating, a board of the schedule: each is there once, and so is every letter."""
    with Theatre.opened(tmp_path) as stage:
        stage.contest(board_cron="* * * * *")
        for seed, who in enumerate((stage.ada, stage.ben), 1):
            stage.submit(who, melody(seed), f"piece{seed}.mid")
        dm, scores = stage.judy.open_dm(), {"originality": "4", "balance": "4", "emotional": "4"}

        stage.slack.fault(method="chat.postMessage", mode="hold_before", match="closed for compositions")
        stage.next_phase()
        killed_before_its_post(stage, "closed for compositions")

        stage.judy.click(stage.invitation(stage.judy, 1), "rate")
        view = killed_before_its_ack(stage, stage.judy, "rate", scores)
        assert 1 == rows(stage, "SELECT count(*) FROM rating")
        stage.judy.wait_for_message(dm, "You have rated")
        assert stage.judy.submit(view, scores)["ok"]
        assert 1 == rows(stage, "SELECT count(*) FROM rating")

        stage.slack.fault(method="chat.postMessage", mode="hold_before", match="Leaderboard of")
        # A board may have told of the first rating already, and comes again only where there is news.
        stage.close_all(stage.judy)
        stage.judy.click(stage.invitation(stage.judy, 2), "rate")
        assert stage.fill_in(stage.judy, "rate", scores)["ok"]
        held = killed_before_its_post(stage, "Leaderboard of")
        stage.next_phase()
        stage.ada.wait_for_message(CHANNEL, "Final leaderboard")

        seen = letters(stage, CHANNEL, dm)
        assert {} == {key: times for key, times in seen.items() if times > 1}
        assert 1 == sum(key in held for key in seen)
        assert 2 == sum(key.removeprefix("stands:").startswith("invite:U0JUDY:") for key in seen)
        assert 1 == sum(key.startswith("phase:") and key.endswith(":judging") for key in seen)
