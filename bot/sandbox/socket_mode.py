"""Socket Mode: tickets, up to ten connections, envelopes to a random one, acks by envelope id on any of them."""

from __future__ import annotations

import asyncio
import contextlib
import json
import random
import secrets
import uuid
from typing import TYPE_CHECKING

from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketDisconnected

from bot.sandbox.shapes import APP_ID, Json, SlackError, encoded

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.sandbox.clock import Clock, Timer
    from bot.sandbox.delivery import Delivery, Failure
    from bot.sandbox.hub import Hub

MOST_CONNECTIONS = 10
TICKET_SECONDS = 30.0
# A connection lives about five hours; ten seconds before its end Slack gives warning.
LIFE_SECONDS = 18_060.0
WARNING_SECONDS = 10.0
# Bytes that the app may send in one frame; seen by people whose apps answered with large views, and in no document.
LARGEST_FRAME = 20_480
# Acks that are this far behind are not waited for any more.
_UNACKED_KEPT = 10_000


class SocketMode:
    """The app's connections, and what was sent to them and is not acknowledged yet."""

    timeout_reason = "timeout"

    def __init__(self, clock: Clock, hub: Hub) -> None:
        self._clock = clock
        self._hub = hub
        self._tickets: dict[str, float] = {}
        self._connections: dict[str, WebSocket] = {}
        self._waiting: dict[str, Callable[[Json], None]] = {}
        self._partings: set[asyncio.Task[None]] = set()
        self._random = random.Random(1)  # noqa: S311 - which socket gets an envelope is no secret

    @property
    def connected(self) -> bool:
        """Say whether an app is there."""
        return bool(self._connections)

    def ticket(self) -> str:
        """Make a ticket for one connection, good for half a minute."""
        if len(self._connections) >= MOST_CONNECTIONS:
            raise SlackError("too_many_websockets")
        ticket = secrets.token_urlsafe(18)
        self._tickets[ticket] = self._clock.now()
        return ticket

    async def serve(self, socket: WebSocket) -> None:
        """Serve one connection from hello to its end; a ticket that was used, is too old or was never made is refused."""
        made = self._tickets.pop(socket.query_params.get("ticket", ""), None)
        full = len(self._connections) >= MOST_CONNECTIONS
        if made is None or self._clock.now() - made > TICKET_SECONDS or full:
            await socket.close(code=1008)
            return
        await socket.accept()
        name = str(uuid.uuid4())
        self._connections[name] = socket
        timers = self._end_of_life(name)
        try:
            await socket.send_text(json.dumps(self._hello()))
            self._announce()
            await self._listen(socket)
        except (WebSocketDisconnect, WebSocketDisconnected):  # heard, or found out when reading again after a cut
            pass
        finally:
            for timer in timers:
                timer.cancel()
            self._connections.pop(name, None)
            self._announce()

    async def _listen(self, socket: WebSocket) -> None:
        while True:
            text = await socket.receive_text()
            if len(text.encode()) > LARGEST_FRAME:
                await socket.close(code=1009, reason=f"Max frame length of {LARGEST_FRAME} has been exceeded.")
                return
            try:
                answer = json.loads(text)
            except ValueError:
                continue
            if isinstance(answer, dict):
                heard = self._waiting.pop(str(answer.get("envelope_id")), None)
                if heard is not None:
                    heard(answer.get("payload") or {})

    def _announce(self) -> None:
        self._hub.publish({"type": "bot", "connected": self.connected})

    def _hello(self) -> Json:
        debug = {"host": "sandbox", "build_number": 1, "approximate_connection_time": int(LIFE_SECONDS)}
        info = {"app_id": APP_ID}
        return {
            "type": "hello",
            "num_connections": len(self._connections),
            "debug_info": debug,
            "connection_info": info,
        }

    async def send(self, delivery: Delivery, heard: Callable[[Json], None], _: Callable[[Failure], None]) -> None:
        """Send an envelope to one of the connections, any of them."""
        name = str(uuid.uuid4())
        envelope: Json = {"envelope_id": name, "type": delivery.kind, "payload": delivery.payload}
        envelope["accepts_response_payload"] = delivery.accepts
        if delivery.kind == "events_api":
            envelope |= {"retry_attempt": delivery.attempt, "retry_reason": delivery.reason}
        self._waiting[name] = heard
        if len(self._waiting) > _UNACKED_KEPT:
            del self._waiting[next(iter(self._waiting))]
        if self._connections:
            socket = self._random.choice(list(self._connections.values()))
            # A socket that dies in this moment loses the envelope, which is then retried or timed out as at Slack.
            with contextlib.suppress(WebSocketDisconnect, RuntimeError):
                await socket.send_text(encoded(envelope))

    async def disconnect(self, reason: str) -> None:
        """Tell each connection to go: `warning` only announces it, others close it; `cut` closes without a word."""
        for name in list(self._connections):
            await self._part(name, reason)

    async def _part(self, name: str, reason: str) -> None:
        socket = self._connections.get(name)
        if socket is None:
            return
        notice = {"type": "disconnect", "reason": reason, "debug_info": {"host": name}}
        with contextlib.suppress(WebSocketDisconnect, RuntimeError):
            if reason != "cut":
                await socket.send_text(json.dumps(notice))
            if reason != "warning":
                self._connections.pop(name, None)
                await socket.close()

    def _end_of_life(self, name: str) -> list[Timer]:
        end = self._clock.now() + LIFE_SECONDS
        return [
            self._clock.call_at(end - WARNING_SECONDS, lambda: self._part_later(name, "warning")),
            self._clock.call_at(end, lambda: self._part_later(name, "refresh_requested")),
        ]

    def _part_later(self, name: str, reason: str) -> None:
        task = asyncio.create_task(self._part(name, reason))
        self._partings.add(task)
        task.add_done_callback(self._partings.discard)

    async def close(self) -> None:
        """Close all connections, because the server stops."""
        for socket in list(self._connections.values()):
            with contextlib.suppress(WebSocketDisconnect, RuntimeError):
                await socket.close(code=1001)
