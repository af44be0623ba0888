"""What other people's apps ask of the sandbox: names as links, and a person who uses all that an app offers."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient

from bot.sandbox.client import Sandbox
from bot.sandbox.server import SandboxServer
from handlers.slack.clients import hang_up
from tests.peers.check import APPS
from tests.peers.modals import PATIENCE, uses_everything

if TYPE_CHECKING:
    from pathlib import Path

    from slack_bolt import Ack

ROOM = "C0COMPOSERS"


@pytest.mark.parametrize(("asked", "text"), [
    ({"link_names": True}, "Hello <@U0ADA> in <#C0GENERAL>, and @nobody &amp; <@U0BEN>"),
    ({"link_names": False, "as_user": True}, "Hello @ada in #general, and @nobody &amp; <@U0BEN>"),
])  # fmt: skip
def test_names_become_links_where_an_app_asks_for_it(
    server: SandboxServer, sandbox: Sandbox, asked: dict[str, Any], text: str
) -> None:
    """As errbot does with each message; the message is by the app's own user, which `as_user` asks for."""
    sandbox.reset()
    client = WebClient(token=server.bot_token, base_url=server.api_url)
    said = "Hello @ada in #general, and @nobody &amp; <@U0BEN>"
    posted = client.chat_postMessage(channel=ROOM, text=said, **asked)
    assert (text, "U0KANTOR") == (posted["message"]["text"], posted["message"]["user"])


def _modal(*blocks: dict[str, Any]) -> dict[str, Any]:
    plain = {"type": "plain_text", "text": "Ask"}
    inputs = [{"type": "input", "block_id": f"b{at}", "label": plain, "element": one} for at, one in enumerate(blocks)]
    return {"type": "modal", "callback_id": "asked", "title": plain, "submit": plain, "blocks": inputs}


@pytest.mark.parametrize(("opens", "wrong"), [(True, []), (False, ["no command and no shortcut opened a modal"])])
def test_a_person_fills_in_and_submits_what_an_app_opens(tmp_path: Path, opens: bool, wrong: list[str]) -> None:
    """By command and by both kinds of shortcuts; an app that opens nothing is told of."""
    told = json.loads((APPS / "manifest.json").read_text(encoding="utf-8"))
    entry = {"name": "Ask about it", "type": "message", "callback_id": "about", "description": "Ask"}
    told["features"]["shortcuts"].append(entry)
    manifest = tmp_path / "manifest.json"
    manifest.write_text(json.dumps(told), encoding="utf-8")
    submitted: list[dict[str, Any]] = []
    option = {"text": {"type": "plain_text", "text": "One"}, "value": "one"}
    elements: list[dict[str, Any]] = [
        {"type": "plain_text_input", "action_id": "a"},
        {"type": "checkboxes", "action_id": "a", "options": [option]},
        {"type": "static_select", "action_id": "a", "options": [option]},
        {"type": "datepicker", "action_id": "a"},
    ]
    with SandboxServer(manifest=manifest) as server, Sandbox(server.base_url) as sandbox:
        app = App(client=WebClient(token=server.bot_token, base_url=server.api_url))

        def ask(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
            ack()
            if opens:
                client.views_open(trigger_id=body["trigger_id"], view=_modal(*elements))

        @app.view("asked")
        def asked(ack: Ack, view: dict[str, Any]) -> None:
            submitted.append(view["state"]["values"])
            ack()

        app.command("/ask")(ask)
        app.shortcut("ask")(ask)
        app.shortcut("about")(ask)
        app.event("message")(lambda: None)
        handler = SocketModeHandler(app, server.app_token)
        handler.connect()  # type: ignore[no-untyped-call]  # Bolt leaves it untyped
        sandbox.wait_connected()
        assert wrong == uses_everything(sandbox, manifest, PATIENCE if opens else 0.1)
        hang_up(handler)
    assert (3 if opens else 0) == len(submitted)
    assert all(values["b0"]["a"]["value"] == "Words" for values in submitted)
