"""The wire's log: each call, delivery, download and upload with its answer and its time. It shows no token and no password.

Shown and typed in blocks that say in their name that it is a password, a secret or private, nobody reads it again.
"""

from __future__ import annotations

import json
import re
import time
from collections import deque
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bot.sandbox.clock import Clock
    from bot.sandbox.shapes import Json


_KEPT = 50_000


class Entry:
    """One line of the log; `finish` fills in the answer, the milliseconds and how it ended."""

    def __init__(self, line: Json) -> None:
        self.line = line
        self._began = time.perf_counter()

    def finish(self, state: str, answer: Json | None = None) -> None:
        """Say how it ended: done, held, dropped, acked, timed_out, lost ..."""
        ms = round((time.perf_counter() - self._began) * 1000, 2)
        self.line |= {"state": state, "answer": answer, "ms": ms}

    def late(self) -> None:
        """Say that an acknowledgement came after the three seconds; `late_ms` is when."""
        if self.line["state"] == "timed_out":
            self.line["late_ms"] = round((time.perf_counter() - self._began) * 1000, 2)


class Journal:
    """The last lines of the log, numbered from 1."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lines: deque[Json] = deque(maxlen=_KEPT)
        self._count = 0

    def begin(self, kind: str, name: str, args: Json) -> Entry:
        """Write a line: kind is api, delivery, download, upload or response_url."""
        self._count += 1
        line: Json = {"n": self._count, "at": self._clock.now(), "kind": kind, "name": name}
        line |= {"args": args, "answer": None, "ms": None, "state": "open"}
        self._lines.append(line)
        return Entry(line)

    def since(self, number: int) -> list[Json]:
        """Give the lines after `number`."""
        skipped = self._count - len(self._lines)
        return list(self._lines)[max(0, number - skipped) :]

    def shown(self, number: int) -> list[Json]:
        """Give them as anybody may read them."""
        return [line | {part: veiled(line[part]) for part in ("args", "answer")} for line in self.since(number)]

    def clear(self) -> None:
        """Forget all lines, and count from 1 again."""
        self._lines.clear()
        self._count = 0


HIDDEN = "(hidden)"
_SAYS_SO = re.compile(r"password|passwd|secret|private", re.IGNORECASE)
_NAMES = frozenset({"type", "block_id", "action_id", "style", "trigger_actions_on"})
_AS_JSON = frozenset({"view", "blocks", "attachments"})
"""Arguments that come as they are, or as JSON in a text."""


def veiled(value: Any) -> Any:
    """A copy without what such blocks and elements show, hold and were given; their names and types stay."""
    if isinstance(value, list):
        return [veiled(one) for one in value]
    if not isinstance(value, dict):
        return value
    if any(_is_secret(value.get(name)) for name in ("block_id", "action_id")):
        return {key: one if key in _NAMES else _emptied(one) for key, one in value.items()}
    return {key: _under(key, one) for key, one in value.items()}


def _emptied(value: Any) -> Any:
    """The same shape without a word: what holds the log against Slack's types goes on knowing what was where."""
    if isinstance(value, dict):
        return {key: one if key in _NAMES else _emptied(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_emptied(one) for one in value]
    return HIDDEN if isinstance(value, str) else value


def _under(key: str, value: Any) -> Any:
    if key == "values" and isinstance(value, dict):  # of a view's state: {block_id: {action_id: {"value": ...}}}
        return {block: _typed(block, inside) for block, inside in value.items()}
    if key in _AS_JSON and isinstance(value, str):
        try:
            return json.dumps(veiled(json.loads(value)))
        except (ValueError, RecursionError):
            return value
    return veiled(value)


def _typed(block: str, inside: Any) -> Any:
    if not isinstance(inside, dict):
        return inside
    return {name: HIDDEN if _is_secret(block) or _is_secret(name) else one for name, one in inside.items()}


def _is_secret(name: object) -> bool:
    return isinstance(name, str) and _SAYS_SO.search(name) is not None
