"""The address at which Slack's requests come in, attacked: what is not signed by Slack, now, whole and in time, nobody reads."""

from __future__ import annotations

import hmac
import json
import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from hashlib import sha256
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import httpx
import pytest
from slack_bolt.authorization import AuthorizeResult
from slack_sdk import WebClient

from bot.sandbox.http_mode import signature
from bot.waiting import Waiting
from bot.web.intake import PATH, Intake
from bot.web.limits import Limits
from bot.web.server import Server, bound
from handlers.slack.prompt import PromptApp
from handlers.slack.requests import REPLAY_SECONDS, SignedRequests
from tests.makers.counted import Counted
from tests.makers.stage import eventually

if TYPE_CHECKING:
    from collections.abc import Iterator

SECRET = "c0ffee"
NOW = 1_800_000_000
MOST = 100_000
FORM, JSON = "application/x-www-form-urlencoded", "application/json"
EVENT = {"type": "event_callback", "event_id": "Ev1", "event": {"type": "message", "user": "U1", "text": "hello"}}
EVENT["event"] |= {"channel": "C1", "ts": "1.1"}  # type: ignore[operator]  # a dictionary
COMMAND = {"command": "/kantor", "text": "help", "user_id": "U1", "channel_id": "C1", "trigger_id": "1.1"}


class Door:
    """A real app at a real address, and a person who knocks."""

    def __init__(self, seconds: float = 60.0) -> None:
        self.bodies: list[dict[str, Any]] = []
        self.tries: list[int] = []
        self.meters = Counted()
        us = AuthorizeResult(enterprise_id=None, team_id="T1", bot_token="xoxb-x", bot_id="B1", bot_user_id="U2")
        self.app = PromptApp(
            executor=ThreadPoolExecutor(2, "listener"), client=WebClient("xoxb-x"), authorize=lambda: us
        )
        self.app.event("message")(self._event)
        self.app.command("/kantor")(self._command)
        self.app.view("form")(lambda ack: ack(response_action="errors", errors={"a": "Too slow."}))
        signed = SignedRequests(
            self.app, SECRET, Waiting(), heard=self.tries.append, meters=self.meters, now=lambda: NOW
        )
        executor = ThreadPoolExecutor(4, "request")
        intake = Intake(signed, executor, self.meters, most=MOST, seconds=seconds)
        limits = Limits(head_seconds=60.0, connections=100)
        self.server = Server(bound("127.0.0.1:0", "X"), intake.application, "test", limits=limits, at_once=True)
        self.client = httpx.Client(base_url=f"http://127.0.0.1:{self.server.port}", trust_env=False, timeout=30)

    def _event(self, body: dict[str, Any]) -> None:
        self.bodies.append(body)

    def _command(self, ack: Any, body: dict[str, Any]) -> None:
        self.bodies.append(body)
        ack(f"You said {body['text']}")

    @contextmanager
    def open(self) -> Iterator[Door]:
        """Until the end."""
        self.server.start()
        with self.client:
            yield self
        self.server.stop()

    def send(
        self, body: bytes | str, kind: str | None = JSON, stamp: object = NOW, signed: str | None = None, **more: str
    ) -> httpx.Response:
        """Signed as Slack does, but for what is said."""
        data = body.encode() if isinstance(body, str) else body
        own = signature(str(stamp), data.decode(errors="replace"), SECRET) if signed is None else signed
        headers = {"X-Slack-Request-Timestamp": str(stamp), "X-Slack-Signature": own}
        headers |= {name.replace("_", "-"): value for name, value in more.items()}
        return self.client.post(PATH, content=data, headers=headers | ({"Content-Type": kind} if kind else {}))

    @contextmanager
    def line(self) -> Iterator[socket.socket]:
        """A connection by hand."""
        with socket.create_connection(("127.0.0.1", self.server.port), timeout=30) as connection:
            yield connection


@pytest.fixture
def door() -> Iterator[Door]:
    with Door().open() as door:
        yield door


