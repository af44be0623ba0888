"""Waiting for something to appear, with a deadline and a sentence about what was seen instead."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.sandbox.shapes import Json

_POLL_SECONDS = 0.03
PATIENCE = 90.0
"""Seconds. A crowded machine has taken twenty for what takes a tenth elsewhere; only what never comes is waited for so long."""
_Found = TypeVar("_Found")


class SandboxError(Exception):
    """The sandbox refused; `error` is Slack's code, `text` what the person is shown, `answer` all of it."""

    def __init__(self, what: str, answer: Json) -> None:
        super().__init__(f"{what}: {answer.get('error')} {answer.get('text', '')} {answer.get('errors') or ''}".strip())
        self.error = str(answer.get("error"))
        self.text = str(answer.get("text", ""))
        self.answer = answer


def awaited(look: Callable[[], _Found | None], timeout: float, what: Callable[[], str]) -> _Found:
    """Look again and again until there is something; AssertionError with `what` after `timeout` seconds."""
    deadline = time.monotonic() + timeout
    while True:
        found = look()
        if found is not None:
            return found
        if time.monotonic() > deadline:
            raise AssertionError(f"Waited {timeout:g} s in vain for {what()}")
        time.sleep(_POLL_SECONDS)
