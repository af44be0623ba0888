"""No web page but the sandbox's own gives it orders or reads from it."""

from __future__ import annotations

import json

import httpx
import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from bot.sandbox.client import Sandbox
from bot.sandbox.server import SandboxServer


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({}, 200),
        ({"Origin": "OWN"}, 200),
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "http://127.0.0.1:1"}, 403),
        ({"Origin": "null"}, 403),
        ({"Host": "evil.example"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Content-Type": "text/plain"}, 415),
    ],
)
@pytest.mark.parametrize("path", ["/sandbox/act/browse", "/sandbox/control/snapshot"])
def test_an_order_is_taken_as_json_from_programs_and_our_own_page(
    path: str, headers: dict[str, str], expected: int
) -> None:
    """Another page's order, a foreign name and plain text are turned away."""
    with SandboxServer() as server, httpx.Client(base_url=server.base_url) as http:
        person = http.get("/sandbox/state").json()["me"]["id"]
        own = {name: value.replace("OWN", server.base_url) for name, value in headers.items()}
        answer = http.post(path, json={"as": person}, headers=own)
    assert expected == answer.status_code


@pytest.mark.parametrize(("headers", "expected"), [({}, 200), ({"Origin": "http://evil.example"}, 403)])
def test_an_order_without_a_body_needs_no_type(headers: dict[str, str], expected: int) -> None:
    """A program's bare POST is done; another page's is refused as ever."""
    with SandboxServer() as server:
        answer = httpx.post(f"{server.base_url}/sandbox/control/reset", headers=headers)
    assert expected == answer.status_code


@pytest.mark.parametrize("headers", [{"Host": "evil.example"}, {"Origin": "http://evil.example"}])
@pytest.mark.parametrize("path", ["/sandbox/control/log", "/sandbox/state", "/api/auth.test", "/link/"])
def test_nothing_is_read_from_elsewhere(path: str, headers: dict[str, str]) -> None:
    """A foreign name and a foreign page read neither the log nor the API, and open no socket."""
    upgrade = {"Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13"}
    key = {"Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ=="}
    with SandboxServer() as server, httpx.Client(base_url=server.base_url) as http:
        answer = http.get(path, headers=headers | (upgrade | key if path == "/link/" else {}))
    assert answer.status_code == 403


@pytest.mark.parametrize("path", ["/sandbox/files/F1", "/sandbox/control/file/F1", "/files-pri/T-F1/download/a.html"])
def test_files_leave_as_attachments(path: str) -> None:
    """What somebody uploaded runs nothing in the sandbox's name."""
    with SandboxServer() as server, httpx.Client(base_url=server.base_url) as http:
        answer = http.get(path)
    expected = ("attachment", "default-src 'none'; sandbox", "nosniff")
    names = ("Content-Disposition", "Content-Security-Policy", "X-Content-Type-Options")
    assert expected == tuple(answer.headers.get(name) for name in names)


@pytest.mark.parametrize("odd", ["NaN", "Infinity", "1e400", "-1e300", "[]", "{}x", '"soon"', "true"])
def test_an_odd_number_gets_a_sentence(odd: str) -> None:
    """The clock stands as it stood, and whoever asked reads what a number is."""
    with SandboxServer() as server, httpx.Client(base_url=server.base_url) as http:
        headers = {"Content-Type": "application/json"}
        body = f'{{"seconds": [{odd}]}}' if odd == "[]" else f'{{"seconds": {odd}}}'
        answer = http.post("/sandbox/control/advance", content=body, headers=headers)
    assert (400, True) == (answer.status_code, answer.json()["text"].endswith("."))


@pytest.mark.parametrize(
    "path",
    ["control/log?since=x", "control/latency?since=-1", "state?since=NaN&wait=1", "state?since=1&wait=NaN"],
)
def test_an_odd_number_in_an_address_gets_a_sentence(path: str) -> None:
    """The same where something is read."""
    with SandboxServer() as server, httpx.Client(base_url=server.base_url) as http:
        answer = http.get(f"/sandbox/{path}")
    assert (400, "invalid_number") == (answer.status_code, answer.json()["error"])