def head(length: int | None, body: bytes = b"", *more: str, method: str = "POST", path: str = PATH) -> bytes:
    """A request's headers, with the right signature of that body."""
    lines = [f"{method} {path} HTTP/1.1", "Host: x", f"Content-Type: {JSON}", f"X-Slack-Request-Timestamp: {NOW}"]
    lines += [f"X-Slack-Signature: {signature(str(NOW), body.decode(), SECRET)}", *more]
    lines += [f"Content-Length: {length}"] if length is not None else []
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def status(connection: socket.socket) -> int:
    """Of the answer; 0 where the other side hangs up without one."""
    with suppress(ConnectionError):
        answer = connection.recv(4096)
        return int(answer.split(b" ")[1]) if answer else 0
    return 0


def test_what_slack_signs_is_answered(door: Door) -> None:
    """Events as JSON, commands as forms, interactions as JSON in a form; the answer is what the listener acknowledged with."""
    view = {"type": "view_submission", "view": {"type": "modal", "callback_id": "form"}, "user": {"id": "U1"}}
    challenge = {"type": "url_verification", "challenge": "3eZbrw1aB", "token": "x"}
    assert 200 == door.send(json.dumps(EVENT)).status_code
    assert "You said help" == door.send(urlencode(COMMAND), FORM).text
    assert {"response_action": "errors", "errors": {"a": "Too slow."}} == door.send(
        urlencode({"payload": json.dumps(view)}), FORM
    ).json()
    assert {"challenge": "3eZbrw1aB"} == door.send(json.dumps(challenge)).json()
    assert [(kind,) for kind in ("event", "command", "view_submission", "url_verification")] == door.meters.of("acked")
    assert [] == door.meters.of("turned_away")


@pytest.mark.parametrize(
    ("stamp", "signed"),
    [
        (NOW, "v0=" + "0" * 64),
        (NOW, ""),
        (NOW, "v0="),
        (NOW, "v1=" + "0" * 64),
        (NOW, "v0=" + "é" * 64),
        (NOW, signature(str(NOW), json.dumps(EVENT), "another secret")),
        (NOW, signature(str(NOW), json.dumps(EVENT) + " ", SECRET)),
        (NOW - 1, signature(str(NOW), json.dumps(EVENT), SECRET)),
        (NOW - REPLAY_SECONDS - 1, None),
        (NOW + REPLAY_SECONDS + 1, None),
        ("", None),
        ("-1", None),
        ("NaN", None),
        ("9" * 400, None),
        (f"{NOW}.0", None),
        (f"{NOW}_0", None),
    ],
)
def test_what_slack_has_not_signed_just_now_is_refused(door: Door, stamp: object, signed: str | None) -> None:
    """Not one byte of it is parsed, whatever stands in its headers."""
    own = signature(str(stamp), json.dumps(EVENT), SECRET) if signed is None else signed
    headers = [(b"Content-Type", JSON.encode()), (b"X-Slack-Request-Timestamp", str(stamp).encode())]
    headers.append((b"X-Slack-Signature", own.encode()))
    answer = door.client.post(PATH, content=json.dumps(EVENT), headers=headers)
    assert (401, "") == (answer.status_code, answer.text)
    assert ([("signature",)], [], []) == (door.meters.of("turned_away"), door.bodies, door.tries)


def test_what_was_signed_within_five_minutes_is_taken(door: Door) -> None:
    """On both sides: no two clocks are the same."""
    for stamp in (NOW - REPLAY_SECONDS, NOW + REPLAY_SECONDS):
        assert 200 == door.send(json.dumps(EVENT), stamp=stamp).status_code


@pytest.mark.parametrize("name", ["X-Slack-Signature", "X-Slack-Request-Timestamp"])
def test_a_header_that_is_there_twice_counts_for_nothing(door: Door, name: str) -> None:
    """Whoever stands between might have read the other one."""
    body = json.dumps(EVENT).encode()
    good = {"X-Slack-Signature": signature(str(NOW), body.decode(), SECRET), "X-Slack-Request-Timestamp": str(NOW)}
    for order in ((good[name], "v0=0"), ("1", good[name]), (good[name], good[name])):
        headers = [(each, value) for each, value in good.items() if each != name] + [(name, value) for value in order]
        assert 401 == door.client.post(PATH, content=body, headers=headers).status_code


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "BREW"])
def test_other_methods_are_refused(door: Door, method: str) -> None:
    """With the right signature, too."""
    with door.line() as connection:
        connection.sendall(head(0, b"", method=method))
        assert 405 == status(connection)


