"""What Slack says of our tokens, for an operator who asks."""

from __future__ import annotations

from contextlib import contextmanager
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from slack_sdk.errors import SlackApiError

from bot.errors import ConfigurationError, Unavailable, Undeliverable
from handlers.slack.clients import library_logger
from handlers.slack.errors import code, outage, translated

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from logging import LogRecord

    from slack_sdk import WebClient

_WORDS = {
    "invalid_auth": "Slack does not know it",
    "not_authed": "it is empty",
    "token_revoked": "it was revoked",
    "token_expired": "it has expired",
    "account_inactive": "the app was removed from the workspace",
    "not_allowed_token_type": "it is a token of another kind",
    "missing_scope": "it lacks the scope connections:write",
}


def look_around(client: WebClient) -> tuple[str, frozenset[str], datetime | None]:
    """The workspace's name, the bot token's scopes, and Slack's time (None where it says none).

    Raises ConfigurationError for a token that is not taken, Unavailable where Slack did not answer.
    """
    with _explained("SLACK_BOT_TOKEN"):
        answer = client.auth_test()
    headers = {name.lower(): str(value) for name, value in answer.headers.items()}
    scopes = frozenset(scope.strip() for scope in headers.get("x-oauth-scopes", "").split(",") if scope.strip())
    return str(answer["team"]), scopes, _moment(headers.get("date", ""))


def knock(client: WebClient, app_token: str) -> None:
    """Ask for a Socket Mode address, and leave it unused. Raises as ``look_around``."""
    with _explained("SLACK_APP_TOKEN"):
        client.apps_connections_open(app_token=app_token)


@contextmanager
def _explained(setting: str) -> Iterator[None]:
    try:
        with _silence(), translated():
            yield
    except (Unavailable, Undeliverable) as error:
        cause = error.__cause__
        if isinstance(cause, SlackApiError) and outage(cause) is None:
            why = _WORDS.get(code(cause), f"Slack says {code(cause)}")
            raise ConfigurationError(
                f"{setting} opens nothing: {why}. docs/slack.md shows where Slack has it."
            ) from None
        raise


@contextmanager
def _silence() -> Iterator[None]:
    """slack_sdk logs what it raises, too; the operator reads it once, from us."""

    def nothing(_record: LogRecord) -> bool:
        return False

    logger = library_logger()
    logger.addFilter(nothing)
    try:
        yield
    finally:
        logger.removeFilter(nothing)


def _moment(date: str) -> datetime | None:
    try:
        return parsedate_to_datetime(date)
    except ValueError:
        return None
