"""Clients of Slack's Web API: one that waits when Slack says so, and one that never sends anything twice.

Slack's libraries may log that something happened, never the payload (it can hold a password, or a private note).
"""

from __future__ import annotations

import contextlib
import logging
import socket
import time
from threading import local
from typing import TYPE_CHECKING, Any, Protocol
from urllib.request import HTTPRedirectHandler, HTTPSHandler, ProxyHandler, build_opener

import structlog
from slack_bolt import Respond
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry import RetryHandler
from slack_sdk.http_retry.builtin_handlers import ConnectionErrorRetryHandler, RateLimitErrorRetryHandler

from bot.attempts import Deadline, attempt
from bot.meters import Meters
from handlers.slack.errors import DEFAULT_WAIT, outage, retry_after
from handlers.slack.kept import Kept

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from urllib.request import Request

    from slack_bolt import BoltContext
    from slack_sdk.http_retry import HttpRequest, HttpResponse, RetryState
    from slack_sdk.web import SlackResponse
    from slack_sdk.webhook import WebhookResponse

    from handlers.slack.frames import FrameHandler

_log = structlog.get_logger(__name__)

LETTING_GO = 10.0
"""Seconds that the reader of a connection gets to notice that it was shut down, on a machine that is very busy."""


MOMENT = 1
"""Seconds that a thread may wait for Slack. Whoever must acknowledge within three seconds cannot wait for a minute."""


ASKING, LOOKING, POSTING = 25.0, 3.0, 60.0
"""Seconds that a whole call may take, its second try included: the client's own limit is for each part of an answer."""


