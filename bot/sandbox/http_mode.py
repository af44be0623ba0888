"""HTTP: what happens is posted to the app's request URL, signed; its answer within three seconds is the acknowledgement."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import secrets
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import httpx

from bot.sandbox.delivery import Failure
from bot.sandbox.shapes import SIGNING_SECRET, VERIFICATION_TOKEN, Json

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from bot.sandbox.clock import Clock
    from bot.sandbox.delivery import Delivery
    from bot.sandbox.hub import Hub
    from bot.sandbox.journal import Journal

_VERIFY_AGAIN_SECONDS = 0.3
# Longer than three seconds: the log also shows how late an answer came.
_PATIENCE_SECONDS = 30.0
_JSON, _FORM = "application/json", "application/x-www-form-urlencoded"
_UNREACHABLE = Failure("connection_failed", "dispatch_failed")


class HttpMode:
    """The app's one request URL for events, commands, interactivity and options. It must pass `url_verification` first."""

    timeout_reason = "http_timeout"

    def __init__(self, url: str, clock: Clock, hub: Hub, journal: Journal, patience: float = _PATIENCE_SECONDS) -> None:
        self._url = url
        self._patience = patience
        self._clock = clock
        self._hub = hub
        self._journal = journal
        self._client = httpx.AsyncClient(trust_env=False, timeout=patience, limits=httpx.Limits(max_connections=None))
        self._tasks: set[asyncio.Task[None]] = set()
        self._verified = False

    @property
    def connected(self) -> bool:
        """Say whether the request URL has been verified."""
        return self._verified

    def start(self) -> None:
        """Ask the request URL for its challenge, again and again until it answers."""
        if not self._verified:
            self._run(self._verify())

    async def send(self, delivery: Delivery, heard: Callable[[Json], None], failed: Callable[[Failure], None]) -> None:
        """Post a delivery; the answer comes to `heard` or `failed`."""
        self._run(self._deliver(delivery, heard, failed))

    async def close(self) -> None:
        """Stop posting."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._client.aclose()

    def _run(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _verify(self) -> None:
        challenge = secrets.token_urlsafe(24)
        asked = {"token": VERIFICATION_TOKEN, "challenge": challenge, "type": "url_verification"}
        while True:
            if await self._answers(asked):
                break
            await asyncio.sleep(_VERIFY_AGAIN_SECONDS)
        self._verified = True
        self._hub.publish({"type": "bot", "connected": True})

    async def _answers(self, asked: Json) -> bool:
        try:
            response = await self._post(json.dumps(asked), _JSON, {})
        except (httpx.HTTPError, TimeoutError):
            # Not started yet, most likely: no line in the log for each look.
            return False
        said = _read(response)
        passed = response.is_success and asked["challenge"] in {said.get("challenge"), said.get("text")}
        entry = self._journal.begin("delivery", "url_verification", asked)
        entry.finish("acked" if passed else "failed", said | {"status": response.status_code})
        return passed

    async def _deliver(
        self, delivery: Delivery, heard: Callable[[Json], None], failed: Callable[[Failure], None]
    ) -> None:
        body, kind = _written(delivery)
        retry: dict[str, str] = {}
        if delivery.attempt:
            retry = {"x-slack-retry-num": str(delivery.attempt), "x-slack-retry-reason": delivery.reason}
        try:
            response = await self._post(body, kind, retry)
        except (httpx.TimeoutException, TimeoutError):
            return
        except httpx.HTTPError:
            failed(_UNREACHABLE)
            return
        if response.is_success:
            heard(_read(response))
        else:
            final = response.headers.get("x-slack-no-retry") == "1"
            shown = (
                "http_client_error"
                if response.status_code < httpx.codes.INTERNAL_SERVER_ERROR
                else "http_service_error"
            )
            failed(Failure("http_error", shown, final))

    async def _post(self, body: str, kind: str, more: dict[str, str]) -> httpx.Response:
        # Signed with the real time, however far the sandbox's clock was advanced: the app compares it with its own.
        stamp = str(int(self._clock.real()))
        headers = {
            "Content-Type": kind,
            "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
            "X-Slack-Request-Timestamp": stamp,
            "X-Slack-Signature": signature(stamp, body),
        }
        # As a whole: httpx limits only the wait for each part of an answer.
        async with asyncio.timeout(self._patience):
            return await self._client.post(self._url, content=body, headers=headers | more)


def signature(stamp: str, body: str, secret: str = SIGNING_SECRET) -> str:
    """Sign a body sent at `stamp` (seconds since the epoch), as Slack's `v0`."""
    signed = hmac.new(secret.encode(), f"v0:{stamp}:{body}".encode(), hashlib.sha256)
    return f"v0={signed.hexdigest()}"


def _written(delivery: Delivery) -> tuple[str, str]:
    if delivery.kind == "events_api":
        return json.dumps(delivery.payload), _JSON
    if delivery.kind == "slash_commands":
        return urlencode(delivery.payload), _FORM
    return urlencode({"payload": json.dumps(delivery.payload)}), _FORM


def _read(response: httpx.Response) -> Json:
    """Read an answer: JSON, or a plain text, which a command's person sees as a message."""
    try:
        told = response.json()
    except ValueError:
        told = response.text.strip()
    if isinstance(told, dict):
        return told
    return {"text": str(told)} if told else {}
