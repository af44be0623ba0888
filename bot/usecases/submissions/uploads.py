"""A file that somebody sent, as Slack tells of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from bot.rules.fileformats import looks_like_midi


@dataclass(frozen=True)
class Upload:
    """One file of a message."""

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
    taken_at: datetime | None = None
    """When it counts as sent, where it came by a window; None where the message's time says it."""
    title: str = ""
    """As the person wrote it; empty where the file's name gives it."""
    is_empty: bool = False
    """Whether Slack says that it has no bytes; a ``size`` of 0 may also mean that Slack does not say."""

    @property
    def uploaded_at(self) -> datetime:
        """When Slack took it."""
        if self.taken_at is not None:
            return self.taken_at
        seconds, _, fraction = self.message_ts.partition(".")
        micros = int(fraction[:6].ljust(6, "0"))
        return datetime.fromtimestamp(int(seconds), UTC) + timedelta(microseconds=micros)

    @property
    def mark(self) -> str:
        """Tells this file of this message from all others, whichever way we hear of it.

        A digest: an erasure takes the person's ids out of every table, and their file must not come in anew afterwards.
        """
        return sha256(f"{self.channel_id}:{self.message_ts}:{self.file_id}".encode()).hexdigest()

    @property
    def looks_like_midi(self) -> bool:
        """Whether name or type say MIDI; the bytes are looked at later."""
        return looks_like_midi(self.filename, self.mimetype, self.filetype)
