"""Hanging up: whoever is being served is served, nobody new is, and nothing is complained of."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import pytest
from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler

from bot.sandbox.client import Sandbox, SandboxError
from bot.sandbox.server import SandboxServer
from handlers.slack.clients import asking_client, hang_up

if TYPE_CHECKING:
    from collections.abc import Callable

CHANNEL = "C0COMPOSERS"
PATIENCE = 20.0


def app_of(server: SandboxServer, listener: Callable[..., None]) -> SocketModeHandler:
    """A Bolt app with one command."""
    app = App(client=asking_client(server.bot_token, server.api_url))
    app.command("/kantor")(listener)
    return SocketModeHandler(app, server.app_token)


def test_who_is_being_served_is_served_to_the_end(caplog: pytest.LogCaptureFixture) -> None:
    """A listener that acknowledges after the hanging-up has begun still does; the connection goes only then."""
    inside, leave = threading.Event(), threading.Event()

    def listener(ack: Any) -> None:
        inside.set()
        leave.wait(PATIENCE)
        ack("Here you are.")

    with SandboxServer() as server, Sandbox(server.base_url) as sandbox:
        handler = app_of(server, listener)
        handler.connect()  # type: ignore[no-untyped-call]  # Bolt has no annotations there
        sandbox.wait_connected()
        asking = threading.Thread(target=sandbox.person("ada").command, args=(CHANNEL, "/kantor help"))
        asking.start()
        assert inside.wait(PATIENCE)
        hanging_up = threading.Thread(target=hang_up, args=(handler,))
        hanging_up.start()
        while handler.client.socket_mode_request_listeners:
            hanging_up.join(0.01)
        leave.set()
        asking.join(PATIENCE)
        hanging_up.join(PATIENCE)
        states = [line["state"] for line in sandbox.log() if line["name"] == "slash_command"]
        connected = sandbox.state("ada")["bot"]["connected"]
    assert ["acked"] == states
    assert [False, False, False] == [asking.is_alive(), hanging_up.is_alive(), connected]
    assert [] == [record.getMessage() for record in caplog.records if record.levelname in {"ERROR", "CRITICAL"}]


def test_nobody_new_is_served(caplog: pytest.LogCaptureFixture) -> None:
    """What comes while we go is left for Slack to send again; the reader does not spin on the dead connection."""
    served: list[str] = []
    with SandboxServer() as server, Sandbox(server.base_url) as sandbox:
        handler = app_of(server, lambda ack: served.append("x"))
        handler.connect()  # type: ignore[no-untyped-call]  # Bolt has no annotations there
        sandbox.wait_connected()
        reader = handler.client.current_session_runner.thread
        hang_up(handler)
        assert not reader.is_alive()
        handler.client.enqueue_message('{"type": "slash_commands", "envelope_id": "E1", "payload": {}}')
        with pytest.raises(SandboxError):
            sandbox.person("ada").command(CHANNEL, "/kantor help")
    assert [] == served
    assert [] == [record.getMessage() for record in caplog.records if record.levelname in {"ERROR", "CRITICAL"}]
