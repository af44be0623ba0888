"""Trigger ids (three seconds, single use) and response URLs (five uses in thirty minutes)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.sandbox.shapes import TEAM_ID, Json, SlackError
from bot.sandbox.store import Collection, Counters

if TYPE_CHECKING:
    from bot.sandbox.clock import Clock
    from bot.sandbox.store import Store

TRIGGER_SECONDS = 3.0
RESPONSE_SECONDS = 1800.0
RESPONSE_USES = 5


@dataclass
class Trigger:
    """A person's right to see a modal: who, since when, and from which open view (None: from elsewhere)."""

    user: str
    issued: float
    view_id: str | None
    used: bool = False


class Triggers:
    """The trigger ids that were handed out."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._clock = clock
        self._counters = Counters(store)
        self._triggers: dict[str, Trigger] = {}

    def issue(self, user: str, view_id: str | None = None) -> str:
        """Make a trigger id for a person's interaction."""
        number = self._counters.next("trigger")
        key = f"{int(self._clock.now())}.{number:06d}.{TEAM_ID.lower()}{number:08x}"
        self._triggers[key] = Trigger(user, self._clock.now(), view_id)
        return key

    def redeem(self, key: object) -> Trigger:
        """Use a trigger id up; SlackError `invalid_trigger_id`, `exchanged_trigger_id`, `expired_trigger_id`."""
        trigger = self._triggers.get(str(key))
        if trigger is None:
            raise SlackError("invalid_trigger_id")
        if trigger.used:
            raise SlackError("exchanged_trigger_id")
        if self._clock.now() - trigger.issued > TRIGGER_SECONDS:
            raise SlackError("expired_trigger_id")
        trigger.used = True
        return trigger

    def expire(self) -> None:
        """Forget the old ones, so that a long run does not fill the memory."""
        oldest = self._clock.now() - 60
        while self._triggers and self._triggers[first := next(iter(self._triggers))].issued <= oldest:
            del self._triggers[first]


class ResponseUrls:
    """The addresses that an app may answer at."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._clock = clock
        self._counters = Counters(store)
        self._urls = Collection(store, "response_url")

    def issue(self, kind: str, user: str, channel: str, source: Json | None = None) -> str:
        """Make an address (its path) for `kind` (commands, actions); `source` is the message that was acted on."""
        number = self._counters.next("response")
        key = f"{kind}/{TEAM_ID}/{number}/{number * 7919:010x}"
        about = {"user": user, "channel": channel, "source": source, "issued": self._clock.now(), "uses": 0}
        self._urls.put(key, about)
        return f"/hooks/{key}"

    def use(self, key: str) -> Json:
        """Count a use and say what the address is about; SlackError `used_url`, `expired_url`, `invalid_url`."""
        about = self._urls.get(key)
        if about is None:
            raise SlackError("invalid_url")
        if self._clock.now() - about["issued"] > RESPONSE_SECONDS:
            raise SlackError("expired_url")
        if about["uses"] >= RESPONSE_USES:
            raise SlackError("used_url")
        return self._urls.put(key, about | {"uses": about["uses"] + 1})
