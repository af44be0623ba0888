"""Payloads that nobody's Slack would send: the real app over the real use cases, with a Slack that writes down what it is told.

Whoever sends them holds a stolen token, or an app of their own that speaks to our door: all that stands in a payload is made up.
"""

from __future__ import annotations

import json
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

from slack_bolt import BoltRequest
from slack_sdk.web import SlackResponse

from bot.attempts import Deadline
from handlers.app import build_app
from handlers.people.homescreens import HomeScreens
from handlers.slack.clients import TimelyClient
from tests.makers.stage import eventually

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from bot.usecases.services import Services

NOWHERE = "http://127.0.0.1:9/api/"
"""Nobody listens there: a call that is not written down fails."""
ANSWERS: dict[str, Any] = {
    "ok": True,
    "user_id": "U0KANTOR",
    "bot_id": "B0KANTOR",
    "team_id": "T0SANDBOX",
    "user": "kantor",
}


class NotingSlack(TimelyClient):
    """Takes every call, and does nothing."""

    def __init__(self) -> None:
        super().__init__(token="xoxb-not-a-token", base_url=NOWHERE, deadline=Deadline(5))
        self.calls: list[tuple[str, dict[str, Any]]] = []

    def api_call(self, api_method: str, **arguments: Any) -> SlackResponse:
        """Write it down."""
        sent = arguments.get("json") or arguments.get("params") or arguments.get("data") or {}
        self.calls.append((api_method, sent))
        data = ANSWERS | {"view": {"id": "V9", "hash": "h"}, "ts": "1.2", "channel": "D1"}
        return SlackResponse(
            client=self, http_verb="POST", api_url=api_method, req_args={}, data=data, headers={}, status_code=200
        )


@dataclass
class Answers:
    """What comes to response URLs, on the loopback."""

    server: ThreadingHTTPServer
    bodies: list[dict[str, Any]] = field(default_factory=list)

    @property
    def url(self) -> str:
        """One for a payload."""
        return f"http://127.0.0.1:{self.server.server_port}/"


@contextmanager
def answers() -> Iterator[Answers]:
    """A server for response URLs."""
    bodies: list[dict[str, Any]] = []

    class Noting(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            bodies.append(json.loads(self.rfile.read(int(self.headers["content-length"]))))
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"ok")

        def log_message(self, *_: Any) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Noting)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield Answers(server, bodies)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@dataclass(frozen=True)
class NotingScreens(HomeScreens):
    """Home tabs that say when a listener is through, and with all that came of it."""

    through: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))

    def used(self, user_id: str) -> None:
        """The last of all that follows."""
        super().used(user_id)
        self.through.release()


@dataclass(frozen=True)
class Told:
    """All that came of a payload: calls of Slack, answers to response URLs, and the acknowledgement."""

    said: list[dict[str, Any]]

    @property
    def words(self) -> str:
        """All of it."""
        return json.dumps(self.said, ensure_ascii=False)

    @property
    def refused(self) -> bool:
        """Whether it was a refusal and nothing else, the Home tab aside, which is drawn anew after whatever somebody does."""
        answers = [each for each in self.said if not _is_home(each)]
        return bool(answers) and all(map(_refusal, answers))


def _is_home(said: dict[str, Any]) -> bool:
    return (said.get("view") or {}).get("type") == "home"


def _refusal(said: dict[str, Any]) -> bool:
    title = ((said.get("view") or {}).get("title") or {}).get("text")
    return title == "Not this time" or said.get("response_action") == "errors" or str(said.get("text")).startswith("✋")


