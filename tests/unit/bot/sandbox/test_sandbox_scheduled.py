"""Messages that are sent later, and what people and the app do with messages that are there: react, edit."""

from __future__ import annotations

import queue
from typing import TYPE_CHECKING, Any

import pytest
from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.sandbox.client import Sandbox, SandboxError
from bot.sandbox.server import SandboxServer
from handlers.slack.clients import hang_up
from tests.makers.stage import eventually

if TYPE_CHECKING:
    from pathlib import Path

ROOM = "C0COMPOSERS"


@pytest.fixture
def client(server: SandboxServer, sandbox: Sandbox) -> WebClient:
    """The app's client, in a fresh workspace."""
    sandbox.reset()
    return WebClient(token=server.bot_token, base_url=server.api_url)


def texts(sandbox: Sandbox) -> list[str]:
    """What the app has said in the channel."""
    return [one["text"] for one in sandbox.all_messages(ROOM) if one["user"] == "U0KANTOR"]


def soon(sandbox: Sandbox, seconds: float) -> int:
    """A time to come, by the sandbox's clock."""
    return int(sandbox.advance(0) + seconds)


def refused(error: str, call: Any, **args: Any) -> None:
    """The call is refused with that word."""
    with pytest.raises(SlackApiError) as refusal:
        call(channel=ROOM, **args)
    assert error == refusal.value.response["error"]


def test_a_message_goes_out_when_its_time_comes(client: WebClient, sandbox: Sandbox) -> None:
    """Not before; until then it is listed."""
    at = soon(sandbox, 3600)
    made = client.chat_scheduleMessage(channel=ROOM, post_at=at, text="Later")
    assert (made["post_at"], made["message"]["text"]) == (at, "Later")
    (waiting,) = client.chat_scheduledMessages_list(channel=ROOM)["scheduled_messages"]
    assert (made["scheduled_message_id"], at, "Later") == tuple(waiting[key] for key in ("id", "post_at", "text"))
    assert [] == texts(sandbox)
    sandbox.advance(3601)
    eventually(lambda: texts(sandbox) == ["Later"], "the message")
    assert [] == client.chat_scheduledMessages_list()["scheduled_messages"]


def test_a_message_that_was_taken_back_never_goes_out(client: WebClient, sandbox: Sandbox) -> None:
    """Within its last minute it can no longer be taken back."""
    first, last = (
        client.chat_scheduleMessage(channel=ROOM, post_at=soon(sandbox, seconds), text=text)["scheduled_message_id"]
        for seconds, text in ((3600, "no"), (30, "yes"))
    )
    client.chat_deleteScheduledMessage(channel=ROOM, scheduled_message_id=first)
    refused("invalid_scheduled_message_id", client.chat_deleteScheduledMessage, scheduled_message_id=first)
    refused("invalid_scheduled_message_id", client.chat_deleteScheduledMessage, scheduled_message_id=last)
    sandbox.advance(7200)
    eventually(lambda: texts(sandbox) == ["yes"], "the other message")


@pytest.mark.parametrize(("seconds", "error"), [(-10, "time_in_past"), (121 * 86_400, "time_too_far")])
def test_a_time_that_slack_does_not_take(client: WebClient, sandbox: Sandbox, seconds: int, error: str) -> None:
    """Past, or more than 120 days away."""
    refused(error, client.chat_scheduleMessage, post_at=soon(sandbox, seconds), text="x")


def test_a_scheduled_message_outlives_a_restart(tmp_path: Path) -> None:
    """It is in the sandbox's file."""
    file = tmp_path / "sandbox.db"
    with SandboxServer(file) as server, Sandbox(server.base_url) as sandbox:
        client = WebClient(token=server.bot_token, base_url=server.api_url)
        client.chat_scheduleMessage(channel=ROOM, post_at=soon(sandbox, 600), text="Later")
    with SandboxServer(file) as server, Sandbox(server.base_url) as sandbox:
        sandbox.advance(700)
        eventually(lambda: texts(sandbox) == ["Later"], "the message")


def test_the_app_hears_of_reactions_and_edits(server: SandboxServer, sandbox: Sandbox, client: WebClient) -> None:
    """As `reaction_added`, `reaction_removed` and `message_changed`; reactions.list has what somebody reacted to."""
    heard: queue.Queue[dict[str, Any]] = queue.Queue()

    def hear(event: dict[str, Any]) -> None:
        heard.put(event)

    app = App(client=WebClient(token=server.bot_token, base_url=server.api_url))
    for kind in ("reaction_added", "reaction_removed"):
        app.event(kind)(hear)
    app.event({"type": "message", "subtype": "message_changed"})(hear)
    handler = SocketModeHandler(app, server.app_token)
    handler.connect()  # type: ignore[no-untyped-call]  # Bolt leaves it untyped
    sandbox.wait_connected()
    ada, ben = sandbox.person("ada"), sandbox.person("ben")
    ada.say(ROOM, "one")
    message = ada.wait_for_message(ROOM, "one")
    ben.react(message, ROOM, "tada")
    assert heard.get(timeout=8) | {"event_ts": ""} == {
        "type": "reaction_added", "user": "U0BEN", "reaction": "tada", "item_user": "U0ADA", "event_ts": "",
        "item": {"type": "message", "channel": ROOM, "ts": message["ts"]},
    }  # fmt: skip
    (item,) = client.reactions_list(user="U0BEN")["items"]
    assert (ROOM, "one", ["U0BEN"]) == (
        item["channel"], item["message"]["text"], item["message"]["reactions"][0]["users"],
    )  # fmt: skip
    assert [] == client.reactions_list()["items"]
    ben.unreact(message, ROOM, "tada")
    assert "reaction_removed" == heard.get(timeout=8)["type"]
    ada.edit(message, ROOM, "two")
    changed = heard.get(timeout=8)
    assert ("two", "one", "U0ADA") == (
        changed["message"]["text"], changed["previous_message"]["text"], changed["message"]["edited"]["user"],
    )  # fmt: skip
    hang_up(handler)


def test_people_edit_their_own_words_only(sandbox: Sandbox, client: WebClient) -> None:
    """And react once with each emoji."""
    client.chat_postMessage(channel=ROOM, text="mine")
    ada = sandbox.person("ada")
    message = ada.wait_for_message(ROOM, "mine")
    with pytest.raises(SandboxError, match="cant_update_message"):
        ada.edit(message, ROOM, "yours")
    ada.react(message, ROOM, "+1")
    for wrong, error in ((ada.react, "already_reacted"), (sandbox.person("ben").unreact, "no_reaction")):
        with pytest.raises(SandboxError, match=error):
            wrong(message, ROOM, "+1")
