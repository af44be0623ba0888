"""Slack's requests over HTTP: who has signed them, and what the app answers.

By the time a request reaches Bolt it is what Socket Mode would have brought: parsed, and known to be Slack's. Bolt's own parsing is left out: it
takes the words ``/kantor payload`` for a form without any field (1.30.0).
"""

from __future__ import annotations

import hmac
import json
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, TypeAlias
from urllib.parse import parse_qsl

import structlog
from slack_bolt import BoltRequest

from bot.meters import Meters
from handlers.payloads import kind_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from slack_bolt import App

    from bot.waiting import Waiting
    from handlers.payloads import Payload

log = structlog.get_logger(__name__)

REPLAY_SECONDS = 300
"""So much may the moment at which Slack signed differ from ours: what is older may be somebody else's copy."""
COMPLAIN_EVERY = 60.0
"""Seconds between two lines of the log about requests that nobody we know has signed."""
FIELDS = 100
"""Of a form; a command has about 15."""

Headers: TypeAlias = Sequence[tuple[str, str]]
"""As they came, with names in small letters."""

_STAMP, _SIGNATURE = re.compile(r"[0-9]{1,12}", re.ASCII), re.compile(r"v0=[0-9a-f]{64}", re.ASCII)
_TRIES = ("x-slack-retry-num", "x-slack-retry-reason")


@dataclass(frozen=True)
class Answer:
    """What is sent back."""

    status: int
    body: str = ""
    kind: str = "text/plain; charset=utf-8"
    """Its content type."""


class SignedRequests:
    """Answers what Slack has signed, and nothing else; safe to call from several threads.

    Args:
        app: The Bolt app.
        secret: SLACK_SIGNING_SECRET.
        waiting: Is told that somebody waits, from a request's coming until its acknowledgement.
        heard: Called with the number of the try (0: the first) for each event.
        meters: Count.
        now: The machine's clock, in seconds since the epoch.
    """

    def __init__(  # noqa: PLR0913 - what is of use in tests has a default, and goes by keyword
        self,
        app: App,
        secret: str,
        waiting: Waiting,
        *,
        heard: Callable[[int], None] = lambda _: None,
        meters: Meters | None = None,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._app, self._secret, self._waiting = app, secret.encode(), waiting
        self._heard, self._meters, self._now = heard, meters or Meters(), now
        self._complained, self._unsigned = -COMPLAIN_EVERY, 0

    def has_fresh_stamp(self, headers: Headers) -> bool:
        """Whether it may be Slack's, by its headers alone; the others need not be read."""
        stamp, signature = _only(headers, "x-slack-request-timestamp"), _only(headers, "x-slack-signature")
        fits = bool(_STAMP.fullmatch(stamp) and _SIGNATURE.fullmatch(signature))
        return fits and abs(self._now() - int(stamp)) <= REPLAY_SECONDS

    def is_signed(self, headers: Headers, body: bytes) -> bool:
        """Whether Slack has signed this body, a short while ago."""
        if not self.has_fresh_stamp(headers):
            return False
        signed = b"v0:%s:%s" % (_only(headers, "x-slack-request-timestamp").encode(), body)
        expected = "v0=" + hmac.new(self._secret, signed, sha256).hexdigest()
        return hmac.compare_digest(expected, _only(headers, "x-slack-signature"))

    def complain(self) -> None:
        """One was not; where these are Slack's own, an operator can mend it."""
        self._unsigned += 1
        passed = time.monotonic()
        if passed - self._complained >= COMPLAIN_EVERY:
            log.warning(
                "requests came that are not signed with SLACK_SIGNING_SECRET, or not now: is it the one of Basic Information, and "
                "is this machine's clock right?",
                number=self._unsigned,
            )
            self._complained, self._unsigned = passed, 0

    def answer(self, headers: Headers, body: bytes, came: float) -> Answer:
        """What the app says to a request that Slack has signed; ``came`` is when, by ``time.monotonic``. Raises nothing of a payload's making."""
        try:
            payload = _parsed(headers, body)
        except (ValueError, RecursionError):
            self._meters.unacked("unread")
            return Answer(400)
        kind = kind_of(payload)
        if kind == "event":
            self._heard(_try(headers))
        with self._waiting.somebody():
            retries = {name: _only(headers, name) for name in _TRIES if _only(headers, name)}
            said = self._app.dispatch(BoltRequest(mode="socket_mode", body=payload, headers=dict(retries)))
        if said.status == 200:
            self._meters.acked(kind, time.monotonic() - came)
        else:
            self._meters.unacked(kind)
        kinds = said.headers.get("content-type") or ["text/plain; charset=utf-8"]
        return Answer(said.status, said.body, kinds[0])


def _only(headers: Headers, name: str) -> str:
    """The header of that name; empty where there is none, or more than one: nobody could say which of them was meant."""
    values = [value for each, value in headers if each == name]
    return values[0] if len(values) == 1 else ""


def _try(headers: Headers) -> int:
    number = _only(headers, _TRIES[0])
    return int(number) if number.isdecimal() and len(number) < 3 else 0


def _parsed(headers: Headers, body: bytes) -> Payload:
    """JSON, a form whose field ``payload`` is JSON, or a form; by its look where the content type says neither. Raises ValueError."""
    text = body.decode("utf-8")
    kind = _only(headers, "content-type").partition(";")[0].strip().lower()
    if kind == "application/json" or text.startswith("{"):
        return _dictionary(json.loads(text))
    form = dict(parse_qsl(text, keep_blank_values=True, max_num_fields=FIELDS))
    return _dictionary(json.loads(form["payload"])) if "payload" in form else form


def _dictionary(parsed: object) -> Payload:
    if not isinstance(parsed, dict):
        raise ValueError("no object")  # noqa: TRY004 - of what came in, and not of an argument
    return parsed
