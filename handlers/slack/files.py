"""Fetching what people uploaded: ``bot.ports.FileSource`` by Slack's files."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from slack_sdk.errors import SlackApiError

from bot.attempts import Deadline
from bot.errors import Unavailable, Undeliverable
from handlers.slack.errors import code, translated

if TYPE_CHECKING:
    from collections.abc import Callable

    import httpx
    from slack_sdk import WebClient

_GONE = frozenset({"file_not_found", "file_deleted", "access_denied"})
_SLACK = (".slack.com", ".slack-gov.com")
SECONDS = 60.0
"""For a whole download."""


@dataclass(frozen=True)
class SlackFiles:
    """Downloads with the bot's token, from Slack's own hosts only."""

    client: WebClient
    http: httpx.Client
    seconds: float = SECONDS
    """For a whole download: httpx limits only the wait for each part, and a byte now and then would hold a worker for ever."""
    passed: Callable[[], float] = time.monotonic
    deadline: Deadline = field(default_factory=lambda: Deadline(SECONDS))
    """For all of it, the answer's head included, which httpx reads by itself."""

    def download(self, file_id: str, max_bytes: int) -> bytes:
        """The file's bytes, ``max_bytes + 1`` at most. Raises KeyError for a file that is gone or never was Slack's; Unavailable."""
        file = self._info(file_id)
        address = file.get("url_private_download") or file.get("url_private") or ""
        if not self._is_slacks(address):
            # Shared from elsewhere (a cloud drive): the token must not go there.
            raise KeyError(file_id)
        with translated():
            return self.deadline.keep(lambda: self._read(address, int(file.get("size") or 0), max_bytes))

    def _info(self, file_id: str) -> dict[str, Any]:
        try:
            with translated():
                file: dict[str, Any] = self.client.files_info(file=file_id)["file"]
        except (Unavailable, Undeliverable) as error:
            if isinstance(error.__cause__, SlackApiError) and code(error.__cause__) in _GONE:
                raise KeyError(file_id) from error
            raise error if isinstance(error, Unavailable) else Unavailable(str(error)) from error
        return file

    def _is_slacks(self, address: str) -> bool:
        there, ours = (
            self.http.build_request("GET", address).url,
            self.http.build_request("GET", self.client.base_url).url,
        )
        return (there.scheme, there.host, there.port) == (ours.scheme, ours.host, ours.port) or (
            there.scheme == "https" and there.host.endswith(_SLACK)
        )

    def _read(self, address: str, size: int, max_bytes: int) -> bytes:
        headers = {"Authorization": f"Bearer {self.client.token}"}
        until = self.passed() + self.seconds
        with self.http.stream("GET", address, headers=headers, follow_redirects=False) as answer:
            if answer.status_code != 200:
                raise Unavailable(f"the download of a file answered {answer.status_code}")
            data = b""
            for part in answer.iter_bytes():
                data += part
                if self.passed() > until:
                    raise Unavailable(f"a download was not over after {self.seconds:.0f} s")
                if len(data) > max_bytes:
                    break
            _refuse_sign_in_page(answer, data, size)
        return data[: max_bytes + 1]


def _refuse_sign_in_page(answer: httpx.Response, data: bytes, size: int) -> None:
    # Slack answers 200 with its sign-in page where it does not like the token. A file that somebody wrote in HTML has its own size.
    if answer.headers.get("content-type", "").startswith("text/html") and len(data) != size:
        raise Unavailable("Slack sent its sign-in page in the place of a file")
