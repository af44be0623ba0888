"""The tokens go to Slack, and to nobody whom Slack, or a payload, or a setting names."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from slack_sdk.errors import SlackApiError

from bot.errors import ConfigurationError
from bot.settings import Settings
from bot.wiring import slack
from handlers.slack.clients import asking_client, posting_client, quick_client
from handlers.slack.files import SlackFiles

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from handlers.slack.clients import TimelyClient

TOKEN = "xoxb-made-up"
MAKERS = [asking_client, quick_client, posting_client]


@contextmanager
def host(answer: Callable[[BaseHTTPRequestHandler], None]) -> Iterator[ThreadingHTTPServer]:
    """A server on the loopback that answers everything so."""

    class Answering(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            answer(self)

        do_POST = do_GET  # noqa: N815 - as http.server calls it

        def log_message(self, *_: Any) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def stolen() -> list[str | None]:
    """What another host was given for an Authorization."""
    return []


@pytest.fixture
def slacks(stolen: list[str | None]) -> Iterator[Callable[[int], str]]:
    """An address of Slack's that answers with a redirect of that kind to another host."""
    kind: list[int] = []

    def take(request: BaseHTTPRequestHandler) -> None:
        stolen.append(request.headers.get("Authorization"))
        request.send_response(200)
        request.end_headers()
        request.wfile.write(b'{"ok": true}')

    with host(take) as other:

        def point_there(request: BaseHTTPRequestHandler) -> None:
            request.send_response(kind[0])
            request.send_header("Location", f"http://localhost:{other.server_port}/")
            request.end_headers()

        with host(point_there) as ours:

            def address(status: int) -> str:
                kind[:] = [status]
                return f"http://127.0.0.1:{ours.server_port}/api/"

            yield address


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("maker", MAKERS)
def test_a_call_follows_no_redirect(
    maker: Callable[..., TimelyClient], status: int, slacks: Callable[[int], str], stolen: list[str | None]
) -> None:
    """Slack's own client would, with the token in its hand; each of ours says that Slack did not answer."""
    with pytest.raises(SlackApiError):
        maker(TOKEN, slacks(status)).auth_test()
    assert [] == stolen


def test_neither_does_the_opening_of_a_socket(slacks: Callable[[int], str], stolen: list[str | None]) -> None:
    """The app token is sent by the same client."""
    with pytest.raises(SlackApiError):
        asking_client(TOKEN, slacks(302)).apps_connections_open(app_token="xapp-made-up")
    assert [] == stolen


@pytest.mark.parametrize(
    "address",
    ["http://slack.com/files/tide.mid", "http://www.slack.com/files/tide.mid", "https://slack.com.example/tide.mid"],
)
def test_nor_does_it_travel_in_the_clear(address: str) -> None:
    """Where Slack is asked by https, its name without the s is another host's for all we know."""
    asked: list[str] = []

    def note(request: httpx.Request) -> httpx.Response:
        asked.append(str(request.url))
        return httpx.Response(200)

    class Info:
        token, base_url = TOKEN, "https://slack.com/api/"

        def files_info(self, **_: object) -> dict[str, Any]:
            return {"file": {"id": "F1", "url_private_download": address, "size": 3}}

    with httpx.Client(transport=httpx.MockTransport(note)) as http, pytest.raises(KeyError):
        SlackFiles(Info(), http).download("F1", 100)  # type: ignore[arg-type]  # what it asks of a client
    assert [] == asked


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example/api/",
        "http://slack.com/api/",
        "https://notslack.com/api/",
        "https://slack.com.evil.example/api/",
        "ftp://slack.com/",
    ],
)
def test_a_setting_that_points_elsewhere_is_refused(address: str) -> None:
    """With what to write there, and without the token."""
    with pytest.raises(ConfigurationError, match="SLACK_API_URL must be") as refused:
        slack(Settings.model_validate({"SLACK_API_URL": address, "SLACK_BOT_TOKEN": TOKEN}))
    assert TOKEN not in str(refused.value)


@pytest.mark.parametrize(
    "address",
    [
        "https://slack.com/api/",
        "https://www.slack.com/api/",
        "https://slack-gov.com/api/",
        "http://127.0.0.1:8181/api/",
        "http://[::1]:8181/api/",
    ],
)
def test_slacks_own_hosts_and_this_machine_are_taken(address: str) -> None:
    """GovSlack has a host of its own."""
    assert (TOKEN, address) == slack(Settings.model_validate({"SLACK_API_URL": address, "SLACK_BOT_TOKEN": TOKEN}))
