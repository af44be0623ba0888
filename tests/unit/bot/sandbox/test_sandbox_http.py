"""Signed HTTP in the place of Socket Mode: a real Bolt app behind its own small server."""

from __future__ import annotations

import asyncio
import threading
import time
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import pytest
from slack_bolt import Ack, App, BoltRequest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.signature import SignatureVerifier

from bot.sandbox.client import SandboxError, awaited
from bot.sandbox.clock import Clock
from bot.sandbox.http_mode import HttpMode, signature
from bot.sandbox.hub import Hub
from bot.sandbox.journal import Journal
from bot.sandbox.server import SandboxServer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.sandbox.client import Sandbox

ROOM = "C0COMPOSERS"


class AppServer:
    """Serves a Bolt app at a free port, and keeps the headers of what came; `answer` (status, headers) overrules the app."""

    def __init__(self) -> None:
        self.app: App | None = None
        self.answer: tuple[int, dict[str, str]] | None = None
        self.headers: list[dict[str, str]] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                outer.headers.append({key.lower(): value for key, value in self.headers.items()})
                status, headers, text = outer.handle(body, {key: [value] for key, value in self.headers.items()})
                self.send_response(status)
                for key, value in {**headers, "Content-Length": str(len(text))}.items():
                    self.send_header(key, value)
                self.end_headers()
                self.wfile.write(text)

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/slack/events"

    def handle(self, body: str, headers: dict[str, Any]) -> tuple[int, dict[str, str], bytes]:
        if self.answer is not None and "url_verification" not in body:
            return (*self.answer, b"")
        if self.app is None:
            return 503, {}, b""
        response = self.app.dispatch(BoltRequest(body=body, headers=headers))
        return response.status, {key: value[0] for key, value in response.headers.items()}, response.body.encode()

    @contextmanager
    def running(self) -> Iterator[AppServer]:
        thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield self
        finally:
            self._server.shutdown()
            thread.join()
            self._server.server_close()


@pytest.fixture
def there() -> Iterator[AppServer]:
    with AppServer().running() as running:
        yield running


@pytest.fixture
def server(there: AppServer) -> Iterator[SandboxServer]:
    with SandboxServer(request_url=there.url) as running:
        yield running


@pytest.fixture
def app(there: AppServer, server: SandboxServer, sandbox: Sandbox) -> App:
    web = WebClient(token=server.bot_token, base_url=server.api_url)
    made = App(client=web, signing_secret=server.signing_secret)
    there.app = made
    sandbox.wait_connected()
    return made


def modal(**more: Any) -> dict[str, Any]:
    text = {"type": "plain_text", "text": "Tempo"}
    entry = {"type": "input", "block_id": "tempo", "label": text, "element": {"type": "number_input"}}
    entry["element"] |= {"action_id": "bpm", "is_decimal_allowed": False}  # type: ignore[operator]  # a dictionary
    return {"type": "modal", "callback_id": "tempo", "title": text, "submit": text, "blocks": [entry], **more}


def test_verification_comes_first(server: SandboxServer, there: AppServer, sandbox: Sandbox) -> None:
    """An app counts as there once its request URL has answered the challenge, with every request signed."""
    before = sandbox.state("ada")["bot"]["connected"]
    there.app = App(
        client=WebClient(token=server.bot_token, base_url=server.api_url), signing_secret=server.signing_secret
    )
    sandbox.wait_connected()
    line = next(line for line in sandbox.log() if line["state"] == "acked")

    assert (before, line["name"]) == (False, "url_verification")
    assert {"x-slack-signature", "x-slack-request-timestamp"} <= set(there.headers[-1])


def test_signature_is_slacks() -> None:
    """Slack's own verifier accepts the signature, and no other body with it."""
    verifier = SignatureVerifier("secret")
    stamp = str(int(verifier.clock.now()))
    signed = signature(stamp, "a=1&b=2", "secret")
    assert verifier.is_valid("a=1&b=2", stamp, signed)
    assert not verifier.is_valid("a=1&b=3", stamp, signed)


def test_event(app: App, sandbox: Sandbox) -> None:
    """Events come as JSON, and the app's 200 acknowledges them."""
    bodies: list[dict[str, Any]] = []

    @app.event("message")
    def heard(body: dict[str, Any]) -> None:
        bodies.append(body)

    sandbox.person("ada").say(ROOM, "over HTTP")
    sandbox.wait_for_log(lambda line: line["name"] == "message" and line["state"] == "acked")
    assert bodies[0]["event"]["text"] == "over HTTP"


