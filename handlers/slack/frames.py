"""Socket Mode, message by message: slack_sdk hands over what it has read only when a read ends where a message ends.

While many people submit at once there is always half a message behind the last whole one, so the first of them would wait
until the last one has come; and where a read times out in the middle of a message, its first half would be lost.
"""

from __future__ import annotations

import json
import math
import os
import struct
import threading
import time
from collections import deque
from contextlib import suppress
from queue import Empty
from typing import TYPE_CHECKING, Any

from slack_bolt.adapter.socket_mode.base_handler import BaseSocketModeHandler
from slack_bolt.adapter.socket_mode.internals import run_bolt_app, send_response
from slack_sdk.socket_mode import SocketModeClient

from bot.meters import Meters
from handlers.payloads import kind_of

if TYPE_CHECKING:
    import socket

    from slack_bolt import App
    from slack_sdk.socket_mode.client import BaseSocketModeClient
    from slack_sdk.socket_mode.request import SocketModeRequest

    from bot.waiting import Waiting

_LENGTHS = {126: "!H", 127: "!Q"}
"""How a length is written that does not fit into seven bits (RFC 6455, 5.2)."""
_TEXT, _MASKED = 0x81, 0x80

PATIENCE = 3.0
"""Seconds for which Slack waits for an answer; a later one is heard by nobody."""
AT_ONCE = 30.0
"""Seconds within which a connection that Slack asked us to replace must have its successor, for nothing to be missed: what Slack could
not deliver meanwhile it tells again after a minute."""


class FrameSocket:
    """A socket whose reads end where a frame does; whoever reads from it sits in the one thread of a connection."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock, self._read = sock, bytearray()

    def __getattr__(self, name: str) -> Any:
        """All else is the socket's own."""
        return getattr(self._sock, name)

    def send(self, data: bytes) -> int:
        """All of it: a frame that is sent in part breaks the connection."""
        self._sock.sendall(data)
        return len(data)

    def recv(self, size: int) -> bytes:
        """One frame of the other side, which does not mask; empty where it has hung up. Raises TimeoutError, and loses nothing."""
        while (end := _end_of_frame(self._read)) is None:
            received = self._sock.recv(size)
            if not received:
                return b""
            self._read += received
            if self._read[:1] == b"\n":  # slack_sdk leaves the last byte of the handshake unread; no frame begins so
                del self._read[0]
        frame = bytes(self._read[:end])
        del self._read[:end]
        return frame


def _end_of_frame(read: bytearray) -> int | None:
    """Where the first frame ends; None while it is not all there."""
    if len(read) < 2:
        return None
    length, start = read[1] & 0b0111_1111, 2
    if written := _LENGTHS.get(length):
        start += struct.calcsize(written)
        if len(read) < start:
            return None
        (length,) = struct.unpack_from(written, read, 2)
    end = start + int(length)
    return end if len(read) >= end else None


