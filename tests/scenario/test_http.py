"""The bot where Slack reaches it over signed HTTP; all other scenarios are played so by ``make check-http``."""

from __future__ import annotations

import json
import time
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import httpx
import pytest

from bot.sandbox.http_mode import signature
from bot.web.line import SETTLE_EVERY
from bot.web.readiness import WELL
from tests.makers.pieces import melody
from tests.makers.stage import CHANNEL, Stage, eventually

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bot.adapters.inspector import ProcessInspector

SCORES = {"originality": "4", "balance": "3", "emotional": "5"}


@pytest.fixture
def stage(tmp_path: Path, inspector: ProcessInspector) -> Iterator[Stage]:
    """Over HTTP."""
    with Stage.raised(tmp_path, inspector, http=True) as raised:
        yield raised


def knock(stage: Stage, body: str, kind: str, **headers: str) -> httpx.Response:
    """Signed with the app's secret, as Slack does."""
    stamp = str(int(time.time()))
    signed = {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": signature(stamp, body), "Content-Type": kind}
    address = f"http://{stage.settings.http_address}/slack/events"
    return httpx.post(address, content=body, headers=signed | headers, trust_env=False, timeout=30)


def told(stage: Stage, name: str) -> list[dict[str, Any]]:
    """What the workspace has told the bot of that name, and the bot has acknowledged."""
    lines = [line for line in stage.slack.log() if line["kind"] == "delivery" and line["name"] == name]
    return [line["args"]["payload"] for line in lines if line["state"] == "acked"]


def test_a_contest_from_the_first_command_to_the_last_board(stage: Stage) -> None:
    """Commands, windows, buttons, searches and events all come in at one address; no request failed."""
    stage.contest()
    stage.submit(stage.ada, melody(1), "dawn.mid")
    stage.submit(stage.ben, melody(2), "dusk.mid")
    stage.next_phase()
    stage.judy.click(stage.invitation(stage.judy), "rate")
    assert stage.fill_in(stage.judy, "rate", SCORES)["ok"]
    stage.close_all(stage.judy)
    stage.next_phase()
    stage.cleo.wait_for_message(CHANNEL, "Final leaderboard")
    deliveries = [line for line in stage.slack.log() if line["kind"] == "delivery"]
    assert {"url_verification", "message", "slash_command", "view_submission", "block_actions"} <= {
        line["name"] for line in deliveries
    }
    assert [] == [line for line in deliveries if line["state"] == "failed"]


def test_an_upload_that_is_told_four_times_is_one(stage: Stage) -> None:
    """Slack repeats what it has heard no answer to, with the number of the try; each is acknowledged."""
    stage.contest()
    message = stage.submit(stage.ada, melody(1), "dawn.mid")
    body = next(each for each in told(stage, "message") if each["event"].get("ts") == message["ts"])
    for number in ("1", "2", "3"):
        retry = {"X-Slack-Retry-Num": number, "X-Slack-Retry-Reason": "http_timeout"}
        assert 200 == knock(stage, json.dumps(body), "application/json", **retry).status_code
    with stage.database.store.read() as work:
        assert 1 == len(work.submissions.of_contest(work.contests.newest_first()[0].id))


def test_what_nobody_could_bring_us_is_read_within_the_hour(stage: Stage) -> None:
    """We served, but the way to us was cut, and Slack has given up: the file is taken as of its own time, and organizers read of it."""
    stage.contest()
    stage.slack.fault(mode="lose", event="message", times=100)
    message = stage.ada.upload(CHANNEL, "dawn.mid", melody(1))
    stage.slack_gives_up(message)
    stage.slack.release()
    stage.clock.shift += SETTLE_EVERY + timedelta(minutes=1)
    stage.database.line.look()
    eventually(lambda: stage.answered(CHANNEL, message["ts"]), "a card")
    stage.olive.wait_for_message(stage.olive.open_dm(), "took in 1 composition")


def test_a_word_that_bolt_stumbles_over_is_answered(stage: Stage) -> None:
    """``payload`` behind a command is a word like any other."""
    stage.ada.command(CHANNEL, "/kantor payload")
    stage.ada.wait_for_ephemeral(CHANNEL, "I did not understand that")


def test_the_bot_is_ready_while_it_serves_and_no_longer(stage: Stage) -> None:
    """As its balancer is told."""
    slack = stage.database.parts()["slack"]
    assert slack() is None
    stage.database.line.stop()
    assert slack() not in {None, WELL}


def test_a_command_of_somebody_else_is_refused(stage: Stage) -> None:
    """Whoever knows the address, and not the secret, changes nothing and reads nothing."""
    command = {"command": "/kantor", "text": "contest new", "user_id": "U0OLIVE", "channel_id": CHANNEL}
    body, kind = (
        urlencode(command | {"trigger_id": "1.2.3", "response_url": "http://127.0.0.1:9/"}),
        "application/x-www-form-urlencoded",
    )
    forged = {"X-Slack-Signature": signature(str(int(time.time())), body, "guessed")}
    assert 401 == knock(stage, body, kind, **forged).status_code
    assert [] == stage.olive.views()
