"""Calls of Slack's Web API share connections, and none is made twice."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, ClassVar

import pytest
from slack_sdk.errors import SlackApiError

from bot.attempts import Deadline
from handlers.slack.clients import posting_client
from handlers.slack.kept import IDLE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from handlers.slack.clients import TimelyClient

SOON = 20.0


class Slack(BaseHTTPRequestHandler):
    """Answers every call, and counts; after each it hangs up without a word where it is ``rude``."""

    protocol_version = "HTTP/1.1"
    calls: ClassVar[list[str]] = []
    lines: ClassVar[list[object]] = []
    rude: ClassVar[bool] = False
    status: ClassVar[int] = 200

    def setup(self) -> None:
        super().setup()
        self.lines.append(self.client_address)

    def do_POST(self) -> None:
        """One call."""
        self.calls.append(self.path)
        self.rfile.read(int(self.headers["Content-Length"]))
        answer = b'{"ok": true}' if self.status < 300 else b'{"ok": false, "error": "ratelimited"}'
        self.send_response(self.status)
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("Retry-After", "7")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)
        self.close_connection = self.close_connection or self.rude

    def log_message(self, *_: object) -> None:
        """Nothing."""


@contextmanager
def slack(*, rude: bool = False, status: int = 200) -> Iterator[tuple[type[Slack], TimelyClient]]:
    """A Slack of one test, and a client of it."""

    class Own(Slack):
        calls: ClassVar[list[str]] = []
        lines: ClassVar[list[object]] = []

    Own.rude, Own.status = rude, status
    with ThreadingHTTPServer(("127.0.0.1", 0), Own) as server:
        serving = threading.Thread(target=server.serve_forever, args=(0.01,))
        serving.start()
        try:
            yield Own, posting_client("xoxb-x", f"http://127.0.0.1:{server.server_port}/api/", Deadline(SOON))
        finally:
            server.shutdown()
            serving.join(SOON)


def test_calls_share_a_connection() -> None:
    """To open one for each takes longer than the call."""
    with slack() as (there, client):
        for _ in range(10):
            assert client.chat_postMessage(channel="C1", text="hello")["ok"]
    assert (10, 1) == (len(there.calls), len(there.lines))


def test_threads_do_not_wait_for_each_other() -> None:
    """Each has a connection of its own meanwhile."""
    with slack() as (there, client):
        together = [threading.Thread(target=client.api_test) for _ in range(8)]
        for one in together:
            one.start()
        for one in together:
            one.join(SOON)
    assert 8 == len(there.calls)
    assert len(there.lines) <= 8


def test_a_connection_that_was_closed_meanwhile_is_not_used() -> None:
    """Nothing is posted twice, and no call fails for it."""
    with slack(rude=True) as (there, client):
        for _ in range(5):
            assert client.chat_postMessage(channel="C1", text="hello")["ok"]
            closed = threading.Event()
            closed.wait(0.05)
    assert (5, 5) == (len(there.calls), len(there.lines))


def test_an_answer_that_is_the_last_is_read_to_its_end() -> None:
    """Some say so, or leave its length open: then it ends with the connection."""
    with slack() as (there, client):
        there.protocol_version = "HTTP/1.0"
        for _ in range(3):
            assert client.chat_postMessage(channel="C1", text="hello")["ok"]
    assert (3, 3) == (len(there.calls), len(there.lines))


def test_what_slack_refuses_is_read_as_ever() -> None:
    """Its status, its headers and its word for it; the connection goes on."""
    with slack(status=429) as (there, client):
        for _ in range(2):
            with pytest.raises(SlackApiError) as caught:
                client.chat_postMessage(channel="C1", text="hello")
            assert (429, "7", "ratelimited") == (
                caught.value.response.status_code,
                caught.value.response.headers["Retry-After"],
                caught.value.response["error"],
            )
    assert (2, 1) == (len(there.calls), len(there.lines))


def test_a_connection_is_not_kept_for_long() -> None:
    """uvicorn, before which a workspace of ours may be, closes them after five seconds."""
    assert 0 < IDLE < 5
