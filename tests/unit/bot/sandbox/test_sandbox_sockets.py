"""Socket Mode on the wire: tickets, up to ten connections, who gets an envelope, and a connection's end."""

from __future__ import annotations

import asyncio
import json
import time
from collections import Counter
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any, cast

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from starlette.requests import Request
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from bot.sandbox.backend import Backend, Options
from bot.sandbox.browser import Browser

if TYPE_CHECKING:
    from collections.abc import Iterator

    from starlette.websockets import WebSocket

    from bot.sandbox.client import Sandbox
    from bot.sandbox.server import SandboxServer

ROOM = "C0COMPOSERS"


def ticket(server: SandboxServer) -> str:
    """The address of a new connection."""
    web = WebClient(token=server.app_token, base_url=server.api_url)
    return str(web.apps_connections_open(app_token=server.app_token)["url"])


def heard(connection: ClientConnection) -> dict[str, Any]:
    message: dict[str, Any] = json.loads(connection.recv(timeout=5))
    return message


@pytest.fixture
def ten(server: SandboxServer) -> Iterator[list[ClientConnection]]:
    with ExitStack() as stack:
        yield [stack.enter_context(connect(ticket(server))) for _ in range(10)]


def test_hello_counts_the_connections(ten: list[ClientConnection], server: SandboxServer) -> None:
    """Each hello says which connection it is; there is no eleventh."""
    hellos = [heard(one) for one in ten]
    with pytest.raises(SlackApiError, match="too_many_websockets"):
        ticket(server)
    assert [one["num_connections"] for one in hellos] == list(range(1, 11))
    assert {one["type"] for one in hellos} == {"hello"}


def test_envelopes_go_to_any_connection(ten: list[ClientConnection], sandbox: Sandbox) -> None:
    """One of ten, at random, gets each event, and any other may acknowledge it."""
    for one in ten:
        heard(one)
    for number in range(30):
        sandbox.person("ada").say(ROOM, str(number))
    sandbox.wait_for_log(lambda line: line["args"].get("payload", {}).get("event", {}).get("text") == "29")
    received: Counter[int] = Counter()
    for number, one in enumerate(ten):
        while True:
            try:
                envelope = json.loads(one.recv(timeout=0.1))
            except TimeoutError:
                break
            received[number] += 1
            ten[(number + 1) % 10].send(json.dumps({"envelope_id": envelope["envelope_id"]}))
    sandbox.wait_for_log(lambda line: line["n"] == len(sandbox.log()) and line["state"] == "acked")

    assert received.total() == 30
    assert len(received) > 4
    assert {line["state"] for line in sandbox.log() if line["kind"] == "delivery"} == {"acked"}


def test_ticket_is_used_once(server: SandboxServer) -> None:
    """The address of a connection opens no second one."""
    url = ticket(server)
    with connect(url) as connection:
        heard(connection)
        with pytest.raises(InvalidStatus):
            connect(url)


def test_old_ticket(server: SandboxServer, sandbox: Sandbox) -> None:
    """A ticket that nobody used for half a minute is worth nothing."""
    url = ticket(server)
    sandbox.advance(31)
    with pytest.raises(InvalidStatus):
        connect(url)


def test_end_of_a_connection(server: SandboxServer, sandbox: Sandbox) -> None:
    """After the hours that its hello promised, a connection gets a warning, ten seconds later its end."""
    with connect(ticket(server)) as connection:
        hours = heard(connection)["debug_info"]["approximate_connection_time"]
        sandbox.advance(hours - 10)
        warning = heard(connection)
        sandbox.person("ada").say(ROOM, "still heard")
        event = heard(connection)
        sandbox.advance(10)
        refresh = heard(connection)
        with pytest.raises(ConnectionClosed):
            connection.recv(timeout=5)

    assert (warning["type"], warning["reason"]) == ("disconnect", "warning")
    assert event["payload"]["event"]["text"] == "still heard"
    assert (refresh["type"], refresh["reason"]) == ("disconnect", "refresh_requested")


class Prompt:
    """A connection whose app answers each envelope the moment it has it."""

    def __init__(self, ticket: str) -> None:
        self.query_params = {"ticket": ticket}
        self.seen: list[str] = []
        self._answers: asyncio.Queue[str] = asyncio.Queue()

    async def accept(self) -> None:
        self.seen.append("hello")

    async def send_text(self, text: str) -> None:
        envelope = json.loads(text)
        if "envelope_id" in envelope:
            self.seen.append("sent")
            self._answers.put_nowait(json.dumps({"envelope_id": envelope["envelope_id"]}))

    async def receive_text(self) -> str:
        answer = await self._answers.get()
        self.seen.append("heard")
        return answer


def test_what_an_app_answers_is_heard_while_many_press() -> None:
    """Where many people press at once, an answer does not wait until the last of them has been told: its time would be ours."""

    async def crowd() -> list[str]:
        backend = Backend(None, Options(), time.time, "http://127.0.0.1:1")
        browser, connection = Browser(backend), Prompt(backend.sockets.ticket())
        listening = asyncio.create_task(backend.sockets.serve(cast("WebSocket", connection)))
        await asyncio.sleep(0)
        await asyncio.gather(*(browser.act(pressed("ada", "/kantor status")) for _ in range(20)))
        listening.cancel()
        backend.clock.close()
        backend.close()
        return connection.seen

    seen = asyncio.run(crowd())
    first_heard = seen.index("heard")
    assert seen.count("heard") == seen.count("sent") == 20
    assert seen[:first_heard].count("sent") < 5


def pressed(person: str, text: str) -> Request:
    """A command as the page sends it."""
    body = json.dumps({"as": person, "channel": ROOM, "text": text}).encode()

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    return Request({"type": "http", "method": "POST", "headers": [], "path_params": {"verb": "command"}}, receive)
