"""Scopes, events and commands count as the manifest has them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.sandbox.client import Sandbox, SandboxError
from bot.sandbox.manifest import Manifest
from bot.sandbox.server import SandboxServer
from bot.sandbox.shapes import SlackError

if TYPE_CHECKING:
    from pathlib import Path

MANIFEST: dict[str, Any] = {
    "features": {"slash_commands": [{"command": "/contest", "description": "Contests", "should_escape": False}]},
    "oauth_config": {"scopes": {"bot": ["chat:write", "files:read", "im:history"]}},
    "settings": {"event_subscriptions": {"bot_events": ["message.im", "message.groups", "file_shared"]}},
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
        "chat:write,files:read,im:history",
    )


@pytest.mark.parametrize(
    ("event", "wanted"),
    [
        ({"type": "message", "channel_type": "im"}, True),
        ({"type": "message", "channel_type": "channel"}, False),
        ({"type": "message", "channel_type": "group"}, False),
        ({"type": "file_shared"}, True),
        ({"type": "app_home_opened"}, False),
    ],
)
def test_subscriptions(event: dict[str, Any], wanted: bool, path: Path) -> None:
    """Only what the manifest subscribes to, and has the scope for, is delivered; messages by the kind of their channel."""
    assert wanted == Manifest.read(path).subscribed(event)


@pytest.mark.parametrize(("kind", "wanted"), [("message", True), ("app_mention", True), ("file_shared", False)])
def test_without_a_manifest(kind: str, wanted: bool) -> None:
    """Without a manifest the common events are delivered, and no scope is asked for."""
    manifest = Manifest.read(None)
    manifest.demand("users.list", {})
    assert wanted == manifest.subscribed({"type": kind, "channel_type": "channel"})


@pytest.mark.parametrize(
    ("kind", "args", "needed"),
    [
        ("im", {}, None),
        ("channel", {}, "channels:history"),
        ("group", {}, "groups:history"),
    ],
)
def test_scopes_by_the_kind_of_conversation(kind: str, args: dict[str, Any], needed: str | None, path: Path) -> None:
    """History of a DM needs im:history, that of a channel channels:history, that of a private one groups:history."""
    manifest = Manifest.read(path)
    try:
        manifest.demand("conversations.history", args, kind)
        asked = None
    except SlackError as error:
        asked = error.fields["needed"]
    assert needed == asked


def test_scopes_of_the_listed_types(path: Path) -> None:
    """Listing private channels needs groups:read; people's addresses are shown to nobody without users:read.email."""
    grown = json.loads(path.read_text(encoding="utf-8"))
    grown["oauth_config"]["scopes"]["bot"] += ["channels:read", "users:read"]
    path.write_text(json.dumps(grown), encoding="utf-8")
    with SandboxServer(manifest=path) as server:
        web = WebClient(token=server.bot_token, base_url=server.api_url)
        listed = web.conversations_list(types="public_channel")
        with pytest.raises(SlackApiError, match="missing_scope") as failure:
            web.conversations_list(types="public_channel,private_channel")
        profile = web.users_info(user="U0ADA")["user"]["profile"]

    assert listed["ok"]
    assert failure.value.response["needed"] == "groups:read"
    assert "email" not in profile


def test_commands(path: Path) -> None:
    """The page lists the manifest's commands, and another is none."""
    with SandboxServer(manifest=path) as server, Sandbox(server.base_url) as sandbox:
        commands = [one["command"] for one in sandbox.state("ada")["commands"]]
        with pytest.raises(SandboxError, match="/kantor is not a valid command"):
            sandbox.person("ada").command("C0COMPOSERS", "/kantor help")

    assert commands == ["/contest"]
