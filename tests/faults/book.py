"""What was promised, and what of it is there: lost and doubled letters, found in the bot's database and in what people see in Slack."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.faults.place import Place

NEWS_OF_ABSENCE = "been_away"
"""Comes beside what was promised, where something was read late."""
NEW = "SELECT kind, state, sent_channel, sent_ts FROM outbox WHERE id > {} AND state <> 'dropped'"


@dataclass(frozen=True)
class Count:
    """What is wrong; each as a short line."""

    lost: tuple[str, ...] = ()
    doubled: tuple[str, ...] = ()

    def __add__(self, other: Count) -> Count:
        return Count(self.lost + other.lost, self.doubled + other.doubled)

    def __str__(self) -> str:
        """For whoever waits: nothing where nothing is wrong."""
        wrong = {"lost": self.lost, "doubled": self.doubled}
        return "; ".join(f"{how}: {', '.join(what)}" for how, what in wrong.items() if what)


@dataclass(frozen=True)
class Page:
    """The book as it was before a deed: whatever was written since is the deed's."""

    place: Place
    last: int
    """The last letter's id."""
    seen: Counter[str]
    """Everything of ours in Slack, by what tells it from all else."""
    failed: int
    """Jobs that had failed for good."""

    @classmethod
    def opened(cls, place: Place) -> Self:
        """Before a deed."""
        last = place.number("SELECT coalesce(max(id), 0) FROM outbox")
        return cls(place, last, _said(place), _failed(place))

    def kinds(self) -> Counter[str]:
        """How many letters of each kind have been written since."""
        return Counter(str(kind) for kind, *_ in self._new() if kind != NEWS_OF_ABSENCE)

    def arrived(self, kind: str) -> int:
        """How many letters of that kind have been written and sent since."""
        return sum(state == "sent" for one, state, *_ in self._new() if one == kind)

    def count(self, expected: Mapping[str, int] | None = None) -> Count:
        """Hold what is there against what belongs there: each letter that was written, and of each kind as many as expected."""
        there = cache(lambda channel: {message["ts"] for message in self.place.slack.all_messages(channel)})
        new = self._new()
        lost = [
            f"{kind} is in no channel"
            for kind, state, channel, ts in new
            if state != "sent" or channel is None or ts not in there(channel)
        ]
        kinds = Counter(str(kind) for kind, *_ in new)
        for kind, number in (expected or {}).items():
            lost += [f"a letter: {kind}"] * (number - kinds[kind])
        lost += ["a job failed for good"] * (_failed(self.place) - self.failed)
        said = _said(self.place)
        doubled = [f"{what[:90]}: {said[what]} times" for what in said if said[what] > max(1, self.seen[what])]
        more = Counter({kind: kinds[kind] - number for kind, number in (expected or {}).items()})
        doubled += [f"a letter more: {kind}" for kind in more.elements()]
        return Count(tuple(lost), tuple(doubled))

    def _new(self) -> list[tuple[Any, ...]]:
        return self.place.rows(NEW.format(self.last))


def _failed(place: Place) -> int:
    return place.number("SELECT count(*) FROM job WHERE state = 'failed'")


def _said(place: Place) -> Counter[str]:
    """All messages of ours, wherever a letter went: by the key in the metadata, and shares of files by where, what and which files."""
    channels = [str(channel) for (channel,) in place.rows("SELECT DISTINCT sent_channel FROM outbox") if channel]
    found: Counter[str] = Counter()
    for channel in channels:
        for message in place.slack.all_messages(channel):
            if message["user"] == "U0KANTOR":
                found[_mark(channel, message)] += 1
    return found


def _mark(channel: str, message: dict[str, Any]) -> str:
    key = (message.get("metadata") or {}).get("event_payload", {}).get("key")
    if key:
        return str(key)
    files = sorted(f"{file.get('title')} {file.get('size')}" for file in message.get("files") or ())
    return json.dumps([message["text"], channel, message.get("thread_ts"), files], ensure_ascii=False)