def text_frame(text: str) -> bytes:
    """A message as we send it, masked (RFC 6455, 5.2 and 5.3).

    slack_sdk masks byte by byte in Python (0.1 ms for a form that leads on), and cannot write a length of more than 65,535.
    """
    payload = text.encode()
    length = len(payload)
    size = length if length < 126 else 126 if length <= 0xFFFF else 127
    head = bytes((_TEXT, _MASKED | size)) + (struct.pack(_LENGTHS[size], length) if size in _LENGTHS else b"")
    mask = os.urandom(4)
    all_over = int.from_bytes((mask * (length // 4 + 1))[:length])
    return head + mask + (int.from_bytes(payload) ^ all_over).to_bytes(length)


class _Answers:
    """What was answered within the last seconds: a connection may have been dead already when it went out. Safe between threads."""

    def __init__(self) -> None:
        self._latest: deque[tuple[float, bytes]] = deque()
        self._desk = threading.Lock()

    def keep(self, frame: bytes) -> None:
        """It is about to be sent."""
        with self._desk:
            self._latest.append((time.monotonic(), frame))
            self._forget()

    def kept(self) -> list[bytes]:
        """Those for which somebody may still wait."""
        with self._desk:
            self._forget()
            return [frame for _, frame in self._latest]

    def _forget(self) -> None:
        while self._latest and self._latest[0][0] < time.monotonic() - PATIENCE:
            self._latest.popleft()


class _Client(SocketModeClient):
    def __init__(self, *args: Any, **settings: Any) -> None:
        self.came = threading.local()
        """When what this thread serves was read, as ``at``."""
        self._answers, self._line, self._asked_at = _Answers(), "", -math.inf
        super().__init__(*args, **settings)

    @property
    def line(self) -> str:
        """The name under which we have been hearing without a gap.

        A connection says in order what it has to say: where its last word is that we are to take another one, and we do so at once,
        nothing was missed.
        """
        return self._line

    def connect(self) -> None:
        """As slack_sdk's; what was answered just before goes out once more, for the old connection may have been dead.

        Slack knows an answer by its envelope; nobody waits for a second one.
        """
        super().connect()
        if not self._line or time.monotonic() - self._asked_at > AT_ONCE:
            self._line = self.session_id() or ""
        self._asked_at = -math.inf
        for frame in self._answers.kept():
            self._send(frame)

    def send_message(self, message: str) -> None:
        """At once, or with the next connection where this one is gone."""
        frame = text_frame(message)
        self._answers.keep(frame)
        self._send(frame)

    def _send(self, frame: bytes) -> None:
        session = self.current_session
        if session is not None:
            with session.sock_send_lock, suppress(OSError):
                if session.sock is not None:
                    session.sock.sendall(frame)

    def process_message(self) -> None:
        """Each request is parsed by whoever serves it: parsed ones that wait would take five times the memory of those that came."""
        with suppress(Empty):
            raw = self.message_queue.get(timeout=1)
            if "disconnect" in raw and json.loads(raw).get("type") == "disconnect":
                self._asked_at = time.monotonic()
                self.connect_to_new_endpoint(force=True)
            else:
                self.message_workers.submit(self._serve, raw, time.monotonic())

    def _serve(self, raw: str, came: float) -> None:
        self.came.at = came
        self.run_message_listeners(json.loads(raw) if raw.startswith("{") else {}, raw)

    def _run_current_session(self) -> None:
        session = self.current_session
        if session is not None:
            with session.sock_send_lock, session.sock_receive_lock:  # so does whoever closes it
                if session.sock is not None and not isinstance(session.sock, FrameSocket):
                    session.sock = FrameSocket(session.sock)  # type: ignore[assignment]  # a protocol would do there
        super()._run_current_session()  # type: ignore[no-untyped-call]  # slack_sdk has no annotation there


class FrameHandler(BaseSocketModeHandler):
    """Bolt's handler on a connection that reads frames. From a request's coming until its acknowledgement somebody waits.

    Args:
        app: The app.
        app_token: For Socket Mode.
        waiting: Is told.
        meters: Count, and know how long it took.
        settings: As slack_sdk's client takes them.
    """

    client: _Client

    def __init__(
        self, app: App, app_token: str, waiting: Waiting, meters: Meters | None = None, **settings: Any
    ) -> None:
        self.app, self._waiting, self._meters = app, waiting, meters or Meters()
        self.client = _Client(app_token, app.logger, app.client, proxy=app.client.proxy, **settings)
        self.client.socket_mode_request_listeners.append(self.handle)

    def handle(self, client: BaseSocketModeClient, req: SocketModeRequest) -> None:
        """As Bolt's."""
        kind = kind_of(req.payload)
        with self._waiting.somebody():
            said = run_bolt_app(self.app, req)
            send_response(client, req, said, 0.0)
        if said.status == 200:
            self._meters.acked(kind, time.monotonic() - self.client.came.at)
        else:
            self._meters.unacked(kind)
