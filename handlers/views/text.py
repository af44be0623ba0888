"""Words within Slack's limits: escaping, cutting, mentions, moments."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from datetime import datetime

_TORN_ENTITY = re.compile(r"&[a-z]{0,3}$")


def escape(text: str) -> str:
    """People's words for mrkdwn: on one line, and unable to mention, link or call anybody."""
    flat = " ".join(text.split())
    return flat.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def escape_lines(text: str) -> str:
    """As ``escape``, but lines stay lines."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def cut(text: str, limit: int) -> str:
    """``text`` in at most ``limit`` characters; what was cut ends with an ellipsis, never inside an entity."""
    if len(text) <= limit:
        return text
    return _TORN_ENTITY.sub("", text[: limit - 1]) + "…"


def name(text: str, limit: int = 80) -> str:
    """A name or title for mrkdwn: cut first, so that no entity is torn, then escaped."""
    return escape(cut(" ".join(text.split()), limit))


def mention(user_id: str) -> str:
    """A person, by id."""
    return f"<@{user_id}>"


def channel(channel_id: str) -> str:
    """A channel, by id."""
    return f"<#{channel_id}>"


def count(number: int, noun: str) -> str:
    """``1 piece``, ``3 pieces``."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def moment(at: datetime, time_zone: str) -> str:
    """A moment in the contest's zone, with UTC beside it: ``Fri 4 Dec 2026, 18:00 Europe/Berlin (17:00 UTC)``."""
    local, utc = at.astimezone(ZoneInfo(time_zone)), at.astimezone(ZoneInfo("UTC"))
    if time_zone == "UTC":
        return f"{_day(utc)}, {utc:%H:%M} UTC"
    beside = f"{utc:%H:%M} UTC" if utc.date() == local.date() else f"{_day(utc)}, {utc:%H:%M} UTC"
    return f"{_day(local)}, {local:%H:%M} {time_zone} ({beside})"


def viewers_time(at: datetime) -> str:
    """A moment that Slack shows in the reader's own zone, with UTC for clients that cannot."""
    utc = at.astimezone(ZoneInfo("UTC"))
    return f"<!date^{int(utc.timestamp())}^{{date_short_pretty}}, {{time}}|{_day(utc)}, {utc:%H:%M} UTC>"


def clock_length(seconds: float) -> str:
    """A length: ``0:17``."""
    whole = round(seconds)
    return f"{whole // 60}:{whole % 60:02d}"


def _day(at: datetime) -> str:
    return f"{at:%a} {at.day} {at:%b %Y}"