class _NoRedirects(HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        """Slack's methods are where they are: an answer that points elsewhere is an error."""


class TimelyClient(WebClient):
    """A client whose calls all come to an end, at the address that it was given and at no other, on connections that are kept."""

    def __init__(self, *, deadline: Deadline, meters: Meters | None = None, **settings: Any) -> None:
        super().__init__(**settings)
        self.deadline, self.meters = deadline, meters or Meters()
        self.retry_handlers.insert(0, _Counting(self.meters))
        proxy = [ProxyHandler({"http": self.proxy, "https": self.proxy})] if self.proxy else []
        self._opener = build_opener(_NoRedirects, *proxy, *([HTTPSHandler(context=self.ssl)] if self.ssl else []))
        self._kept = None if self.proxy is not None else Kept(self.base_url, self.timeout, deadline)
        self._here = local()

    def api_call(self, *args: Any, **arguments: Any) -> SlackResponse:
        """As WebClient's, through which all methods go. Raises TimeoutError, too."""
        if self._kept is None:
            return self.deadline.keep(lambda: super(TimelyClient, self).api_call(*args, **arguments))
        self._here.until = self.deadline.until()
        return super().api_call(*args, **arguments)

    def _perform_urllib_http_request_internal(self, url: str, req: Request) -> dict[str, Any]:
        """As WebClient's, which would follow a redirect to whatever host it names, with the token in its hand."""
        if self._kept is not None and self._kept.leads_to(url):
            status, headers, body = self._kept.ask(req, self._here.until)
        else:
            with self._opener.open(req, timeout=self.timeout) as answer:
                status, headers, body = answer.code, answer.headers, answer.read()
        return {"status": status, "headers": headers, "body": body.decode(headers.get_content_charset() or "utf-8")}


class _TimelyRespond(Respond):
    """Answers to a command or a button that all come to an end."""

    def __init__(self, deadline: Deadline, client: WebClient, response_url: str | None) -> None:
        super().__init__(response_url=response_url, proxy=client.proxy, ssl=client.ssl)
        self._deadline = deadline

    def __call__(self, *args: Any, **arguments: Any) -> WebhookResponse:
        return self._deadline.keep(lambda: super(_TimelyRespond, self).__call__(*args, **arguments))


def timely(client: TimelyClient) -> Callable[[BoltContext, Callable[[], None]], None]:
    """Bolt's middleware that gives all listeners this client: Bolt makes a plain one for each request."""

    def hand_over(context: BoltContext, next_: Callable[[], None]) -> None:
        context["client"] = client
        context["respond"] = _TimelyRespond(client.deadline, client, context.response_url)
        next_()

    return hand_over


class _Counting(RetryHandler):
    """Never asks again; but it is asked about each answer, and counts those in which Slack wants us to wait."""

    def __init__(self, meters: Meters) -> None:
        super().__init__()
        self._meters = meters

    def can_retry(
        self,
        *,
        state: RetryState,  # noqa: ARG002 - slack_sdk's signature
        request: HttpRequest,
        response: HttpResponse | None = None,
        error: Exception | None = None,  # noqa: ARG002 - as above
    ) -> bool:
        if response is not None and response.status_code == 429:
            self._meters.limited(request.url.rpartition("/")[2].partition("?")[0])
        return False


class _Patience(RateLimitErrorRetryHandler):
    """Asks again where Slack wants a moment; longer waits are the caller's affair."""

    def _can_retry(
        self,
        *,
        state: RetryState,
        request: HttpRequest,
        response: HttpResponse | None = None,
        error: Exception | None = None,
    ) -> bool:
        limited = super()._can_retry(state=state, request=request, response=response, error=error)
        return limited and response is not None and _seconds(response) <= MOMENT


def _seconds(response: HttpResponse) -> float:
    for name, values in response.headers.items():
        if name.lower() == "retry-after":
            return retry_after(values[0] if isinstance(values, list) else values)
    return DEFAULT_WAIT


def asking_client(
    token: str, base_url: str, deadline: Deadline | None = None, meters: Meters | None = None
) -> TimelyClient:
    """For views and look-ups, which may be repeated. ``base_url`` ends with ``/api/``."""
    retries = [ConnectionErrorRetryHandler(), _Patience(max_retry_count=1)]
    return _client(token, base_url, 10, retries, deadline=deadline or Deadline(ASKING), meters=meters)


def quick_client(
    token: str, base_url: str, deadline: Deadline | None = None, meters: Meters | None = None
) -> TimelyClient:
    """For look-ups at the door, which an upload must not wait for: a moment, and no second try."""
    return _client(token, base_url, MOMENT, [], deadline=deadline or Deadline(LOOKING), meters=meters)


def posting_client(
    token: str, base_url: str, deadline: Deadline | None = None, meters: Meters | None = None
) -> TimelyClient:
    """For the postman: a silent second try of the SDK would post twice, and waiting is the pump's business."""
    return _client(token, base_url, 30, [], deadline=deadline or Deadline(POSTING), meters=meters)


def _client(token: str, base_url: str, timeout: int, retries: list[RetryHandler], **ours: Any) -> TimelyClient:
    settings: dict[str, Any] = {"token": token, "base_url": base_url, "timeout": timeout, "logger": library_logger()}
    return TimelyClient(retry_handlers=retries, **ours, **settings)


class Connected(Protocol):
    """What has a connection to Slack: Bolt's handlers, ours, and the probe's line."""

    client: Any

    def close(self) -> Any:
        """Close the connection, and all that belongs to it."""


def dial(handler: Connected, deadline: Deadline) -> bool:
    """Open a new connection to Slack. False where Slack, or the way to it, is away, or too slow: then it is to be tried again.

    Raises SlackApiError where an operator has to mend something. The deadline is for the opening alone, whose answer slack_sdk
    reads byte by byte.
    """
    failure = attempt(lambda: deadline.keep(lambda: handler.client.connect_to_new_endpoint(force=True)))
    if isinstance(failure, SlackApiError) and outage(failure) is None:
        raise failure
    if failure is not None:
        _log.warning("no_connection", reason=type(failure).__name__)
    return failure is None


def session_of(handler: FrameHandler) -> str | None:
    """The name of the present connection to Slack; None where there is none.

    One that Slack asked us to replace goes on in its successor, under its name: nothing is missed in between.
    """
    client = handler.client
    return client.line if client.is_connected() else None


def hang_up(handler: Connected) -> None:
    """Close the connection to Slack, for good: take nothing new, let those that run say that they have it, then go.

    What is not acknowledged Slack sends again. slack_sdk's reader sits in a ``recv`` of 3 s that closing does not wake; shutting
    the socket down does. Closing while the reader lets go of it fails by a race of theirs, so we wait for its end first. A reader
    that begins at this very moment takes back that it was told to end, and closing would wait for it for ever: so it is told
    until it has ended.
    """
    with quiet_about_lost_connections():
        _hang_up(handler)


def _hang_up(handler: Connected) -> None:
    client = handler.client
    client.auto_reconnect_enabled = False
    _take_nothing_new(client)
    session: Any = getattr(client, "current_session", None)
    with contextlib.suppress(OSError, AttributeError):  # gone already, or going this moment
        session.sock.shutdown(socket.SHUT_RDWR)
    _end(client)
    handler.close()


def _take_nothing_new(client: Any) -> None:
    """Returns when the last acknowledgement is sent: Bolt gives a listener three seconds for it."""
    client.socket_mode_request_listeners.clear()
    client.closed = True
    client.message_processor.event.set()
    client.enqueue_message("{}")  # wakes the processor, which waits for a message up to a second
    client.message_processor.thread.join()
    client.message_workers.shutdown(wait=True)


def _end(client: Any) -> None:
    reader = client.current_session_runner
    reader.event.set()
    deadline = time.monotonic() + LETTING_GO
    while reader.is_alive() and time.monotonic() < deadline:
        client.current_session_state.terminated = True
        time.sleep(0.01)


LONGEST = 200


class WithoutPayloads(logging.Filter):
    """Keeps of each record the first line, up to where a payload begins."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Shorten the record in place; all are kept but Bolt's surprise at a token that its client has already."""
        if record.getMessage().startswith("As you gave `client` as well"):
            return False
        words = record.getMessage().partition("\n")[0]
        for opening in ("{", "b'", "body"):
            words = words.partition(opening)[0]
        record.msg, record.args = words[:LONGEST], None
        return True


def library_logger(name: str = "kantor.slack") -> logging.Logger:
    """The logger for Bolt and the SDK. Below INFO they print whole payloads, so its level is INFO at least."""
    logger = logging.getLogger(name)
    logger.setLevel(max(logging.INFO, logging.getLogger().level))
    if not any(isinstance(each, WithoutPayloads) for each in logger.filters):
        logger.addFilter(WithoutPayloads())
    return logger


@contextlib.contextmanager
def quiet_about_lost_connections() -> Iterator[None]:
    """While we hang up: that the connection is gone is what we wanted, and frightens whoever has just pressed Ctrl-C."""

    def is_news(record: logging.LogRecord) -> bool:
        return not record.getMessage().startswith("Failed to check the state of sock")

    logger = library_logger()
    logger.addFilter(is_news)
    try:
        yield
    finally:
        logger.removeFilter(is_news)


def quieten_libraries() -> None:
    """The same floor for the modules of Slack's libraries that bring their own loggers (``respond`` does)."""
    for name in ("slack_sdk", "slack_bolt"):
        library = logging.getLogger(name)
        library.setLevel(max(logging.INFO, logging.getLogger().level))
