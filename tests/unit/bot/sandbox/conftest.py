from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient

from bot.sandbox.client import Sandbox, awaited
from bot.sandbox.server import SandboxServer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

    Connect = Callable[[App], AbstractContextManager[None]]


@pytest.fixture
def server() -> Iterator[SandboxServer]:
    with SandboxServer() as running:
        yield running


@pytest.fixture
def sandbox(server: SandboxServer) -> Iterator[Sandbox]:
    with Sandbox(server.base_url) as client:
        yield client


@pytest.fixture
def web(server: SandboxServer) -> WebClient:
    return WebClient(token=server.bot_token, base_url=server.api_url)


@pytest.fixture
def app(web: WebClient) -> App:
    return App(client=web, process_before_response=False)


@pytest.fixture
def connected(server: SandboxServer, sandbox: Sandbox) -> Connect:
    """A Bolt app connected over Socket Mode as long as the `with` lasts."""

    @contextmanager
    def connect(app: App) -> Iterator[None]:
        # Its watchdog looks for a dead socket each ping interval, ten seconds by default.
        handler = SocketModeHandler(app, server.app_token, ping_interval=0.5)
        handler.connect()  # type: ignore[no-untyped-call]  # slack_bolt leaves it untyped
        sandbox.wait_connected()
        try:
            yield
        finally:
            # Cut from this side and wake its queue, or slack_sdk's client waits four seconds before it closes.
            client = handler.client
            client.auto_reconnect_enabled = False
            sandbox.disconnect("cut")
            awaited(lambda: None if client.is_connected() else True, 5, lambda: "the socket to close")
            client.message_processor.event.set()
            client.enqueue_message("{}")
            handler.close()  # type: ignore[no-untyped-call]  # slack_bolt leaves it untyped

    return connect
