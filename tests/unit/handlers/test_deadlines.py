"""Whatever is read from Slack comes to an end: a byte now and then holds nobody for ever."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import httpx
import pytest
from slack_bolt import App, BoltContext
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.web import SlackResponse

from bot.attempts import Deadline
from bot.errors import Unavailable
from bot.ports import Enclosure, Posted
from handlers.app import build_app
from handlers.slack.clients import asking_client, dial, hang_up, posting_client, quick_client, timely
from handlers.slack.errors import translated
from handlers.slack.files import SlackFiles
from handlers.slack.postman import Shares
from tests.makers.fakes import MemoryObjects
from tests.makers.trickle import trickle
from tests.unit.handlers.recorders import Recorder, services, usual_answers

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.sandbox.client import Sandbox
    from bot.sandbox.server import SandboxServer
    from handlers.slack.clients import TimelyClient

COMPOSERS = "C0COMPOSERS"
SOON = 0.3
"""Seconds: far less than the clients' own limits for a part of an answer, which a byte every 0.05 s never reaches."""


class Watched(Deadline):
    """Counts the calls that it limits."""

    def __init__(self) -> None:
        super().__init__(60)
        self.calls = 0

    def until(self) -> float:
        """As any deadline's."""
        self.calls += 1
        return super().until()


class Known(WebClient):
    """Knows where a file is, and where one is handed over."""

    def __init__(self, address: str) -> None:
        super().__init__("xoxb-x", base_url=f"{address}/api/")
        self._address = f"{address}/file"

    def files_info(self, **_: object) -> SlackResponse:
        """The file's address."""
        return self._said({"file": {"id": "F1", "url_private_download": self._address, "size": 100}})

    def files_getUploadURLExternal(self, **_: object) -> SlackResponse:  # noqa: N802 - Slack's name
        """The same one."""
        return self._said({"file_id": "F1", "upload_url": self._address})

    def apps_connections_open(self, **_: object) -> SlackResponse:
        """The same one, for a WebSocket."""
        return self._said({"url": self._address.replace("http:", "ws:")})

    def _said(self, data: dict[str, object]) -> SlackResponse:
        return SlackResponse(
            client=self, http_verb="POST", api_url="", req_args={}, data=data, headers={}, status_code=200
        )


class NoClaim:
    """Nothing is remembered, and nobody overtakes."""

    def renew(self) -> None:
        """Ours."""

    def remember(self, object_key: str, file_id: str) -> None:
        """Never asked."""


@pytest.mark.parametrize("in_head", [True, False])
@pytest.mark.parametrize("made", [asking_client, quick_client, posting_client])
def test_a_call_has_an_end(made: Callable[[str, str, Deadline], TimelyClient], *, in_head: bool) -> None:
    """Of each client, whether the head or the body of the answer trickles in; it counts as an outage."""
    with trickle(in_head=in_head) as address, pytest.raises(Unavailable), translated():
        made("xoxb-x", f"{address}/api/", Deadline(SOON)).chat_postMessage(channel="C1", text="hello")


@pytest.mark.parametrize("in_head", [True, False])
def test_a_download_has_an_end(*, in_head: bool) -> None:
    """The head of the answer, which no loop of ours reads, counts too."""
    with trickle(in_head=in_head) as address, httpx.Client(timeout=30) as http, pytest.raises(Unavailable):
        SlackFiles(Known(address), http, deadline=Deadline(SOON)).download("F1", 1000)


@pytest.mark.parametrize("in_head", [True, False])
def test_handing_a_file_over_has_an_end(*, in_head: bool) -> None:
    """The pump is free again, and the letter is tried later."""
    objects = MemoryObjects()
    objects.put("a/b", b"MThd")
    upload = Enclosure(object_key="a/b", filename="b.mid", title="b", alt_text="")
    with trickle(in_head=in_head) as address, httpx.Client(timeout=30) as http:
        shares = Shares(Known(address), objects, http, Deadline(SOON), lambda _: None, 1)
        with pytest.raises(Unavailable), translated():
            shares.share([upload], Posted("C1", ""), "", NoClaim())


def test_an_answer_to_a_command_has_an_end() -> None:
    """Bolt sends it by a client of its own, to an address that came with the command."""
    with trickle() as address:
        context = BoltContext({"response_url": f"{address}/commands/1"})
        went_on: list[bool] = []
        timely(asking_client("xoxb-x", f"{address}/api/", Deadline(SOON)))(context, lambda: went_on.append(True))
        assert [True] == went_on
        assert context.respond is not None
        with pytest.raises(TimeoutError):
            context.respond("hello")


# slack_sdk leaves the socket of a connection that never came about to the garbage collector.
@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
def test_opening_a_connection_has_an_end() -> None:
    """The main thread, which opens it, can be stopped, and tries again."""
    with trickle(in_head=True) as address:
        app = App(client=Known(address), token_verification_enabled=False)
        handler = SocketModeHandler(app, "xapp-x")
        assert not dial(handler, Deadline(SOON))
        hang_up(handler)
    for thread in threading.enumerate():
        if thread.name == "kantor-outside":
            thread.join(10)


def test_an_outage_while_a_connection_is_opened_is_waited_out() -> None:
    """Nobody listens there: no exception that would end the bot."""
    app = App(client=asking_client("xoxb-x", "http://127.0.0.1:9/api/"), token_verification_enabled=False)
    handler = SocketModeHandler(app, "xapp-x")
    assert not dial(handler, Deadline(60))
    hang_up(handler)


def test_a_wrong_token_is_told(server: SandboxServer) -> None:
    """That passes by no waiting: the operator reads of it."""
    app = App(client=asking_client(server.bot_token, server.api_url))
    handler = SocketModeHandler(app, "xapp-wrong")
    with pytest.raises(SlackApiError, match="invalid_auth"):
        dial(handler, Deadline(60))
    hang_up(handler)


def test_listeners_call_slack_with_the_deadline(server: SandboxServer, sandbox: Sandbox) -> None:
    """Windows and answers to commands go through the client that was made with one, not through one that Bolt makes."""
    watched, recorder = Watched(), Recorder()
    recorder.answers.update(usual_answers())
    app = build_app(asking_client(server.bot_token, server.api_url, watched), services(recorder), lambda: "ab12cd34")
    handler = SocketModeHandler(app, server.app_token)
    handler.connect()  # type: ignore[no-untyped-call]  # Bolt has no annotations there
    try:
        sandbox.wait_connected()
        ada, before = sandbox.person("ada"), watched.calls
        ada.command(COMPOSERS, "/kantor account")
        ada.wait_for_view("account")
        assert watched.calls > before
    finally:
        hang_up(handler)
