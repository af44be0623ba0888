"""Files in modals, shares that come late or never, slow downloads."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from slack_sdk.errors import SlackApiError

from bot.sandbox.client import SandboxError, awaited

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from slack_bolt import Ack, App
    from slack_sdk import WebClient

    from bot.sandbox.client import Sandbox
    from bot.sandbox.server import SandboxServer

    Connect = Callable[[App], AbstractContextManager[None]]

ROOM = "C0COMPOSERS"
MIDI = b"MThd\x00\x00\x00\x06\x00\x00\x00\x01\x00\x60"
TEXT = {"type": "plain_text", "text": "Score"}


def opened(app: App, sandbox: Sandbox, **more: Any) -> dict[str, Any]:
    """Ada's modal with a file input, which the app opens for her."""
    element = {"type": "file_input", "action_id": "files", "filetypes": ["mid", "MIDI"], "max_files": 2, **more}
    block = {"type": "input", "block_id": "score", "label": TEXT, "element": element}

    @app.command("/kantor")
    def command(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        ack()
        view = {"type": "modal", "callback_id": "score", "title": TEXT, "submit": TEXT, "blocks": [block]}
        client.views_open(trigger_id=body["trigger_id"], view=view)

    sandbox.person("ada").command(ROOM, "/kantor score")
    return sandbox.person("ada").wait_for_view("Score")


def test_files_of_a_modal(app: App, sandbox: Sandbox, connected: Connect, server: SandboxServer) -> None:
    """What a person uploads into a modal reaches the app as Slack's file objects, whose bytes it can load."""
    submitted: list[dict[str, Any]] = []

    @app.view("score")
    def submission(ack: Ack, view: dict[str, Any]) -> None:
        submitted.append(view)
        ack()

    with connected(app):
        view, ada = opened(app, sandbox), sandbox.person("ada")
        files = [ada.attach(view, "files", "a.mid", MIDI), ada.attach(view, "files", "b.Midi", MIDI)]
        answer = ada.submit(view, {"files": [{"id": one["id"]} for one in files]})
    state = submitted[0]["state"]["values"]["score"]["files"]
    url = state["files"][0]["url_private_download"]
    body = httpx.get(url, headers={"Authorization": f"Bearer {server.bot_token}"}).content

    assert answer["ok"]
    assert (state["type"], [one["name"] for one in state["files"]]) == ("file_input", ["a.mid", "b.Midi"])
    assert (state["files"][0]["user"], state["files"][0]["shares"], body) == ("U0ADA", {}, MIDI)
    assert sandbox.all_messages(ROOM) == []


def test_refused_files_of_a_modal(app: App, sandbox: Sandbox, connected: Connect) -> None:
    """A wrong kind, a file above 10 MB, too many files, none, or somebody else's file are refused."""
    with connected(app):
        view, ada = opened(app, sandbox), sandbox.person("ada")
        with pytest.raises(SandboxError, match="file_type_not_allowed"):
            ada.attach(view, "files", "a.mp3", b"ID3")
        with pytest.raises(SandboxError, match="file_upload_size_restricted"):
            ada.attach(view, "files", "a.mid", bytes(10_000_001))
        three = [ada.attach(view, "files", f"{number}.mid", MIDI) for number in range(3)]
        foreign = sandbox.person("ben").upload(ROOM, "ben.mid", MIDI)["files"]
        too_many, none = ada.submit(view, {"files": three}), ada.submit(view, {"files": []})
        wrong = ada.submit(view, {"files": ada.upload(ROOM, "a.wav", b"RIFF")["files"]})
        stolen = ada.submit(view, {"files": foreign})

    assert too_many["errors"] == {"score": "Please select no more than 2."}
    assert none["errors"] == {"score": "Please complete this required field."}
    assert wrong["errors"] == {"score": "Please choose only files of these types: mid, MIDI."}
    assert stolen["error"] == "file_not_found"


def test_too_many_files_in_a_message(sandbox: Sandbox) -> None:
    """A message has ten files at the most."""
    parts = [("files", (f"{number}.txt", b"x")) for number in range(11)]
    answer = sandbox.http.post("/sandbox/act/upload", data={"as": "ada", "channel": ROOM}, files=parts).json()
    assert answer["error"] == "too_many_files"


def shared(web: WebClient, sandbox: Sandbox) -> str:
    """Let the app upload a file into the room; its id once Slack has typed it."""
    answer = web.files_upload_v2(channel=ROOM, filename="a.txt", content=b"text", initial_comment="Here")
    file_id = str(answer["file"]["id"])
    awaited(lambda: web.files_info(file=file_id)["file"]["mimetype"] or None, 5, lambda: "its type")
    return file_id


def test_lost_share(web: WebClient, sandbox: Sandbox) -> None:
    """A share can get lost: the file is there and typed, but in no channel; the next is shared as usual."""
    sandbox.fault(method="share", mode="lose")
    lost = shared(web, sandbox)
    shared(web, sandbox)
    sandbox.person("ada").wait_for_message(ROOM, "Here")
    assert web.files_info(file=lost)["file"]["shares"] == {}
    assert len(sandbox.all_messages(ROOM)) == 1


def test_late_share(web: WebClient, sandbox: Sandbox) -> None:
    """A share can come later than the file's type."""
    sandbox.fault(method="share", mode="slow", seconds=0.5)
    late = shared(web, sandbox)
    before = web.files_info(file=late)["file"]["shares"]
    sandbox.person("ada").wait_for_message(ROOM, "Here")
    assert (before, list(web.files_info(file=late)["file"]["shares"])) == ({}, ["public"])


def test_slow_download(sandbox: Sandbox, server: SandboxServer) -> None:
    """A download can be slow; it comes whole."""
    url = sandbox.person("ada").upload(ROOM, "a.mid", MIDI)["files"][0]["url_private_download"]
    sandbox.fault(method="download", mode="slow", seconds=0.3)
    began = time.monotonic()
    body = httpx.get(url, headers={"Authorization": f"Bearer {server.bot_token}"}).content
    assert (body, time.monotonic() - began >= 0.3) == (MIDI, True)


def test_expired_trigger_on_demand(web: WebClient, sandbox: Sandbox) -> None:
    """A trigger can be called expired."""
    sandbox.fault(method="views.open", mode="expired_trigger")
    view = {"type": "modal", "title": TEXT, "blocks": []}
    with pytest.raises(SlackApiError, match="expired_trigger_id"):
        web.views_open(trigger_id="1.2.3", view=view)


def test_size_caps_of_the_app(web: WebClient) -> None:
    """A file above 1 GB, or an empty one, is not announced."""
    for length in (0, 1_000_000_001):
        with pytest.raises(SlackApiError):
            web.files_getUploadURLExternal(filename="a.bin", length=length)