@pytest.mark.parametrize(
    ("origin", "opens"), [(None, True), ("OWN", True), ("http://evil.example", False), ("null", False)]
)
def test_a_socket_opens_for_programs_and_our_own_page(origin: str | None, opens: bool) -> None:
    """With a ticket that is good: another page gets no hello, only its refusal."""
    with SandboxServer() as server:
        token = {"Authorization": f"Bearer {server.app_token}"}
        ticket = httpx.post(f"{server.api_url}apps.connections.open", headers=token).json()["url"]
        own = server.base_url if origin == "OWN" else origin
        try:
            with connect(ticket, origin=own) as socket:  # type: ignore[arg-type]  # a NewType of str
                said = json.loads(socket.recv(timeout=10))["type"]
        except InvalidStatus as refused:
            said = str(refused.response.status_code)
    assert said == ("hello" if opens else "403")


@pytest.mark.parametrize(
    ("path", "odd"),
    [
        ("control/fault", {"method": 5, "mode": "slow"}),
        ("control/fault", {"event": True, "mode": "lose"}),
        ("control/fault", {"method": "chat.postMessage", "mode": "error", "error": 5}),
        ("control/fault", {"method": "chat.postMessage", "mode": "slow", "seconds": "x"}),
        ("control/fault", {"method": "chat.postMessage", "mode": "slow", "times": [[]]}),
        ("control/fault", {"method": "chat.postMessage", "mode": "rate_limited", "retry_after": "NaN"}),
        ("act/say", {"text": "x", "thread_ts": [[]]}),
        ("act/invite", {"users": 5}),
        ("act/create_channel", {"name": "n", "members": True}),
        ("act/action", {"container": "x"}),
        ("act/submit", {"state": "x"}),
        ("act/submit", {"state": {"values": {"b1": 5}}}),
        ("act/suggest", {"container": [1]}),
    ],
)
def test_what_has_another_shape_gets_a_sentence(path: str, odd: dict[str, object]) -> None:
    """A list where a word belongs, a word where an object does: no 500."""
    with SandboxServer() as server, httpx.Client(base_url=server.base_url) as http:
        answer = http.post(f"/sandbox/{path}", json={"as": "U0ADA", "channel": "C0COMPOSERS", **odd})
    told = answer.json()
    assert answer.status_code < 500
    assert (False, True) == (told["ok"], told["text"].endswith("."))


@pytest.mark.parametrize(
    ("method", "odd", "error"),
    [
        ("conversations.history", {"oldest": "x"}, "invalid_ts_oldest"),
        ("conversations.history", {"latest": "NaN"}, "invalid_ts_latest"),
        ("conversations.history", {"limit": [[]]}, "invalid_arguments"),
        ("users.list", {"limit": float("1e308")}, ""),
        ("chat.postMessage", {"text": "x", "thread_ts": [[]]}, "thread_not_found"),
        ("files.completeUploadExternal", {"files": [[]]}, "invalid_arguments"),
    ],
)
def test_an_odd_argument_of_the_api_is_an_error(method: str, odd: dict[str, object], error: str) -> None:
    """Slack's own word for it where it has one."""
    with SandboxServer() as server:
        token = {"Authorization": f"Bearer {server.bot_token}"}
        answer = httpx.post(f"{server.api_url}{method}", json={"channel": "C0COMPOSERS", **odd}, headers=token)
    assert (200, error) == (answer.status_code, answer.json().get("error", ""))


@pytest.mark.parametrize("asked", ["bytes=-x", "bytes=x-", "bytes=-", "bytes=--1", f"bytes={'9' * 5000}-", "lines=1-2"])
def test_an_odd_range_gets_the_whole_file(asked: str) -> None:
    """As if none had been asked for."""
    with SandboxServer() as server, Sandbox(server.base_url) as sandbox:
        ada = sandbox.person("ada")
        file = ada.upload("C0COMPOSERS", "tide.mid", b"0123456789")
        address = f"{server.base_url}/sandbox/files/{file['files'][0]['id']}"
        answer = httpx.get(address, params={"as": "U0ADA"}, headers={"Range": asked})
        part = httpx.get(address, params={"as": "U0ADA"}, headers={"Range": "bytes=-4"})
    assert (200, b"0123456789") == (answer.status_code, answer.content)
    assert (206, b"6789") == (part.status_code, part.content)
