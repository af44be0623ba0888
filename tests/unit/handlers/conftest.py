from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from slack_bolt.adapter.socket_mode import SocketModeHandler

from bot.sandbox.client import Sandbox
from bot.sandbox.server import SandboxServer
from handlers.app import build_app
from handlers.slack.clients import asking_client, hang_up
from tests.unit.handlers.recorders import Recorder, services, usual_answers

if TYPE_CHECKING:
    from collections.abc import Iterator

MANIFEST = Path(__file__).parents[3] / "manifest.json"
REFERENCE = "ab12cd34"


@pytest.fixture(scope="module")
def server() -> Iterator[SandboxServer]:
    """A workspace with the real manifest."""
    with SandboxServer(manifest=MANIFEST) as running:
        yield running


@pytest.fixture
def sandbox(server: SandboxServer) -> Iterator[Sandbox]:
    """Its other side: people and faults."""
    with closing(Sandbox(server.base_url)) as client:
        yield client


@pytest.fixture(scope="module")
def running_app(server: SandboxServer) -> Iterator[Recorder]:
    """The real Bolt app on a real socket, with use cases that only write down."""
    recorder = Recorder()
    app = build_app(asking_client(server.bot_token, server.api_url), services(recorder), lambda: REFERENCE)
    handler = SocketModeHandler(app, server.app_token)
    handler.connect()  # type: ignore[no-untyped-call]  # Bolt has no annotations there
    yield recorder
    hang_up(handler)


@pytest.fixture
def use_cases(running_app: Recorder, sandbox: Sandbox) -> Recorder:
    """The recorder, emptied, with its usual answers."""
    sandbox.wait_connected()
    running_app.reset()
    running_app.answers.update(usual_answers())
    return running_app