def test_other_places_are_not_there(door: Door) -> None:
    """One path, written in one way."""
    for path in (
        "/",
        "/slack",
        "/slack/events/",
        "/slack/events/../events",
        "//slack/events",
        "/slack/events;x",
        "/metrics",
    ):
        with door.line() as connection:
            connection.sendall(head(0, b"", path=path))
            assert status(connection) in {404, 307}, path
    assert [] == door.bodies


def test_slacks_look_at_the_certificate_is_answered(door: Door) -> None:
    """It is a GET, unsigned, and changes nothing."""
    assert 200 == door.client.get(PATH, params={"ssl_check": "1", "token": "x"}).status_code


def test_a_body_that_is_too_long_is_not_read(door: Door) -> None:
    """By its own word before any of it came, and without a word as soon as it is too long."""
    with door.line() as connection:
        connection.sendall(head(10**12))
        assert 413 == status(connection)
    with door.line() as connection:
        connection.sendall(head(None, b"", "Transfer-Encoding: chunked"))
        part = b"8000\r\n" + b"x" * 0x8000 + b"\r\n"
        with suppress(ConnectionError):
            for _ in range(2 * MOST // 0x8000):
                connection.sendall(part)
        assert 413 == status(connection)
    assert [("size",)] * 2 == door.meters.of("turned_away")
    largest = json.dumps(EVENT | {"token": "x"}).ljust(MOST)
    assert (200, 413) == (door.send(largest).status_code, door.send(largest + " ").status_code)


def test_a_body_that_comes_byte_by_byte_is_not_waited_for() -> None:
    """However many send so, others are served, and they are hung up on."""
    with Door(seconds=1.0).open() as door, ThreadPoolExecutor(10) as hands:
        slow = [hands.submit(_drip, door) for _ in range(10)]
        assert 200 == door.client.get(PATH, params={"ssl_check": "1"}).status_code
        assert {408} == {each.result() for each in slow}
        assert [("slow",)] * 10 == door.meters.of("turned_away")


def _drip(door: Door) -> int:
    with door.line() as connection:
        connection.sendall(head(1000))
        connection.settimeout(0.02)
        while True:
            with suppress(ConnectionError):
                connection.sendall(b"x")
            with suppress(TimeoutError):
                return status(connection)


def test_who_hangs_up_in_the_middle_harms_nobody(door: Door) -> None:
    """Half a body is no request."""
    for _ in range(20):
        with door.line() as connection:
            connection.sendall(head(1000) + b"{")
    assert 200 == door.send(json.dumps(EVENT)).status_code
    eventually(lambda: [EVENT["event_id"]] == [body["event_id"] for body in door.bodies], "the whole one")


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (json.dumps(EVENT), "application/json; charset=utf-8"),
        (json.dumps(EVENT), "Application/JSON"),
        (json.dumps(EVENT), None),
        (json.dumps(EVENT), "text/plain"),
        (json.dumps(EVENT), FORM),
        (urlencode({"payload": json.dumps(EVENT)}), f"{FORM}; charset=UTF-8"),
        (urlencode({"payload": json.dumps(EVENT)}), "multipart/form-data; boundary=x"),
        (urlencode({"payload": json.dumps(EVENT)}), ""),
    ],
)
def test_the_content_type_may_be_written_in_any_way(door: Door, body: str, kind: str | None) -> None:
    """What Slack has signed is read by its look."""
    assert 200 == door.send(body, kind).status_code
    assert [("event",)] == door.meters.of("acked")


