"""Over Socket Mode: what is acknowledged is counted, and a connection that is lost is asked for again."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest

from bot.sandbox.client import Sandbox
from bot.sandbox.server import SandboxServer
from bot.waiting import Waiting
from handlers.app import build_app
from handlers.slack.clients import asking_client
from handlers.slack.frames import FrameHandler
from handlers.slack.lines import RECONNECT_AFTER, SocketLine
from tests.makers.counted import Counted
from tests.makers.stage import MANIFEST, eventually
from tests.unit.handlers.recorders import Recorder, services, usual_answers

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOM = "C0COMPOSERS"


@pytest.fixture
def server() -> Iterator[SandboxServer]:
    """A workspace of its own: connections are cut here."""
    with SandboxServer(manifest=MANIFEST) as running:
        yield running


def test_what_is_acknowledged_is_counted_by_kind_and_a_lost_connection_comes_back(server: SandboxServer) -> None:
    """Each once; whoever looks asks for a new connection after so many looks without one, if slack_sdk has given up."""
    recorder, meters = Recorder(), Counted()
    recorder.answers.update(usual_answers())
    app = build_app(asking_client(server.bot_token, server.api_url), services(recorder), lambda: "ab12cd34")
    handler = FrameHandler(app, server.app_token, Waiting(), meters, ping_interval=5)
    line = SocketLine(handler)
    with closing(Sandbox(server.base_url)) as slack:
        line.start()
        slack.wait_connected()
        slack.person("ada").command(ROOM, "/kantor help")
        slack.person("ada").say(ROOM, "hello")
        eventually(lambda: {("command",), ("event",)} <= set(meters.of("acked")), "both acknowledgements")
        first = line.session()
        handler.client.auto_reconnect_enabled = False
        slack.disconnect("cut")
        eventually(lambda: line.session() is None, "the loss")

        def again() -> Any:
            for _ in range(RECONNECT_AFTER):
                line.look()
            return line.session()

        assert first != eventually(again, "a new connection")
        line.stop()
    assert line.session() is None
    assert [] == meters.of("unacked")
