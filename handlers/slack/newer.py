"""Slack's newer blocks, which come to workspaces one after the other: used where they are, and remembered where they are not."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, TypeVar

import structlog
from slack_sdk.errors import SlackApiError

from handlers.slack.errors import code

if TYPE_CHECKING:
    from collections.abc import Callable

    from slack_bolt import Respond

    from handlers.views import blocks as b
    from handlers.views.drawn import Drawn

_T = TypeVar("_T")
_log = structlog.get_logger(__name__)

REFUSED: Final = "invalid_blocks"
PATIENCE: Final = 24 * 3600.0
"""Seconds until a block that was refused is tried again: it may have come by then."""


@dataclass(frozen=True)
class NewerBlocks:
    """What this workspace takes, by what it refused; one for a whole process, and safe to ask from several threads.

    Args:
        monotonic: Seconds of a clock that is never set.
    """

    monotonic: Callable[[], float] = time.monotonic
    _refused: dict[str, float] = field(default_factory=dict, repr=False)

    def attempt(self, drawn: Drawn, send: Callable[[list[b.Block]], _T]) -> _T | None:
        """Send the newer form; None where there is none, or where this workspace does not take it: then the plain one is due."""
        if not self._may_take(drawn):
            return None
        try:
            return send(list(drawn.newer))
        except SlackApiError as error:
            if code(error) != REFUSED:
                raise
        self._remember(drawn)
        return None

    def answer(self, respond: Respond, drawn: Drawn, **how: Any) -> None:
        """Answer at a response URL in the newer form, or in the plain one."""
        if self._may_take(drawn):
            answer = respond(text=drawn.text, blocks=list(drawn.newer), **how)
            if REFUSED not in answer.body:
                return
            self._remember(drawn)
        respond(text=drawn.text, blocks=list(drawn.blocks), **how)

    def _may_take(self, drawn: Drawn) -> bool:
        now = self.monotonic()
        return bool(drawn.newer) and all(now - self._refused.get(kind, -math.inf) >= PATIENCE for kind in _kinds(drawn))

    def _remember(self, drawn: Drawn) -> None:
        kinds = _kinds(drawn)
        self._refused.update(dict.fromkeys(kinds, self.monotonic()))
        _log.info("newer blocks have not come to this workspace yet", blocks=sorted(kinds))


def _kinds(drawn: Drawn) -> set[str]:
    """The kinds of blocks that only the newer form has."""
    return {block["type"] for block in drawn.newer} - {block["type"] for block in drawn.blocks}