@pytest.mark.parametrize(
    "body",
    [
        "",
        "{",
        "[]",
        "{} {}",
        '"text"',
        "payload=",
        "payload=%5B%5D",
        "payload=nonsense",
        "[" * 50_000,
        '{"a":' * 20_000,
        urlencode({f"k{number}": "v" for number in range(2_000)}),
    ],
)
def test_what_cannot_be_read_is_answered_and_does_no_harm(door: Door, body: str) -> None:
    """Neither 500 nor a traceback, and the next one is served."""
    assert door.send(body, kind=None).status_code in {400, 404}
    assert 200 == door.send(json.dumps(EVENT)).status_code


def test_bytes_that_are_no_text_are_answered(door: Door) -> None:
    """With a signature over the bytes as they are."""
    body = b"\xff\xfe{}"
    own = "v0=" + hmac.new(SECRET.encode(), b"v0:%d:%s" % (NOW, body), sha256).hexdigest()
    assert 400 == door.send(body, signed=own).status_code


@pytest.mark.parametrize("payload", [{"type": "unheard_of"}, {"type": ["event_callback"]}, {"type": None}, {"a": 1}])
def test_a_type_that_nobody_knows_is_not_acknowledged(door: Door, payload: dict[str, Any]) -> None:
    """Slack is told so, and its name is no name of a figure: nobody can fill a registry with names."""
    assert 404 == door.send(json.dumps(payload)).status_code
    assert [("unacked", "other")] == door.meters.told


def test_the_word_payload_in_a_command_is_a_word(door: Door) -> None:
    """Bolt's own reader takes it for a form without fields, and forgets the command."""
    assert "You said payload" == door.send(urlencode(COMMAND | {"text": "payload"}), FORM).text


def test_a_repeat_is_taken_like_the_first(door: Door) -> None:
    """It may be the only one that arrives; the number of the try is told to who watches for silence."""
    door.send(json.dumps(EVENT))
    door.send(json.dumps(EVENT), X_Slack_Retry_Num="3", X_Slack_Retry_Reason="http_timeout")
    door.send(json.dumps(EVENT), X_Slack_Retry_Num="x" * 99)
    assert [0, 3, 0] == door.tries
    eventually(lambda: 3 == len(door.bodies), "all three")


def test_headers_of_bolts_own_are_not_handed_on(door: Door) -> None:
    """They are not signed: whoever stands between could make Bolt look for lazy listeners, and for nothing else."""
    answer = door.send(urlencode(COMMAND), FORM, X_Slack_Bolt_Lazy_Only="1", X_Slack_Bolt_Lazy_Function_Name="x")
    assert "You said help" == answer.text


def test_many_at_once_are_all_answered(door: Door) -> None:
    """More than there are threads."""
    with ThreadPoolExecutor(20) as hands:
        answers = list(hands.map(lambda _: door.send(urlencode(COMMAND), FORM).text, range(60)))
    assert ["You said help"] * 60 == answers


def test_a_wrong_secret_is_one_line_of_the_log(door: Door, caplog: pytest.LogCaptureFixture) -> None:
    """Which says what to look at, and nothing of what came."""
    for _ in range(5):
        door.send(json.dumps(EVENT), signed=signature(str(NOW), json.dumps(EVENT), "hunter2"))
    lines = [record.getMessage() for record in caplog.records if "SLACK_SIGNING_SECRET" in record.getMessage()]
    assert 1 == len(lines)
    assert [] == [word for word in (SECRET, "hunter2", "hello", "v0=") if word in caplog.text]


def test_a_stop_lets_those_who_are_in_have_their_answers() -> None:
    """What was committed is acknowledged: a rating that the judge would send again is none the less there."""
    door = Door()
    begun, go = threading.Event(), threading.Event()

    def slowly(ack: Any) -> None:
        begun.set()
        go.wait(30)
        ack("done")

    door.app.command("/slow")(slowly)
    said: list[str] = []
    with door.open():
        asking = threading.Thread(
            target=lambda: said.append(door.send(urlencode(COMMAND | {"command": "/slow"}), FORM).text)
        )
        asking.start()
        begun.wait(30)
        threading.Timer(0.2, go.set).start()
        door.server.stop()
        asking.join()
    assert ["done"] == said
