"""One of each: a plain app and a few people in a sandbox, until every payload that an official sample is about has been sent."""

from __future__ import annotations

import contextlib
import json
import tempfile
import threading
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from bot.sandbox.client import Sandbox, awaited
from bot.sandbox.server import SandboxServer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from websockets.sync.client import ClientConnection

CHANNEL = "C0COMPOSERS"
_EVENTS = (
    *("message.channels", "message.im", "app_home_opened", "app_mention", "channel_created"),
    *("file_shared", "file_deleted", "member_joined_channel", "member_left_channel"),
)
_SCOPES = (
    *("channels:history", "channels:read", "chat:write", "commands", "files:read", "files:write"),
    *("im:history", "im:read", "im:write", "reactions:write", "users:read"),
)
_PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(8) + b"\x00\x00\x00\x04\x00\x00\x00\x03" + bytes(8)
_WORD = {"type": "plain_text", "text": "Word"}
_CONFIRM = {"title": _WORD, "text": _WORD, "confirm": _WORD, "deny": _WORD, "style": "danger"}
_BUTTON = {"type": "button", "text": _WORD, "action_id": "press", "value": "1", "style": "primary", "confirm": _CONFIRM}
_OPTION = {"text": _WORD, "value": "word"}
_CHOICES: list[dict[str, Any]] = [
    {"type": "static_select", "options": [_OPTION], "initial_option": _OPTION},
    {"type": "users_select", "initial_user": "U0BEN"},
    {"type": "conversations_select", "initial_conversation": "C0COMPOSERS"},
    {"type": "channels_select", "initial_channel": "C0COMPOSERS"},
    {"type": "datepicker", "initial_date": "2026-11-22"},
    {"type": "timepicker", "initial_time": "12:00"},
]
_CHOOSE = [one | {"action_id": one["type"], "placeholder": _WORD} for one in _CHOICES]
_BLOCKS = [{"type": "actions", "elements": [_BUTTON, *_CHOOSE]}]
_INPUT = {"type": "input", "label": {"type": "plain_text", "text": "Word"}, "element": {"type": "plain_text_input"}}
_MODAL: dict[str, Any] = {
    "type": "modal",
    "title": {"type": "plain_text", "text": "One of each"},
    "submit": {"type": "plain_text", "text": "Send"},
    "close": {"type": "plain_text", "text": "Leave"},
    "notify_on_close": True,
    "blocks": [_INPUT, *_BLOCKS],
}


class PlainApp:
    """An app without a library: calls by httpx, one socket on which everything is acknowledged at once."""

    def __init__(self, server: SandboxServer, http: httpx.Client) -> None:
        self._server = server
        self._http = http

    @classmethod
    @contextmanager
    def connected(cls, server: SandboxServer) -> Iterator[PlainApp]:
        """An app with its socket open."""
        with httpx.Client(base_url=server.api_url, trust_env=False) as http:
            app = cls(server, http)
            address = app.call("apps.connections.open", server.app_token)["url"]
            with connect(address, proxy=None) as socket:
                thread = threading.Thread(target=_acknowledge, args=(socket,), daemon=True)
                thread.start()
                yield app
            thread.join()

    def call(self, method: str, token: str = "", **args: Any) -> dict[str, Any]:
        """Call a Web API method; its answer, refusals too."""
        headers = {"Authorization": f"Bearer {token or self._server.bot_token}"}
        answer: dict[str, Any] = self._http.post(method, json=args, headers=headers).json()
        return answer

    def put(self, address: str, data: bytes) -> None:
        """Post a file's bytes to its upload address."""
        self._http.post(address, content=data).raise_for_status()


def _acknowledge(socket: ClientConnection) -> None:
    with contextlib.suppress(ConnectionClosed):
        for message in socket:
            envelope = json.loads(message)
            if "envelope_id" in envelope:
                socket.send(json.dumps({"envelope_id": envelope["envelope_id"]}))


@contextmanager
def wire() -> Iterator[list[dict[str, Any]]]:
    """The log of a workspace in which everything has happened once."""
    with tempfile.TemporaryDirectory() as folder:
        manifest = Path(folder) / "manifest.json"
        manifest.write_text(json.dumps(_manifest()), encoding="utf-8")
        with (
            SandboxServer(manifest=manifest) as server,
            Sandbox(server.base_url) as slack,
            PlainApp.connected(server) as app,
        ):
            slack.wait_connected()
            for part in (_talk, _look_up, _upload, _use):
                part(slack, app)
            awaited(
                lambda: all(line["state"] != "open" for line in slack.log()) or None,
                10,
                lambda: "the last acknowledgement",
            )
            yield slack.log()


def _manifest() -> dict[str, Any]:
    return {
        "features": {"slash_commands": [{"command": "/kantor", "description": "Anything", "should_escape": True}]},
        "oauth_config": {"scopes": {"bot": list(_SCOPES)}},
        "settings": {"event_subscriptions": {"bot_events": list(_EVENTS)}},
    }


