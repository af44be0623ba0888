"""Looking for a message that was sent already, by the key in its metadata."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from slack_sdk.errors import SlackApiError

from bot.ports import Posted
from handlers.ids import Metadata
from handlers.slack.errors import code

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from slack_sdk import WebClient

PAGE = 200
SKEW = timedelta(hours=2)
"""How far our clock may have been ahead of Slack's when the letter was written: an hour for summer time, and more."""


def find(client: WebClient, place: Posted, key: str, since: datetime) -> Posted | None:
    """Where the message with that key is, in the channel or (``place.ts``) the thread; None where it is not.

    All messages from ``since`` on are looked at: how many came in between, nobody knows.
    """
    for message in _messages(client, place, f"{(since - SKEW).timestamp():.6f}"):
        if _key(message) == key:
            return Posted(place.channel_id, str(message["ts"]))
    return None


def _key(message: dict[str, Any]) -> str | None:
    metadata = message.get("metadata") or {}
    if metadata.get("event_type") != Metadata.EVENT_TYPE:
        return None
    key: str | None = (metadata.get("event_payload") or {}).get(Metadata.KEY.value)
    return key


def _messages(client: WebClient, place: Posted, oldest: str) -> Iterator[dict[str, Any]]:
    cursor: str | None = None
    seen: set[str | None] = set()
    while cursor not in seen:  # a cursor that comes back would lead in a circle
        seen.add(cursor)
        page = _page(client, place, oldest, cursor)
        yield from page.get("messages") or ()
        cursor = (page.get("response_metadata") or {}).get("next_cursor") or None


def _page(client: WebClient, place: Posted, oldest: str, cursor: str | None) -> dict[str, Any]:
    there: dict[str, Any] = {
        "channel": place.channel_id,
        "oldest": oldest,
        "limit": PAGE,
        "include_all_metadata": True,
        "cursor": cursor,
    }
    try:
        answer = (
            client.conversations_replies(ts=place.ts, **there) if place.ts else client.conversations_history(**there)
        )
    except SlackApiError as error:
        if code(error) == "thread_not_found":  # its first message was deleted: then nothing of ours is in it
            return {}
        raise
    return dict(answer.data) if isinstance(answer.data, dict) else {}
