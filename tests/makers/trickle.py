"""A server that answers a byte now and then, and never comes to an end: what every wait for a part of an answer forgives."""

from __future__ import annotations

import socket
import threading
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nX-Slow: "
_BODY = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 1000000\r\n\r\n"
PAUSE = 0.05
"""Seconds between two bytes."""


@contextmanager
def trickle(*, in_head: bool = False) -> Iterator[str]:
    """Its address, without a slash at the end; in the head of its answer, or in the body, it begins to be slow."""
    over = threading.Event()
    listening = socket.create_server(("127.0.0.1", 0))
    start = _HEAD if in_head else _BODY
    threading.Thread(target=_serve, args=(listening, start, over), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        over.set()
        listening.close()


def _serve(listening: socket.socket, start: bytes, over: threading.Event) -> None:
    with suppress(OSError):  # closed: the test is over
        while True:
            asked, _ = listening.accept()
            threading.Thread(target=_answer, args=(asked, start, over), daemon=True).start()


def _answer(asked: socket.socket, start: bytes, over: threading.Event) -> None:
    with suppress(OSError), asked:  # whoever asked has hung up
        asked.recv(65536)
        asked.sendall(start)
        while not over.wait(PAUSE):
            asked.sendall(b"x")
