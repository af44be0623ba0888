"""Socket Mode: tickets, up to ten connections, envelopes to a random one, acks by envelope id on any of them."""

from __future__ import annotations

import asyncio
import contextlib
import json
import random
import secrets
import uuid
from typing import TYPE_CHECKING

from starlette.websockets import WebSocket, WebSocketDisconnect

from bot.sandbox.clock import Moment
from bot.sandbox.faults import held
from bot.sandbox.shapes import ACK_SECONDS, APP_ID, Json, SlackError

if TYPE_CHECKING:
    from bot.sandbox.clock import Clock
    from bot.sandbox.faults import Fault, Faults
    from bot.sandbox.hub import Hub
    from bot.sandbox.journal import Journal

_MOST_CONNECTIONS = 10


class NotConnectedError(Exception):
    """No app is connected."""


class NotAckedError(Exception):
    """The app did not acknowledge in time."""


class SocketMode:
    """The app's connections, and what was sent to them and is not acknowledged yet."""

    def __init__(self, clock: Clock, hub: Hub, journal: Journal, faults: Faults) -> None:
        self._clock = clock
        self._hub = hub
        self._journal = journal
        self._faults = faults
        self._tickets: set[str] = set()
        self._connections: dict[str, WebSocket] = {}
        self._waiting: dict[str, Moment] = {}
        self._random = random.Random(1)  # noqa: S311 - which socket gets an envelope is no secret
        self.opened = asyncio.Event()

    @property
    def connected(self) -> bool:
        """Say whether an app is there."""
        return bool(self._connections)

    def ticket(self) -> str:
        """Make a ticket for one connection."""
        if len(self._connections) >= _MOST_CONNECTIONS:
            raise SlackError("too_many_websockets")
        ticket = secrets.token_urlsafe(18)
        self._tickets.add(ticket)
        return ticket

    async def serve(self, socket: WebSocket) -> None:
        """Serve one connection from hello to its end; a ticket that was used or never made is refused."""
        ticket = socket.query_params.get("ticket", "")
        if ticket not in self._tickets:
            await socket.close(code=1008)
            return
        self._tickets.discard(ticket)
        await socket.accept()
        name = str(uuid.uuid4())
        self._connections[name] = socket
        try:
            await socket.send_text(json.dumps(self._hello()))
            self._announce()
            await self._listen(socket)
        except WebSocketDisconnect:
            pass
        finally:
            self._connections.pop(name, None)
            self._announce()

    async def _listen(self, socket: WebSocket) -> None:
        while True:
            try:
                answer = json.loads(await socket.receive_text())
            except ValueError:
                continue
            waiting = self._waiting.get(str(answer.get("envelope_id")))
            if waiting is not None:
                waiting.set(answer.get("payload") or {})

    def _announce(self) -> None:
        self._hub.publish({"type": "bot", "connected": self.connected})
        if self.connected:
            self.opened.set()

    def _hello(self) -> Json:
        debug = {"host": "sandbox", "build_number": 1, "approximate_connection_time": 18060}
        info = {"app_id": APP_ID}
        return {
            "type": "hello",
            "num_connections": len(self._connections),
            "debug_info": debug,
            "connection_info": info,
        }

    async def call(
        self, kind: str, payload: Json, *, name: str, accepts: bool = False, retry: tuple[int, str] = (0, "")
    ) -> Json:
        """Send an envelope and give the payload of its ack.

        Raises NotConnectedError where no app is there and NotAckedError after three seconds of the sandbox's clock.
        """
        args = {"type": kind, "payload": payload, "retry_attempt": retry[0], "retry_reason": retry[1]}
        fault = self._faults.take(payload, event=name)
        entry = self._journal.begin("delivery", name, args)
        if not self._connections:
            entry.finish("not_connected")
            raise NotConnectedError
        if fault is not None and fault.mode == "hold_before" and not await self._let_go(fault, kind):
            entry.finish("timed_out")
            raise NotAckedError
        envelope: Json = {"type": kind, "payload": payload, "accepts_response_payload": accepts}
        if kind == "events_api":
            envelope |= {"retry_attempt": retry[0], "retry_reason": retry[1]}
        answer = await self._carry(envelope, fault.mode if fault else "")
        if answer is None:
            entry.finish("lost" if fault and fault.mode == "lose" else "timed_out")
            raise NotAckedError
        entry.finish("acked", answer)
        return answer

    async def _let_go(self, fault: Fault, kind: str) -> bool:
        """Hold a delivery until its release; a person waits for no more than three seconds of it (then False)."""
        if kind == "events_api":
            await fault.released.wait()
            return not fault.abandoned
        late = Moment()
        timer = self._clock.call_at(self._clock.now() + ACK_SECONDS, lambda: late.set(None))
        released = await held(fault, late.over)
        timer.cancel()
        return released

    async def _carry(self, envelope: Json, mode: str) -> Json | None:
        moment = Moment()
        timer = self._clock.call_at(self._clock.now() + ACK_SECONDS, lambda: moment.set(None))
        copies = {"lose": 0, "double": 2}.get(mode, 1)
        names = [str(uuid.uuid4()) for _ in range(copies)]
        try:
            for name in names:
                # An ack that nobody waits for is not heard.
                self._waiting[name] = Moment() if mode == "hold_after" else moment
                await self._send({"envelope_id": name, **envelope})
            answer = await moment.wait()
        finally:
            timer.cancel()
            for name in names:
                self._waiting.pop(name, None)
        return answer if isinstance(answer, dict) else None

    async def _send(self, message: Json) -> None:
        if self._connections:
            socket = self._random.choice(list(self._connections.values()))
            # A socket that dies in this moment loses the envelope, which is then retried or timed out as at Slack.
            with contextlib.suppress(WebSocketDisconnect, RuntimeError):
                await socket.send_text(json.dumps(message))

    async def disconnect(self, reason: str) -> None:
        """Tell each connection to go: `warning` only announces it, others close it; `cut` closes without a word."""
        for name, socket in list(self._connections.items()):
            notice = {"type": "disconnect", "reason": reason, "debug_info": {"host": name}}
            with contextlib.suppress(WebSocketDisconnect, RuntimeError):
                if reason != "cut":
                    await socket.send_text(json.dumps(notice))
                if reason != "warning":
                    self._connections.pop(name, None)
                    await socket.close()

    async def close(self) -> None:
        """Close all connections, because the server stops."""
        for socket in list(self._connections.values()):
            with contextlib.suppress(WebSocketDisconnect, RuntimeError):
                await socket.close(code=1001)
