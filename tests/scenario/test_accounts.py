"""Accounts: asked for in three ways, shown once, and never in a message."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tests.makers.stage import CHANNEL, Stage, eventually

if TYPE_CHECKING:
    from pathlib import Path

    from bot.sandbox.client import Person

SECRET = "pw-9x7-never-in-a-log"


def take(stage: Stage, who: Person) -> str:
    """``who`` accepts the terms in the open modal; all that the next window says."""
    answer = stage.fill_in(who, "claim_account", {"accepted_terms": ["accepted"]})
    assert answer["ok"], answer
    shown = json.dumps(who.wait_for_view("account")["blocks"])
    stage.close_all(who)
    return shown


def test_plain_words_in_the_direct_messages_lead_to_the_account(stage: Stage, tmp_path: Path) -> None:
    """The word gets a button; the button a modal with the terms; the modal the password."""
    stage.contest()
    stage.pool(tmp_path, [SECRET])
    dm = stage.ada.open_dm()
    stage.ada.say(dm, "hi, can I have an account please?")
    stage.ada.click(
        stage.ada.wait_for_message(dm, lambda message: "open_account" in json.dumps(message)), "open_account"
    )
    assert SECRET in take(stage, stage.ada)


def test_asked_again_the_password_is_not_shown_again(stage: Stage, tmp_path: Path) -> None:
    """Account and address again, the password only once; and the next person gets the next account."""
    stage.contest()
    stage.pool(tmp_path, [SECRET, "pw-second"])
    stage.ada.command(CHANNEL, "/kantor account")
    assert SECRET in take(stage, stage.ada)
    stage.ada.command(CHANNEL, "/kantor account")
    again = json.dumps(stage.ada.wait_for_view("already")["blocks"])
    assert SECRET not in again
    assert "https://a.example.com" in again
    stage.ben.command(CHANNEL, "/kantor account")
    assert "pw-second" in take(stage, stage.ben)


def test_the_home_button_leads_to_the_account(stage: Stage, tmp_path: Path) -> None:
    """The third way."""
    stage.contest()
    stage.pool(tmp_path, [SECRET])
    stage.ada.open_home()
    stage.ada.click(stage.ada.wait_for_home("Spring Jam"), "open_account")
    assert SECRET in take(stage, stage.ada)


def test_the_same_view_delivered_twice_shows_the_same_password(stage: Stage, tmp_path: Path) -> None:
    """Slack repeats what it thinks was lost: one account, and its password is still on the screen."""
    stage.contest()
    stage.pool(tmp_path, [SECRET, "pw-second"])
    stage.ada.command(CHANNEL, "/kantor account")
    stage.slack.fault(event="view_submission", mode="double", times=1)
    assert SECRET in take(stage, stage.ada)

    def claims() -> list[str]:
        with stage.database.store.read() as work:
            contest = work.contests.newest_first()[0]
            return [row.action for row in work.audit.of_contest(contest.id) if row.action.startswith("account.")]

    assert ["account.claimed", "account.revealed"] == eventually(
        lambda: found if len(found := claims()) > 1 else None, "the second delivery"
    )
    stage.ben.command(CHANNEL, "/kantor account")
    assert "pw-second" in take(stage, stage.ben)


def test_without_a_pool_no_account_is_promised(stage: Stage) -> None:
    """Nobody brought accounts: Ada reads so by both ways, and gets no button."""
    stage.contest()
    dm = stage.ada.open_dm()
    stage.ada.say(dm, "account please")
    assert "open_account" not in json.dumps(stage.ada.wait_for_message(dm, "has no accounts"))
    stage.ada.command(CHANNEL, "/kantor account")
    stage.ada.wait_for_view(lambda view: "has no accounts" in json.dumps(view["blocks"]))


def test_an_empty_pool_offers_the_line_and_alarms_the_organizers(stage: Stage, tmp_path: Path) -> None:
    """Ada's window, opened while one was left, turns into the line; Olive, and Jack of the settings, get a message that names her."""
    stage.contest()
    stage.pool(tmp_path, [SECRET])
    stage.ada.command(CHANNEL, "/kantor account")
    view = stage.ada.wait_for_view(lambda view: view["callback_id"] == "claim_account")
    stage.ben.command(CHANNEL, "/kantor account")
    take(stage, stage.ben)
    assert stage.ada.submit(view, {"accepted_terms": ["accepted"]})["ok"]
    alarm = stage.olive.wait_for_message(stage.olive.open_dm(), "no account left")
    assert "<@U0ADA>" in alarm["text"]
    stage.jack.wait_for_message(stage.jack.open_dm(), "no account left")
    stage.ada.wait_for_view(lambda view: view["callback_id"] == "wait_for_account")


def test_somebody_outside_the_channel_is_told_to_join(stage: Stage, tmp_path: Path) -> None:
    """Gus the guest is not in the contest's channel: no account by command, and no button by plain words."""
    stage.contest()
    stage.pool(tmp_path, [SECRET])
    dm = stage.gus.open_dm()
    stage.gus.say(dm, "account please")
    assert "join that channel first" in stage.gus.wait_for_message(dm, "join that channel")["text"]
    stage.gus.command(dm, "/kantor account")
    eventually(lambda: "join that channel" in json.dumps([stage.gus.views(), stage.gus.ephemerals(dm)]), "the reason")
    assert SECRET not in json.dumps([stage.gus.views(), stage.gus.ephemerals(dm), stage.gus.messages(dm)])
    assert "open_account" not in json.dumps(stage.gus.messages(dm))


def test_a_password_is_in_no_message_no_file_and_no_log_of_calls(stage: Stage, tmp_path: Path) -> None:
    """After it was shown: not in Slack's history, our database or the bytes of any file of ours."""
    stage.contest()
    stage.pool(tmp_path, [SECRET])
    (tmp_path / "pool.csv").unlink()
    stage.ada.command(CHANNEL, "/kantor account")
    assert SECRET in take(stage, stage.ada)
    messages = [stage.slack.all_messages(channel) for channel in (CHANNEL, stage.ada.open_dm(), stage.olive.open_dm())]
    assert SECRET not in json.dumps(messages)
    stored = [path for path in stage.settings.data_folder.rglob("*") if path.is_file()]
    assert "secret.key" in {path.name for path in stored}
    assert [] == [path.name for path in stored if SECRET.encode() in path.read_bytes()]
