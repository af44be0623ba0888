"""Slack's failures in our terms: what passes, what is for good, and how long to wait."""

from __future__ import annotations

from contextlib import contextmanager
from http.client import HTTPException
from socket import gaierror
from ssl import SSLError
from typing import TYPE_CHECKING
from urllib.error import URLError

import httpx
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.errors import RateLimited, Unavailable, Undeliverable

if TYPE_CHECKING:
    from collections.abc import Iterator

DEFAULT_WAIT = 30.0
"""Seconds, where Slack limits without saying for how long."""

LOOK_UPS = frozenset({"conversations.open", "conversations.history", "conversations.replies"})
"""Methods that some messages need and others do not: Slack counts each method by itself."""

FOR_GOOD = frozenset({
    "channel_not_found", "is_archived", "not_in_channel", "user_not_found", "users_not_found", "user_disabled", "user_not_visible",
    "cannot_dm_bot", "messages_tab_disabled", "thread_not_found", "message_not_found",
    "cant_update_message", "edit_window_closed", "is_inactive",
    "restricted_action", "restricted_action_read_only_channel", "restricted_action_thread_only_channel",
    "restricted_action_non_threadable_channel", "invalid_blocks", "invalid_blocks_format", "msg_too_long", "no_text", "invalid_arguments",
    "invalid_channel", "posting_to_channel_denied", "as_user_not_supported", "file_upload_size_restricted",
})  # fmt: skip
"""Errors that the same message meets again tomorrow. All others (also of tokens and scopes, which an operator can mend) may pass."""

_OUT = frozenset({"internal_error", "fatal_error", "service_unavailable", "request_timeout", "accesslimited", "team_added_to_org"})  # fmt: skip
"""What Slack says of itself when it is not well."""

_SERVER_ERROR = 500


def code(error: SlackApiError) -> str:
    """Slack's word for it, such as ``channel_not_found``."""
    return str(error.response.get("error") or "unknown")


@contextmanager
def translated() -> Iterator[None]:
    """Raises RateLimited, Undeliverable or Unavailable in the place of what Slack's client and httpx raise."""
    try:
        yield
    except SlackApiError as error:
        raise _translate(error) from error
    except (SlackClientError, httpx.HTTPError, HTTPException, OSError) as error:
        raise Unavailable(f"Slack did not answer ({type(error).__name__})") from error


def outage(error: Exception) -> Unavailable | None:
    """The failure of Slack, or of the way to it, that this is; None for what we did wrong, or what an operator has to mend.

    Unlike in ``translated``, the error may come from anywhere: a full disk raises OSError, too.
    """
    if isinstance(error, SlackApiError):
        failure = _translate(error)
        out = error.response.status_code >= _SERVER_ERROR or code(error) in _OUT
        return failure if isinstance(failure, RateLimited) or (out and isinstance(failure, Unavailable)) else None
    network = (URLError, HTTPException, httpx.TransportError, ConnectionError, TimeoutError, SSLError, gaierror)
    return Unavailable(f"Slack did not answer ({type(error).__name__})") if isinstance(error, network) else None


def _translate(error: SlackApiError) -> Unavailable | Undeliverable:
    if error.response.status_code == 429 or code(error) in {"ratelimited", "rate_limited"}:
        method = str(error.response.api_url).rpartition("/")[2]
        return RateLimited(retry_after(error.response.headers.get("Retry-After")), for_all=method not in LOOK_UPS)
    if code(error) in FOR_GOOD:
        return Undeliverable(f"Slack says {code(error)}")
    return Unavailable(f"Slack says {code(error)} ({error.response.status_code})")


def retry_after(header: object) -> float:
    """The seconds of a Retry-After header; a usual wait where it says nothing."""
    try:
        return max(0.0, float(str(header)))
    except ValueError:
        return DEFAULT_WAIT
