"""The server of HTTP: loaded when somebody knocks, ended when it is told, and not held up by who sends byte by byte."""

from __future__ import annotations

import socket
import subprocess
import sys
import threading
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

import httpx
import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from bot.errors import ConfigurationError
from bot.web.limits import Limits
from bot.web.server import Server, bound

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from starlette.requests import Request

ANYWHERE = "127.0.0.1:0"
HURRY = Limits(head_seconds=0.3, head_bytes=4096, connections=8, idle_seconds=30)


def saying(words: Callable[[], str]) -> Starlette:
    """What answers with that, in a thread."""

    def say(_: Request) -> PlainTextResponse:
        return PlainTextResponse(words())

    return Starlette(routes=[Route("/", say, methods=["GET", "POST"])])


@contextmanager
def served(words: Callable[[], str] = lambda: "hello", *, at_once: bool = True) -> Iterator[Server]:
    """It, running."""
    server = Server(bound(ANYWHERE, "X"), lambda: saying(words), "test", limits=HURRY, at_once=at_once)
    server.start()
    try:
        yield server
    finally:
        server.stop()


def get(server: Server) -> httpx.Response:
    """What it says."""
    return httpx.get(f"http://127.0.0.1:{server.port}/", trust_env=False, timeout=30)


def line(server: Server) -> socket.socket:
    """A connection by hand."""
    return socket.create_connection(("127.0.0.1", server.port), timeout=30)


def heard(connection: socket.socket) -> bytes:
    """All that comes until the other side hangs up."""
    parts = []
    with suppress(ConnectionError):
        while part := connection.recv(65_536):
            parts.append(part)
    return b"".join(parts)


def test_who_knocks_first_is_answered() -> None:
    """Nothing that serves is loaded before that, and whoever came is not refused meanwhile."""
    with served(at_once=False) as server:
        before = server.is_serving
        assert "hello" == get(server).text
        assert (False, True) == (before, server.is_serving)
    assert not server.is_serving


def test_nobody_knocked_and_it_ends() -> None:
    """As soon as it is told."""
    with served(at_once=False):
        pass


def test_nothing_is_loaded_until_somebody_knocks() -> None:
    """A bot that nobody looks at keeps the memory."""
    asked = (
        "import sys, time; from bot.web.server import Server, bound\n"
        "server = Server(bound('127.0.0.1:0', 'X'), lambda: None, 'x'); server.start(); time.sleep(0.2)\n"
        "print(sorted({'uvicorn', 'starlette', 'prometheus_client'} & set(sys.modules))); server.stop()"
    )
    done = subprocess.run((sys.executable, "-c", asked), capture_output=True, text=True, check=True, timeout=120)
    assert "[]" == done.stdout.strip()


def test_a_taken_port_is_told_with_the_setting() -> None:
    """So is an address that this machine does not have, and nobody's bot dies of a traceback."""
    with served() as server:
        taken = f"127.0.0.1:{server.port}"
        with pytest.raises(ConfigurationError, match=f"KANTOR_METRICS_ADDRESS={taken} cannot be listened at"):
            bound(taken, "KANTOR_METRICS_ADDRESS")
    with pytest.raises(ConfigurationError, match="KANTOR_HTTP_ADDRESS is not set"):
        bound("", "KANTOR_HTTP_ADDRESS")
    with pytest.raises(ConfigurationError, match="is no address"):
        bound("nobody.invalid:9", "X")
    with pytest.raises(ConfigurationError, match="cannot be listened at"):
        bound("192.0.2.1:9", "X")


def test_who_is_being_served_has_the_answer_before_the_end() -> None:
    """A stop in the middle of an answer waits for it, and takes nobody new."""
    begun, go = threading.Event(), threading.Event()

    def slowly() -> str:
        begun.set()
        go.wait(30)
        return "after all"

    said: list[str] = []
    with served(slowly) as server:
        asking = threading.Thread(target=lambda: said.append(get(server).text))
        asking.start()
        begun.wait(30)
        stopping = threading.Thread(target=server.stop, args=(30.0,))
        stopping.start()
        refused = False
        while not refused:
            try:
                line(server).close()
                time.sleep(0.02)
            except OSError:
                refused = True
        go.set()
        asking.join()
        stopping.join()
    assert ["after all"] == said


def test_who_takes_longer_than_the_grace_is_left() -> None:
    """A stop is not held up for ever."""
    begun, go = threading.Event(), threading.Event()

    def never() -> str:
        begun.set()
        go.wait(60)
        return ""

    server = Server(bound(ANYWHERE, "X"), lambda: saying(never), "test", at_once=True)
    server.start()
    with line(server) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        begun.wait(30)
        threading.Timer(0.5, go.set).start()  # the thread that answers cannot be ended
        server.stop(grace=0.1)
        assert b"200" not in heard(connection)


@pytest.mark.parametrize(
    "sent", [b"", b"GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ", b"GET / HTTP/1.1\r\nHost: x\r\n\r\nGET / HT"]
)
def test_headers_that_never_end_are_hung_up_on(sent: bytes) -> None:
    """At the first request of a connection, and at a later one; others are served meanwhile."""
    with served() as server, line(server) as slow:
        slow.sendall(sent)
        assert "hello" == get(server).text
        while not has_hung_up(slow):
            with suppress(ConnectionError):
                slow.sendall(b"x" if sent else b"")
            time.sleep(0.02)


def has_hung_up(connection: socket.socket) -> bool:
    """Whether the other side has, by now; what it said before is passed over."""
    connection.settimeout(0.01)
    try:
        return not connection.recv(4096)
    except TimeoutError:
        return False
    except ConnectionError:
        return True


def test_more_than_so_many_connections_are_turned_away() -> None:
    """With 503, and those that were there are served."""
    with served() as server:
        lines = [line(server) for _ in range(HURRY.connections)]
        lines[-1].sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        assert b" 503 " in lines[-1].recv(4096)
        for each in lines:
            each.close()


def test_what_is_no_http_is_answered_400() -> None:
    """So are headers that are too long, and the server goes on."""
    with served() as server:
        for sent in (b"\x16\x03\x01\x02\x00hello\r\n\r\n", b"GET / HTTP/1.1\r\nX: " + b"x" * 8192):
            with line(server) as connection:
                connection.sendall(sent)
                assert b" 400 " in heard(connection)
        assert "hello" == get(server).text
