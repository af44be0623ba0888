"""No web page but the sandbox's own gives it orders or reads from it."""

from __future__ import annotations

import httpx
import pytest

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
