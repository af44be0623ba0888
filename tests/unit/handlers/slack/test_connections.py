"""A connection to Slack that is replaced: what was answered just before arrives, and whether anything may have been missed."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from slack_bolt import App
from slack_sdk import WebClient

from bot.attempts import Deadline
from bot.sandbox.client import Sandbox
from bot.sandbox.server import SandboxServer
from bot.waiting import Waiting
from handlers.slack.clients import dial, hang_up, session_of
from handlers.slack.frames import FrameHandler, text_frame
from tests.makers.stage import eventually

if TYPE_CHECKING:
    from collections.abc import Iterator

    from slack_bolt import Ack

PATIENCE = 20.0
ROOM = "C0COMPOSERS"
PEOPLE = ("ada", "ben", "cleo", "judy", "jack", "olive")


@pytest.fixture
def server() -> Iterator[SandboxServer]:
    with SandboxServer() as running:
        yield running


@pytest.fixture
def sandbox(server: SandboxServer) -> Iterator[Sandbox]:
    with Sandbox(server.base_url) as client:
        yield client


@pytest.fixture
def app(server: SandboxServer) -> App:
    return App(client=WebClient(server.bot_token, base_url=server.api_url), process_before_response=True)


@contextmanager
def connected(app: App, server: SandboxServer, sandbox: Sandbox) -> Iterator[FrameHandler]:
    handler = FrameHandler(app, server.app_token, Waiting(), ping_interval=0.5)
    dial(handler, Deadline(PATIENCE))
    sandbox.wait_connected()
    try:
        yield handler
    finally:
        hang_up(handler)


@pytest.mark.parametrize("reason", ["cut", "refresh_requested", "warning"])
def test_what_is_answered_while_the_connection_goes_arrives(
    app: App, server: SandboxServer, sandbox: Sandbox, reason: str
) -> None:
    """On the next one: nobody reads of trouble with the connection."""
    together = threading.Barrier(len(PEOPLE), action=lambda: sandbox.disconnect(reason))

    @app.command("/kantor")
    def answer(ack: Ack) -> None:
        together.wait(PATIENCE)
        ack("here")

    with connected(app, server, sandbox):
        asking = [threading.Thread(target=sandbox.person(one).command, args=(ROOM, "/kantor help")) for one in PEOPLE]
        for each in asking:
            each.start()
        for one in PEOPLE:
            sandbox.person(one).wait_for_ephemeral(ROOM, "here")
        for each in asking:
            each.join(PATIENCE)
    assert {"acked"} == {line["state"] for line in sandbox.log() if line["kind"] == "delivery"}


def test_a_connection_that_slack_has_us_replace_goes_on(app: App, server: SandboxServer, sandbox: Sandbox) -> None:
    """Nothing was missed, so nothing has to be read; after one that broke off all may have been."""
    with connected(app, server, sandbox) as handler:
        names, sessions = [session_of(handler)], [handler.client.session_id()]
        for reason in ("warning", "refresh_requested", "cut"):
            sandbox.disconnect(reason)
            eventually(lambda: handler.client.session_id() not in sessions and session_of(handler), "a connection")
            names.append(session_of(handler))
            sessions.append(handler.client.session_id())
    assert names[0] is not None
    assert names[:3] == [names[0]] * 3
    assert names[3] not in {None, names[0]}


@pytest.mark.parametrize("length", [0, 5, 125, 126, 65_535, 65_536, 200_000])
def test_a_message_is_masked_and_whole(length: int) -> None:
    """Of whatever length; slack_sdk's own cannot be longer than 65,535."""
    frame = text_frame("é" * (length // 2) + "x" * (length % 2))
    assert (0x81, 0x80) == (frame[0], frame[1] & 0x80)
    size = {126: 2, 127: 8}.get(frame[1] & 0x7F, 0)
    assert length == (int.from_bytes(frame[2 : 2 + size]) if size else frame[1] & 0x7F)
    mask, masked = frame[2 + size : 6 + size], frame[6 + size :]
    text = bytes(byte ^ mask[place % 4] for place, byte in enumerate(masked)).decode()
    assert "é" * (length // 2) + "x" * (length % 2) == text