def _talk(slack: Sandbox, app: PlainApp) -> None:
    """Messages of both sides: in the channel, a thread and a DM; changed, deleted, seen by one; people come and go."""
    ada = slack.person("ada")
    said = ada.say(CHANNEL, "Hello <@U0KANTOR>")
    ada.say(CHANNEL, "and a reply", thread_ts=said["ts"])
    ada.say(ada.open_dm(), "Hello in private")
    app.call("chat.postMessage", channel=CHANNEL, text="Hello", metadata={"event_type": "a", "event_payload": {"b": 1}})
    _edited(slack, app)
    app.call("chat.postEphemeral", channel=CHANNEL, user=ada.id, text="Only you see this", blocks=_BLOCKS)
    app.call("chat.postEphemeral", channel="C0NOWHERE", user=ada.id, text="Nobody sees this")
    ada.leave(CHANNEL)
    ada.join(CHANNEL)
    slack.create_channel("harmony", ["ada", "kantor"])


def _edited(slack: Sandbox, app: PlainApp) -> None:
    """A message that starts a thread and one in it, each changed twice; the one in the thread is deleted."""
    root = app.call("chat.postMessage", channel=CHANNEL, text="Root", blocks=_BLOCKS)["ts"]
    slack.person("ada").say(CHANNEL, "Below it", thread_ts=root)
    reply = app.call("chat.postMessage", channel=CHANNEL, text="Reply", thread_ts=root)["ts"]
    for ts, text in ((root, "Root 1"), (root, "Root 2"), (reply, "Reply 1"), (reply, "Reply 2")):
        app.call("chat.update", channel=CHANNEL, ts=ts, text=text, blocks=_BLOCKS)
    app.call("reactions.add", channel=CHANNEL, timestamp=root, name="wave")
    app.call("chat.delete", channel=CHANNEL, ts=reply)
    slack.person("ada").click(next(one for one in slack.all_messages(CHANNEL) if one["ts"] == root), "press")


def _look_up(slack: Sandbox, app: PlainApp) -> None:
    """What an app asks about the workspace."""
    app.call("auth.test")
    for method in ("conversations.info", "conversations.members", "conversations.history"):
        app.call(method, channel=CHANNEL, include_num_members=True, include_all_metadata=True, include_locale=True)
    app.call("conversations.info", channel="C0NOWHERE")
    app.call("conversations.info", channel=slack.person("ada").open_dm())
    app.call("conversations.open", users="U0BEN", return_im=True)
    app.call("conversations.list", types="public_channel,im")
    app.call("users.info", user="U0ADA", include_locale=True)
    app.call("users.info", user="U0KANTOR")
    app.call("users.list", include_locale=True)
    app.call("usergroups.users.list", usergroup="S0NONE")


def _upload(slack: Sandbox, app: PlainApp) -> None:
    """Files of both sides, in a channel, a thread and a DM; one is deleted."""
    ada = slack.person("ada")
    said = ada.upload(CHANNEL, "dawn.png", _PICTURE, "Look")
    dm = ada.open_dm()
    private = ada.upload(dm, "dusk.txt", b"It was dark.", thread_ts=ada.say(dm, "Look")["ts"])
    ada.upload(CHANNEL, "reply.mid", b"MThd", thread_ts=said["ts"])
    announced = app.call("files.getUploadURLExternal", filename="night.png", length=len(_PICTURE), alt_txt="Night")
    app.put(announced["upload_url"], _PICTURE)
    file = {"id": announced["file_id"], "title": "Night"}
    app.call("files.completeUploadExternal", files=[file], channel_id=CHANNEL, thread_ts=said["ts"])
    awaited(lambda: app.call("files.info", file=file["id"])["file"]["shares"] or None, 10, lambda: "the file's share")
    for message in (said, private):
        app.call("files.info", file=message["files"][0]["id"])
    app.call("files.delete", file=file["id"])


def _use(slack: Sandbox, app: PlainApp) -> None:
    """Commands, buttons in messages, modals and the home; a modal is sent, one is left."""
    ada = slack.person("ada")
    said = ada.say(CHANNEL, "What now?")
    posted = app.call("chat.postMessage", channel=CHANNEL, text="Press", blocks=_BLOCKS, thread_ts=said["ts"])
    ada.say(CHANNEL, "I press", thread_ts=said["ts"])
    for element in ("press", *(one["type"] for one in _CHOICES)):
        ada.click(posted["message"], element)
    ada.click(ada.ephemerals(CHANNEL)[0], "press")
    ada.open_home()
    app.call("views.publish", user_id=ada.id, view={"type": "home", "blocks": _BLOCKS})
    ada.open_home()
    ada.click(ada.wait_for_home(lambda _: True), "press")
    for leave in (False, True):
        ada.command(CHANNEL, "/kantor one of each")
        trigger = [line for line in slack.log() if line["name"] == "slash_command"][-1]["args"]["payload"]["trigger_id"]
        view = app.call("views.open", trigger_id=trigger, view=_MODAL)["view"]
        ada.click(view, "press")
        if leave:
            ada.close(view)
        else:
            ada.submit(view, {view["blocks"][0]["block_id"]: "A word"})
