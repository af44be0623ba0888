"""How often an app may call each method, and 429 with the seconds to wait where it calls more often.

Tiers count calls in any minute, per method. Slack calls its numbers the least that it grants, so the sandbox is on the strict
side. Sources: Slack's pages of the methods and of rate limits.
"""

from __future__ import annotations

import math
from collections import deque
from enum import StrEnum
from typing import TYPE_CHECKING

from bot.sandbox.shapes import Json, SlackError

if TYPE_CHECKING:
    from collections.abc import Callable


class Tier(StrEnum):
    """Slack's names."""

    ONE = "Tier1"
    TWO = "Tier2"
    THREE = "Tier3"
    FOUR = "Tier4"
    AUTH_TEST = "SpecialTier_auth_test"
    POST_MESSAGE = "SpecialTier_chat_postMessage"
    PERMALINK = "SpecialTier_chat_getPermalink"


METHODS: dict[str, Tier] = {
    "api.test": Tier.FOUR,
    "apps.connections.open": Tier.ONE,
    "auth.test": Tier.AUTH_TEST,
    "bots.info": Tier.THREE,
    "chat.delete": Tier.THREE,
    "chat.deleteScheduledMessage": Tier.THREE,
    "chat.getPermalink": Tier.PERMALINK,
    "chat.postEphemeral": Tier.FOUR,
    "chat.postMessage": Tier.POST_MESSAGE,
    "chat.scheduleMessage": Tier.THREE,
    "chat.scheduledMessages.list": Tier.THREE,
    "chat.update": Tier.THREE,
    "conversations.create": Tier.TWO,
    "conversations.history": Tier.THREE,
    "conversations.info": Tier.THREE,
    "conversations.invite": Tier.THREE,
    "conversations.join": Tier.THREE,
    "conversations.leave": Tier.THREE,
    "conversations.list": Tier.TWO,
    "conversations.members": Tier.FOUR,
    "conversations.open": Tier.THREE,
    "conversations.replies": Tier.THREE,
    "conversations.setTopic": Tier.TWO,
    "files.completeUploadExternal": Tier.FOUR,
    "files.delete": Tier.THREE,
    "files.getUploadURLExternal": Tier.FOUR,
    "files.info": Tier.FOUR,
    "reactions.add": Tier.THREE,
    "reactions.get": Tier.THREE,
    "reactions.list": Tier.TWO,
    "reactions.remove": Tier.TWO,
    "team.info": Tier.THREE,
    "usergroups.users.list": Tier.TWO,
    "users.conversations": Tier.TWO,
    "users.info": Tier.FOUR,
    "users.lookupByEmail": Tier.THREE,
    "users.list": Tier.TWO,
    "views.open": Tier.FOUR,
    "views.publish": Tier.FOUR,
    "views.push": Tier.FOUR,
    "views.update": Tier.FOUR,
}
_A_MINUTE = {
    Tier.TWO: 20,
    Tier.THREE: 50,
    Tier.FOUR: 100,
    # "Hundreds a minute", and "several hundred" messages a workspace: the lowest number that the words allow.
    Tier.AUTH_TEST: 300,
    Tier.PERMALINK: 300,
    Tier.POST_MESSAGE: 300,
}
_MESSAGE_BURST = 5
_TOLERANCE = 1e-6  # of sums of floating point seconds
# One a minute in the long run; ten at once, so that all ten sockets, or a few quick restarts, are no trouble.
_CONNECTION_BURST = 10


class RateLimitedError(SlackError):
    """Too many calls: `seconds` (whole ones, at least 1) until the next is heard."""

    def __init__(self, seconds: float) -> None:
        super().__init__("ratelimited")
        self.seconds = max(1, math.ceil(seconds))


class _Minute:
    """So many calls in any minute."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._calls: deque[float] = deque()

    def wait(self, now: float) -> float:
        """Give the seconds until a call is free; 0 where one is."""
        while self._calls and self._calls[0] <= now - 60:
            self._calls.popleft()
        return self._calls[0] + 60 - now if len(self._calls) >= self._most else 0.0

    def count(self, now: float) -> None:
        """Count a call."""
        self._calls.append(now)


class _Steady:
    """One call each `seconds` in the long run, and up to `burst` at once."""

    def __init__(self, seconds: float, burst: int) -> None:
        self._seconds = seconds
        self._burst = burst
        self._paid_until = 0.0

    def wait(self, now: float) -> float:
        """Give the seconds until a call is free; 0 where one is."""
        wait = self._paid_until - now - self._seconds * (self._burst - 1)
        return wait if wait > _TOLERANCE else 0.0

    def count(self, now: float) -> None:
        """Count a call."""
        self._paid_until = max(self._paid_until, now) + self._seconds


class RateLimits:
    """The calls of the last minute, by method; messages by channel too. `now` gives the sandbox's time."""

    def __init__(self, now: Callable[[], float], *, enabled: bool) -> None:
        self._now = now
        self._enabled = enabled
        self._counted: dict[str, _Minute | _Steady] = {}

    def demand(self, method: str, args: Json) -> None:
        """Count a call; RateLimitedError where it is one too many (then it is not counted)."""
        if not self._enabled or method not in METHODS:
            return
        now, meters = self._now(), self._meters(method, args)
        wait = max(one.wait(now) for one in meters)
        if wait > 0:
            raise RateLimitedError(wait)
        for one in meters:
            one.count(now)

    def _meters(self, method: str, args: Json) -> list[_Minute | _Steady]:
        tier = METHODS[method]
        if tier is Tier.ONE:
            return [self._counted.setdefault(method, _Steady(60, _CONNECTION_BURST))]
        meters = [self._counted.setdefault(method, _Minute(_A_MINUTE[tier]))]
        if tier is Tier.POST_MESSAGE:
            channel = f"{method} {args.get('channel')}"
            meters.append(self._counted.setdefault(channel, _Steady(1, _MESSAGE_BURST)))
        return meters