def test_command_opens_a_modal_and_gets_it(app: App, sandbox: Sandbox) -> None:
    """A command's form, an interaction's payload and the answers in the HTTP responses work as over a socket."""

    @app.command("/kantor")
    def command(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        client.views_open(trigger_id=body["trigger_id"], view=modal())
        ack(f"You said {body['text']}")

    @app.view("tempo")
    def submitted(ack: Ack, view: dict[str, Any]) -> None:
        value = view["state"]["values"]["tempo"]["bpm"]["value"]
        if value == "7":
            ack(response_action="errors", errors={"tempo": "Too slow."})
        else:
            ack()

    ada = sandbox.person("ada")
    ada.command(ROOM, "/kantor faster & louder")
    said = ada.wait_for_ephemeral(ROOM, "You said")
    view = ada.wait_for_view("Tempo")
    refused, taken = ada.submit(view, {"bpm": 7}), ada.submit(view, {"bpm": 120})

    assert said["text"] == "You said faster & louder"
    assert refused["errors"] == {"tempo": "Too slow."}
    assert (taken["ok"], ada.views()) == (True, [])


def test_options(app: App, sandbox: Sandbox) -> None:
    """An external select asks the same URL for its options."""
    text = {"type": "plain_text", "text": "Key"}
    select = {"type": "external_select", "action_id": "key", "min_query_length": 1}

    @app.options("key")
    def options(ack: Ack, payload: dict[str, Any]) -> None:
        ack(options=[{"text": {"type": "plain_text", "text": payload["value"]}, "value": "x"}])

    app.client.chat_postMessage(channel=ROOM, text="k", blocks=[{"type": "section", "text": text, "accessory": select}])
    ada = sandbox.person("ada")
    options_seen = ada.suggest(ada.wait_for_message(ROOM, "Key"), "key", "G")
    assert options_seen[0]["text"]["text"] == "G"


def test_failed_events_come_again(app: App, there: AppServer, sandbox: Sandbox) -> None:
    """A failing app gets an event again with the retry's number and reason in its headers; x-slack-no-retry ends that."""
    there.answer = (500, {})
    sandbox.person("ada").say(ROOM, "again and again")
    sandbox.wait_for_log(lambda line: line["args"].get("retry_attempt") == 1 and line["state"] == "failed")
    there.answer = (500, {"x-slack-no-retry": "1"})
    sandbox.advance(60)
    sandbox.wait_for_log(lambda line: line["args"].get("retry_attempt") == 2 and line["state"] == "failed")
    sandbox.advance(3600)
    there.answer = (200, {})
    sandbox.person("ada").say(ROOM, "something else")
    sandbox.wait_for_log(lambda line: line["name"] == "message" and line["state"] == "acked")
    retries = [
        (one["x-slack-retry-num"], one["x-slack-retry-reason"]) for one in there.headers if "x-slack-retry-num" in one
    ]
    assert retries == [("1", "http_error"), ("2", "http_error")]


@pytest.mark.parametrize(("answer", "shown"), [((404, {}), "http_client_error"), ((500, {}), "http_service_error")])
def test_failed_commands_are_told(
    answer: tuple[int, dict[str, str]], shown: str, app: App, there: AppServer, sandbox: Sandbox
) -> None:
    """The person reads what kind of answer the command met."""
    there.answer = answer
    with pytest.raises(SandboxError, match=f'failed with the error "{shown}"'):
        sandbox.person("ada").command(ROOM, "/kantor help")


def test_unreachable_app(app: App, sandbox: Sandbox, there: AppServer) -> None:
    """Where nobody listens any more, the person reads it at once."""
    there._server.socket.close()
    with pytest.raises(SandboxError, match='failed with the error "dispatch_failed"'):
        sandbox.person("ada").command(ROOM, "/kantor help")


def test_slow_command_is_told_and_its_late_answer_logged(app: App, sandbox: Sandbox) -> None:
    """After three seconds the person reads of the time-out; the log says how late the answer came."""
    hurry = threading.Event()

    @app.command("/kantor")
    def command(ack: Ack) -> None:
        hurry.wait(10)
        ack()

    failures: list[str] = []

    def run() -> None:
        with pytest.raises(SandboxError) as failure:
            sandbox.person("ada").command(ROOM, "/kantor slow")
        failures.append(failure.value.text)

    thread = threading.Thread(target=run)
    thread.start()
    sandbox.wait_for_log(lambda line: line["name"] == "slash_command")
    sandbox.advance(3)
    thread.join()
    hurry.set()
    line = awaited(
        lambda: next((line for line in sandbox.log() if "late_ms" in line), None), 5, lambda: "the late answer"
    )

    assert failures == ['/kantor failed with the error "operation_timeout"']
    assert (line["state"], line["late_ms"] >= line["ms"]) == ("timed_out", True)
    assert sandbox.latency()["slash_command"]["late"] == 1


def test_socket_mode_is_off(app: App, server: SandboxServer) -> None:
    """An app with a request URL gets no socket."""
    with pytest.raises(SlackApiError, match="access_denied"):
        WebClient(token=server.app_token, base_url=server.api_url).apps_connections_open(app_token=server.app_token)


def test_an_app_that_answers_a_byte_now_and_then_is_asked_again() -> None:
    """Each byte comes in time, and the whole answer never: the sandbox gives it up, and asks once more."""

    async def ask() -> None:
        asked, again = list[bool](), asyncio.Event()

        async def trickle(_: asyncio.StreamReader, answer: asyncio.StreamWriter) -> None:
            asked.append(True)
            if len(asked) > 1:
                again.set()
            answer.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
            with suppress(ConnectionError):
                while not again.is_set():
                    answer.write(b"x")
                    await answer.drain()
                    await asyncio.sleep(0.05)
            answer.close()

        server = await asyncio.start_server(trickle, "127.0.0.1", 0)
        host, port = server.sockets[0].getsockname()
        clock = Clock(time.time)
        mode = HttpMode(f"http://{host}:{port}/", clock, Hub(), Journal(clock), patience=0.5)
        mode.start()
        await asyncio.wait_for(again.wait(), 60)
        await mode.close()
        server.close()

    asyncio.run(ask())
