"""Scopes, events and commands count as the manifest has them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.sandbox.client import Sandbox
from bot.sandbox.manifest import Manifest
from bot.sandbox.server import SandboxServer
from bot.sandbox.shapes import SlackError
from bot.sandbox.waiting import SandboxError

if TYPE_CHECKING:
    from pathlib import Path

MANIFEST: dict[str, Any] = {
    "features": {"slash_commands": [{"command": "/contest", "description": "Contests", "should_escape": False}]},
    "oauth_config": {"scopes": {"bot": ["chat:write", "im:history"]}},
    "settings": {"event_subscriptions": {"bot_events": ["message.im", "file_shared"]}},
}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    file = tmp_path / "manifest.json"
    file.write_text(json.dumps(MANIFEST), encoding="utf-8")
    return file


def test_scopes(path: Path) -> None:
    """A method without its scope answers missing_scope with what is needed and what is there."""
    with SandboxServer(manifest=path) as server:
        web = WebClient(token=server.bot_token, base_url=server.api_url)
        posted = web.chat_postMessage(channel="C0COMPOSERS", text="allowed")
        with pytest.raises(SlackApiError) as failure:
            web.users_info(user="U0ADA")

    answer = failure.value.response
    assert posted["ok"]
    assert (answer["error"], answer["needed"], answer["provided"]) == (
        "missing_scope",
        "users:read",
        "chat:write,im:history",
    )


@pytest.mark.parametrize(
    ("event", "wanted"),
    [
        ({"type": "message", "channel_type": "im"}, True),
        ({"type": "message", "channel_type": "channel"}, False),
        ({"type": "file_shared"}, True),
        ({"type": "app_home_opened"}, False),
    ],
)
def test_subscriptions(event: dict[str, Any], wanted: bool, path: Path) -> None:
    """Only what the manifest subscribes to is delivered; message events by the kind of their channel."""
    assert wanted == Manifest.read(path).subscribed(event)


@pytest.mark.parametrize(("kind", "wanted"), [("message", True), ("app_mention", True), ("file_shared", False)])
def test_without_a_manifest(kind: str, wanted: bool) -> None:
    """Without a manifest the common events are delivered, and no scope is asked for."""
    manifest = Manifest.read(None)
    manifest.demand("users.list", {})
    assert wanted == manifest.subscribed({"type": kind, "channel_type": "channel"})


def test_scope_of_direct_messages(path: Path) -> None:
    """History of a DM needs im:history, that of a channel channels:history."""
    manifest = Manifest.read(path)
    manifest.demand("conversations.history", {"channel": "D0000001"})
    with pytest.raises(SlackError, match="missing_scope"):
        manifest.demand("conversations.history", {"channel": "C0COMPOSERS"})


def test_commands(path: Path) -> None:
    """The page lists the manifest's commands, and another is none."""
    with SandboxServer(manifest=path) as server, Sandbox(server.base_url) as sandbox:
        commands = [one["command"] for one in sandbox.state("ada")["commands"]]
        with pytest.raises(SandboxError, match="/kantor is not a valid command"):
            sandbox.person("ada").command("C0COMPOSERS", "/kantor help")

    assert commands == ["/contest"]
