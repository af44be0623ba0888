"""The probe's own connection: what Slack sends is kept in order, and acknowledged when the probe says so, since that is one of its questions."""

from __future__ import annotations

import time
from dataclasses import dataclass
from threading import Condition
from typing import TYPE_CHECKING, Any

from slack_sdk.socket_mode import SocketModeClient
from slack_sdk.socket_mode.response import SocketModeResponse

from bot.attempts import Deadline
from handlers.slack.clients import dial, hang_up

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from slack_sdk import WebClient
    from slack_sdk.socket_mode.client import BaseSocketModeClient
    from slack_sdk.socket_mode.request import SocketModeRequest

EVENTS = "events_api"
DIALLING = 60.0
"""Seconds that the opening may take."""


@dataclass(frozen=True)
class Received:
    """One envelope.

    Attributes:
        kind: Socket Mode's word: ``events_api``, ``interactive``, ``slash_commands``.
        envelope_id: By which it is acknowledged.
        payload: As Slack sent it; of an event the event alone.
        at: When it came, in seconds of a clock that is never set.
    """

    kind: str
    envelope_id: str
    payload: Mapping[str, Any]
    at: float


class Line:
    """A connection by Socket Mode. Events are acknowledged at once, all else by ``answer``, or when the next wait finds it is nobody's."""

    def __init__(self, client: WebClient, app_token: str) -> None:
        self.client = SocketModeClient(app_token, client.logger, client)
        self.client.socket_mode_request_listeners.append(self._hear)
        self._waiting: list[Received] = []
        self._events: list[Received] = []
        self._news = Condition()

    def open(self) -> bool:
        """Whether Slack let us in. Raises SlackApiError where an operator has to mend something."""
        return dial(self, Deadline(DIALLING))

    def hang_up(self) -> None:
        """For good."""
        hang_up(self)

    def close(self) -> None:
        """As Bolt's handlers are closed."""
        self.client.close()

    def answer(self, received: Received, payload: Mapping[str, Any] | None = None) -> None:
        """Acknowledge, perhaps with what a window turns into."""
        told = SocketModeResponse(received.envelope_id, dict(payload) if payload else None)
        self.client.send_socket_mode_response(told)

    def wait(self, fits: Callable[[Received], bool], seconds: float) -> Received | None:
        """The next envelope that fits, not acknowledged yet; None where none comes. Those that do not fit are acknowledged, and gone."""
        until = time.monotonic() + seconds
        with self._news:
            while True:
                while self._waiting:
                    received = self._waiting.pop(0)
                    if fits(received):
                        return received
                    self.answer(received)
                if not self._news.wait(until - time.monotonic()) and time.monotonic() >= until:
                    return None

    def wait_for_event(
        self, fits: Callable[[Mapping[str, Any]], bool], since: float, seconds: float
    ) -> Mapping[str, Any] | None:
        """The first event from ``since`` on that fits; None where none comes."""
        until = time.monotonic() + seconds
        with self._news:
            while True:
                for each in self._events:
                    if each.at >= since and fits(each.payload):
                        return each.payload
                if not self._news.wait(until - time.monotonic()) and time.monotonic() >= until:
                    return None

    def events(self, since: float) -> list[Mapping[str, Any]]:
        """What came from ``since`` on."""
        with self._news:
            return [each.payload for each in self._events if each.at >= since]

    def _hear(self, _client: BaseSocketModeClient, request: SocketModeRequest) -> None:
        received = Received(request.type, request.envelope_id, request.payload, time.monotonic())
        if request.type == EVENTS:
            self.answer(received)
        with self._news:
            if request.type == EVENTS:
                event = request.payload.get("event") or {}
                self._events.append(Received(EVENTS, request.envelope_id, event, received.at))
            else:
                self._waiting.append(received)
            self._news.notify_all()
