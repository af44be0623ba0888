"""Listener of uploads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from handlers import payloads

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.usecases.submissions.mishaps import Mishaps
    from bot.usecases.submissions.submissions import Submissions
    from handlers.payloads import Payload


@dataclass(frozen=True)
class SubmissionListeners:
    """What people upload, in the channel or in the direct messages, and what becomes of it in Slack."""

    submissions: Submissions
    mishaps: Mishaps
    missed: Callable[[], None]
    """Called where an upload cannot be written down: Slack may give up telling of it before that works again."""

    def receive(self, body: Payload, next_: Callable[[], None]) -> None:
        """Each file of the message. A middleware: Slack hears of the delivery after the commit, and delivers again otherwise."""
        try:
            for upload in payloads.uploads(body):
                self.submissions.receive(upload)
        except Exception:
            self.missed()
            raise
        next_()

    def file_deleted(self, event: Payload, next_: Callable[[], None]) -> None:
        """A file is gone from Slack."""
        self.mishaps.file_deleted(event["file_id"])
        next_()

    def archived(self, body: Payload, event: Payload, next_: Callable[[], None]) -> None:
        """A channel that the bot is in was archived."""
        self.mishaps.channel_archived(event["channel"], event.get("user"), body["event_id"])
        next_()
