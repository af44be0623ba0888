"""Shortcuts, of the workspace and of a message, over the real socket."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from bot.sandbox.client import SandboxError
from bot.sandbox.server import SandboxServer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

    from slack_bolt import Ack, App, Respond
    from slack_sdk import WebClient

    from bot.sandbox.client import Sandbox

    Connect = Callable[[App], AbstractContextManager[None]]

ROOM = "C0COMPOSERS"
VIEW = {"type": "modal", "title": {"type": "plain_text", "text": "Here"}, "blocks": []}
SHORTCUTS = [
    {"name": "Start", "type": "global", "callback_id": "start", "description": "Starts"},
    {"name": "Take", "type": "message", "callback_id": "take", "description": "Takes a message"},
]


@pytest.fixture
def server(tmp_path: Path) -> Iterator[SandboxServer]:
    path = tmp_path / "manifest.json"
    scopes = {"bot": ["commands", "chat:write"]}
    manifest = {"features": {"shortcuts": SHORTCUTS}, "oauth_config": {"scopes": scopes}}
    path.write_text(json.dumps(manifest), encoding="utf-8")
    with SandboxServer(manifest=path) as running:
        yield running


def test_a_global_shortcut_opens_a_modal(app: App, sandbox: Sandbox, connected: Connect) -> None:
    """It has who and a trigger, and no channel to answer in."""
    seen: list[dict[str, Any]] = []

    @app.global_shortcut("start")
    def start(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        seen.append(body)
        client.views_open(trigger_id=body["trigger_id"], view=VIEW)
        ack()

    with connected(app):
        ada = sandbox.person("ada")
        ada.shortcut("start")
        ada.wait_for_view("Here")

    assert (seen[0]["type"], seen[0]["user"]["id"], seen[0]["callback_id"]) == ("shortcut", "U0ADA", "start")
    assert {"channel", "response_url", "message"}.isdisjoint(seen[0])


def test_a_shortcut_on_a_message(app: App, sandbox: Sandbox, connected: Connect) -> None:
    """It has the message and its channel; an answer at its address is seen by its person alone."""
    seen: list[dict[str, Any]] = []

    @app.message_shortcut("take")
    def take(ack: Ack, body: dict[str, Any], respond: Respond) -> None:
        ack()
        seen.append(body)
        respond("Taken.")

    with connected(app):
        ada, ben = sandbox.person("ada"), sandbox.person("ben")
        message = ben.say(ROOM, "mine")
        ada.shortcut_on(message, ROOM, "take")
        ada.wait_for_ephemeral(ROOM, "Taken.")

    told = seen[0]
    assert (told["type"], told["message_ts"], told["channel"]["id"]) == ("message_action", message["ts"], ROOM)
    assert (told["message"]["text"], told["message"]["user"], told["user"]["id"]) == ("mine", "U0BEN", "U0ADA")
    assert ben.ephemerals(ROOM) == []


def test_only_the_manifests_shortcuts(sandbox: Sandbox) -> None:
    """The page offers what the manifest has; another one, or one of the other kind, is none."""
    ada = sandbox.person("ada")
    message = ada.say(ROOM, "mine")
    with pytest.raises(SandboxError, match="no such shortcut"):
        ada.shortcut("take")
    with pytest.raises(SandboxError, match="no such shortcut"):
        ada.shortcut_on(message, ROOM, "start")
    assert ada.state()["shortcuts"] == SHORTCUTS
