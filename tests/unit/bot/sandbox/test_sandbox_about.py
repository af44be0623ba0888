"""Who is who: the app by its manifest's name, the workspace, people by address; reactions; scopes beside each answer."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.sandbox.manifest import Manifest, ManifestError
from bot.sandbox.server import SandboxServer

if TYPE_CHECKING:
    from pathlib import Path

ROOM = "C0COMPOSERS"


def test_who_is_who(web: WebClient) -> None:
    """The bot, the workspace and a person by address; nobody else."""
    assert web.bots_info(bot="B0KANTOR")["bot"]["user_id"] == "U0KANTOR"
    assert web.team_info()["team"]["id"] == "T0SANDBOX"
    assert web.users_lookupByEmail(email="Ada@example.com")["user"]["id"] == "U0ADA"
    for address in ("nobody@example.com", "dina@example.com"):
        with pytest.raises(SlackApiError, match="users_not_found"):
            web.users_lookupByEmail(email=address)


def test_reactions_come_and_go(web: WebClient) -> None:
    """The app's own emoji is there until it is taken away, once."""
    ts = web.chat_postMessage(channel=ROOM, text="x")["ts"]
    web.reactions_add(channel=ROOM, timestamp=ts, name="tada")
    there = web.reactions_get(channel=ROOM, timestamp=ts)["message"]["reactions"]
    web.reactions_remove(channel=ROOM, timestamp=ts, name="tada")

    assert there == [{"name": "tada", "users": ["U0KANTOR"], "count": 1}]
    assert web.reactions_get(channel=ROOM, timestamp=ts)["message"]["reactions"] == []
    with pytest.raises(SlackApiError, match="no_reaction"):
        web.reactions_remove(channel=ROOM, timestamp=ts, name="tada")


def test_a_topic(web: WebClient) -> None:
    """The channel has it, a line in the channel says so, and it may be as long as Slack has it."""
    answer = web.conversations_setTopic(channel=ROOM, topic="Eight bars")
    line = web.conversations_history(channel=ROOM, limit=1)["messages"][0]

    assert answer["channel"]["topic"]["value"] == "Eight bars"
    assert (line["subtype"], line["topic"]) == ("channel_topic", "Eight bars")
    with pytest.raises(SlackApiError, match="too_long"):
        web.conversations_setTopic(channel=ROOM, topic="x" * 251)


def test_an_apps_own_name_and_scopes(tmp_path: Path) -> None:
    """Its messages carry its name; each answer carries its scopes and the one that was asked for."""
    path = tmp_path / "manifest.json"
    told = {"display_information": {"name": "Choir"}, "oauth_config": {"scopes": {"bot": ["chat:write", "users:read"]}}}
    path.write_text(json.dumps(told), encoding="utf-8")
    with SandboxServer(manifest=path) as server:
        web = WebClient(token=server.bot_token, base_url=server.api_url)
        posted, bot = web.chat_postMessage(channel=ROOM, text="x"), web.bots_info()["bot"]

    assert (posted["message"]["bot_profile"]["name"], bot["name"]) == ("Choir", "Choir")
    assert posted.headers["x-oauth-scopes"] == "chat:write,users:read"
    assert posted.headers["x-accepted-oauth-scopes"] == "chat:write"


@pytest.mark.parametrize(("text", "sentence"), [("name: Choir", "is not JSON"), ("[]", "no JSON object")])
def test_a_manifest_that_is_none(text: str, sentence: str, tmp_path: Path) -> None:
    """YAML, a list or nothing at all is told in a sentence."""
    path = tmp_path / "manifest.yaml"
    with pytest.raises(ManifestError, match="cannot be read"):
        Manifest.read(path)
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ManifestError, match=sentence):
        Manifest.read(path)
