"""Live updates for the page: numbered happenings, each for the people who may see it."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.sandbox.shapes import Json

_KEPT = 4000


class Hub:
    """Happenings since the start, and the streams that wait for the next."""

    def __init__(self) -> None:
        self.seq = 0
        self._kept: deque[tuple[Json, frozenset[str] | None]] = deque(maxlen=_KEPT)
        self._streams: dict[asyncio.Queue[Json | None], str] = {}

    def publish(self, happening: Json, people: Iterable[str] | None = None) -> None:
        """Number a happening and send it to `people` (None: to everyone)."""
        self.seq += 1
        numbered = {"seq": self.seq, **happening}
        audience = None if people is None else frozenset(people)
        self._kept.append((numbered, audience))
        for stream, person in self._streams.items():
            if audience is None or person in audience:
                stream.put_nowait(numbered)

    def subscribe(self, person: str, since: int | None) -> asyncio.Queue[Json | None]:
        """Open a stream for a person, beginning after `since`; None in it means the end."""
        stream: asyncio.Queue[Json | None] = asyncio.Queue()
        for happening in self._missed(person, since):
            stream.put_nowait(happening)
        self._streams[stream] = person
        return stream

    def unsubscribe(self, stream: asyncio.Queue[Json | None]) -> None:
        """Close a stream."""
        self._streams.pop(stream, None)

    def close(self) -> None:
        """End all streams, so that a server can stop."""
        for stream in self._streams:
            stream.put_nowait(None)

    def _missed(self, person: str, since: int | None) -> list[Json]:
        if since is None or since == self.seq:
            return []
        oldest = self._kept[0][0]["seq"] if self._kept else self.seq + 1
        if since > self.seq or since < oldest - 1:
            # From before a restart, or too long ago: the page has to read the whole state again.
            return [{"seq": self.seq, "type": "reset"}]
        return [one for one, audience in self._kept if one["seq"] > since and (audience is None or person in audience)]
