"""What the probe asks of Slack's Web API, and takes away again at its end."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from slack_sdk.errors import SlackApiError

from bot.errors import Unavailable
from handlers.probe.report import TAKEN, word
from handlers.slack.errors import code, retry_after, translated

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import httpx
    from slack_sdk import WebClient

TRIES = 5
STEP = 0.2
"""Seconds between two looks at a file that Slack has not typed or shared yet."""
GONE = frozenset({"message_not_found", "file_not_found", "file_deleted", "channel_not_found"})


@dataclass(frozen=True)
class Shared:
    """A file of the probe's.

    Attributes:
        file: As ``files.info`` has it.
        ts: Of the message in which it stands; empty where it was shared with nobody.
        seconds: From the end of its upload until Slack had typed and shared it.
    """

    file: Mapping[str, Any]
    ts: str
    seconds: float


@dataclass
class Hand:
    """Calls of the Web API.

    Args:
        client: With the bot's token.
        http: For the bytes of uploads.
        settling: Seconds until a file has to be typed and shared.
        sleep: Waits so many seconds.
    """

    client: WebClient
    http: httpx.Client
    settling: float = 30.0
    sleep: Callable[[float], None] = time.sleep
    _messages: list[tuple[str, str]] = field(default_factory=list)
    _files: list[str] = field(default_factory=list)

    def ask(self, method: str, **arguments: Any) -> dict[str, Any]:
        """Slack's answer; waits where Slack wants a moment. Raises SlackApiError."""
        form = {
            key: value if isinstance(value, str) else json.dumps(value)
            for key, value in arguments.items()
            if value is not None
        }
        for last in range(TRIES):
            try:
                answer: dict[str, Any] = dict(self.client.api_call(method, data=form).data)  # type: ignore[arg-type]  # JSON always, but for downloads
            except SlackApiError as error:
                if code(error) != "ratelimited" or last == TRIES - 1:
                    raise
                self.sleep(retry_after(error.response.headers.get("Retry-After")))
            else:
                return answer
        raise AssertionError

    def attempt(self, method: str, **arguments: Any) -> str:
        """``taken``, or Slack's word for why not."""
        try:
            self.ask(method, **arguments)
        except SlackApiError as error:
            return word(code(error))
        return TAKEN

    def post(
        self, channel: str, text: str, blocks: Sequence[Mapping[str, Any]] | None = None, thread: str | None = None
    ) -> str:
        """A message; its time. Raises SlackApiError."""
        answer = self.ask("chat.postMessage", channel=channel, text=text, blocks=blocks, thread_ts=thread)
        self._messages.append((str(answer["channel"]), str(answer["ts"])))
        return str(answer["ts"])

    def note(self, channel: str, ts: str, text: str) -> None:
        """What was asked is answered: a message without its buttons. Raises SlackApiError."""
        self.ask("chat.update", channel=channel, ts=ts, text=text, blocks=[])

    def upload(self, name: str, data: bytes, channel: str | None = None, thread: str | None = None) -> str:
        """Hands a file over, and shares it where a channel is named; its id, at once. Raises SlackApiError, Unavailable."""
        place = self.ask("files.getUploadURLExternal", filename=name, length=len(data))
        with translated():
            if self.http.post(str(place["upload_url"]), content=data).status_code != 200:
                raise Unavailable("Slack did not take the bytes of a file")
        file_id = str(place["file_id"])
        self._files.append(file_id)
        files = [{"id": file_id, "title": name}]
        self.ask("files.completeUploadExternal", files=files, channel_id=channel, thread_ts=thread)
        return file_id

    def settled(self, file_id: str, channel: str | None = None) -> Shared:
        """The file when Slack has typed it, and shared it in the channel. Raises SlackApiError; Unavailable where that does not come."""
        began = time.monotonic()
        while (passed := time.monotonic() - began) < self.settling:
            file = self.ask("files.info", file=file_id)["file"]
            ts = _shared(file, channel) if channel else ""
            if file.get("mimetype") and ts is not None:
                if channel and ts:
                    self._messages.append((channel, ts))
                return Shared(file, ts, passed)
            self.sleep(STEP)
        raise Unavailable("Slack took a file and does not show it")

    def clean(self) -> int:
        """Take away all that was posted and uploaded, the newest first; how much of it is still there."""
        left = sum(self.attempt("files.delete", file=each) not in {TAKEN, *GONE} for each in reversed(self._files))
        left += sum(
            self.attempt("chat.delete", channel=place, ts=ts) not in {TAKEN, *GONE}
            for place, ts in reversed(self._messages)
        )
        self._files.clear()
        self._messages.clear()
        return left


def _shared(file: Mapping[str, Any], channel: str) -> str | None:
    for kind in (file.get("shares") or {}).values():
        if kind.get(channel):
            return str(kind[channel][0]["ts"])
    return None