class Forge:
    """Sends payloads into the app, one after the other."""

    def __init__(self, services: Services, heard: Answers) -> None:
        self.slack, self.heard, self.troubles = NotingSlack(), heard, list[str]()
        self.screens = NotingScreens(services.people, self.slack, services.clock)
        self.app = build_app(self.slack, services, self._reference, self.screens)
        self._number = 0

    def _reference(self) -> str:
        self.troubles.append("trouble")
        return "ab12cd34"

    def action(
        self, who: str, action_id: str, value: str | None, *, where: str, view: Mapping[str, Any] | None = None
    ) -> Told:
        """Something is pressed, in a ``message``, a ``modal`` or the ``home``; ``view``: what the modal has more than others."""
        self._number += 1
        pressed = {"type": "button", "block_id": "b", "action_id": action_id, "action_ts": f"{self._number}.5"}
        body = self._body("block_actions", who) | {"actions": [pressed | ({} if value is None else {"value": value})]}
        if where == "message":
            body |= {
                "channel": {"id": "C0MUSIC"},
                "container": {"type": "message", "channel_id": "C0MUSIC", "message_ts": "1.2"},
            }
        else:
            body |= {
                "view": self._view("home" if where == "home" else "modal") | dict(view or {}),
                "container": {"type": "view"},
            }
        return self._sent(body)

    def submission(
        self, who: str, callback_id: str, metadata: str, state: Mapping[str, Any], blocks: list[dict[str, Any]]
    ) -> Told:
        """A modal is sent in."""
        view = self._view("modal") | {"callback_id": callback_id, "private_metadata": metadata, "blocks": blocks}
        return self._sent(self._body("view_submission", who) | {"view": view | {"state": {"values": dict(state)}}})

    def search(self, who: str, block_id: str, metadata: str, words: str) -> Told:
        """Options are asked for."""
        view = self._view("modal") | {"private_metadata": metadata}
        typed = {"block_id": block_id, "action_id": block_id, "value": words, "view": view}
        return self._sent(self._body("block_suggestion", who) | typed)

    def shortcut(self, who: str, callback_id: str, message: Mapping[str, Any] | None = None) -> Told:
        """A shortcut, perhaps of a message."""
        body = self._body("shortcut" if message is None else "message_action", who) | {"callback_id": callback_id}
        about = {} if message is None else {"message": dict(message), "channel": {"id": "C0MUSIC", "name": "music"}}
        return self._sent(body | about)

    def command(self, who: str, typed: str, channel_id: str = "C0MUSIC") -> Told:
        """A slash command, as the form that Slack sends."""
        body = {"command": "/kantor", "text": typed, "user_id": who, "channel_id": channel_id, "team_id": "T0SANDBOX"}
        return self._sent(body | {"trigger_id": "1.2", "response_url": self.heard.url, "user_name": "somebody"})

    def _body(self, kind: str, who: str) -> dict[str, Any]:
        return {
            "type": kind,
            "user": {"id": who, "team_id": "T0SANDBOX"},
            "team": {"id": "T0SANDBOX", "domain": "sandbox"},
            "api_app_id": "A0KANTOR",
            "trigger_id": "1.2",
            "response_url": self.heard.url,
        }

    def _view(self, kind: str) -> dict[str, Any]:
        return {
            "id": "V1",
            "type": kind,
            "hash": "h",
            "blocks": [],
            "private_metadata": "{}",
            "callback_id": "",
            "state": {"values": {}},
        }

    def _sent(self, body: dict[str, Any]) -> Told:
        self.slack.calls.clear()
        self.heard.bodies.clear()
        request = BoltRequest(body=json.loads(json.dumps(body)), mode="socket_mode")
        acknowledged = self.app.dispatch(request)
        if body.get("type") not in {"shortcut", "message_action", "block_suggestion"}:
            assert self.screens.through.acquire(timeout=20), f"nothing came of {body}"
        if acknowledged.body and acknowledged.body != "{}":
            return Told([json.loads(acknowledged.body)])
        return Told(eventually(self._told, f"an answer to {body}", seconds=20))

    def _told(self) -> list[dict[str, Any]]:
        """What was said, once it is more than that there will be something."""
        said = [sent for _, sent in list(self.slack.calls)] + list(self.heard.bodies)
        return [each for each in said if "One moment" not in json.dumps(each)]
