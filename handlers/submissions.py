"""Listener of uploads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from handlers import payloads

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.usecases.submissions import Submissions
    from handlers.payloads import Payload


@dataclass(frozen=True)
class SubmissionListeners:
    """What people upload, in the channel or in the direct messages."""

    submissions: Submissions

    def receive(self, body: Payload, next_: Callable[[], None]) -> None:
        """Each file of the message. A middleware: Slack hears of the delivery after the commit, and delivers again otherwise."""
        for upload in payloads.uploads(body):
            self.submissions.receive(upload)
        next_()
