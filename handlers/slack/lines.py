"""Slack reaches us over Socket Mode, with a watchdog: slack_sdk's own attempts to connect again have been seen to give up."""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog

from bot.attempts import Deadline
from handlers.slack.clients import dial, hang_up, session_of

if TYPE_CHECKING:
    from handlers.slack.frames import FrameHandler

log = structlog.get_logger(__name__)

RECONNECT_AFTER = 15
"""Looks in a row (one a second) without a connection after which a new one is asked for."""
DIALLING = 60.0
"""Seconds that the opening of a connection may take as a whole: whoever looks waits for it."""


class SocketLine:
    """The connection of a handler.

    Args:
        handler: Bolt's.
    """

    def __init__(self, handler: FrameHandler) -> None:
        self._handler, self._deadline = handler, Deadline(DIALLING)
        self._lost = 0

    def start(self) -> None:
        """Let Slack in. Raises SlackApiError where an operator has to mend something."""
        dial(self._handler, self._deadline)

    def session(self) -> str | None:
        """The name of the present connection, each its own; None where there is none."""
        return session_of(self._handler)

    def look(self) -> None:
        """Called every second: where there has been no connection for a while, a new one is asked for."""
        self._lost = 0 if self._handler.client.is_connected() else self._lost + 1
        if self._lost >= RECONNECT_AFTER:
            log.warning("reconnecting", seconds_without_connection=float(self._lost))
            dial(self._handler, self._deadline)
            self._lost = 0

    def stop(self) -> None:
        """Take nothing new; returns when the last acknowledgement is sent."""
        hang_up(self._handler)
