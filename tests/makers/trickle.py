"""A server that answers a byte now and then, and never comes to an end: what every wait for a part of an answer forgives."""

from __future__ import annotations

import socket
import threading
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_HEAD = b"HTTP/1.1 200 OK\r\nConnection: close\r\nX-Slow: "
_BODY = b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Type: application/json\r\n\r\n"
PAUSE = 0.05
"""Seconds between two bytes."""


@contextmanager
def trickle(*, in_head: bool = False) -> Iterator[str]:
    """Its address, without a slash at the end; in the head of its answer, or in the body, it begins to be slow.

    At the end of the block all answers end, in good order: whoever still reads is left no broken connection.
    """
    over, answers = threading.Event(), list[threading.Thread]()
    listening = socket.create_server(("127.0.0.1", 0))
    start = _HEAD if in_head else _BODY
    door = threading.Thread(target=_serve, args=(listening, start, over, answers), daemon=True)
    door.start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        over.set()
        listening.shutdown(socket.SHUT_RDWR)  # wakes the door
        for thread in (door, *answers):
            thread.join(10)
        listening.close()


def _serve(listening: socket.socket, start: bytes, over: threading.Event, answers: list[threading.Thread]) -> None:
    with suppress(OSError):  # shut: the test is over
        while True:
            asked, _ = listening.accept()
            answers.append(threading.Thread(target=_answer, args=(asked, start, over), daemon=True))
            answers[-1].start()


def _answer(asked: socket.socket, start: bytes, over: threading.Event) -> None:
    with suppress(OSError), asked:  # whoever asked has hung up
        asked.settimeout(10)
        asked.recv(65536)
        asked.sendall(start)
        while not over.wait(PAUSE):
            asked.sendall(b"x")
        asked.shutdown(socket.SHUT_WR)
        while asked.recv(65536):
            pass
