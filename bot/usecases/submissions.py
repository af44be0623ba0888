"""Compositions at the door: taken down the moment they arrive, checked later by the worker."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.ports import Clock, Directory, Ids
    from models.store import Store


@dataclass(frozen=True)
class Upload:
    """One file of a message."""

    slack_event_id: str
    file_id: str
    user_id: str
    channel_id: str
    is_dm: bool
    message_ts: str
    """Slack's time of the message, such as ``1790000000.000100``: it decides about the deadline."""
    thread_ts: str | None
    filename: str
    mimetype: str
    filetype: str
    size: int


@dataclass(frozen=True)
class Submissions:
    """Take in what people upload."""

    store: Store
    directory: Directory
    clock: Clock
    ids: Ids

    def receive(self, upload: Upload) -> None:
        """Take the file down with its job and its receipt, or a letter that says why not. A repeat changes nothing.

        Never needs Slack to answer: an upload is not lost because Slack is slow.
        """
        raise NotImplementedError
