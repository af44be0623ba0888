"""Sharing files with a message, in Slack's three steps, so that a second try neither loses nor doubles them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from slack_sdk.errors import SlackApiError

from bot.errors import RateLimited, Unavailable, Undeliverable
from bot.ports import Posted
from handlers.slack.errors import code, retry_after

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import httpx
    from slack_sdk import WebClient

    from bot.attempts import Deadline
    from bot.ports import Claim, Enclosure, ObjectStore

STEP = 0.2
"""Seconds until the first look for a share, which appears a moment after Slack's answer. Each wait is twice as long as the one
before: Slack allows a hundred looks a minute, for all shares together."""
LONGEST_STEP = 2.0


@dataclass(frozen=True)
class Shares:
    """Hands files over, shares them in one message, and finds that message."""

    client: WebClient
    objects: ObjectStore
    http: httpx.Client
    deadline: Deadline
    """For handing over a whole file."""
    pause: Callable[[float], None]
    patience: float

    def share(self, uploads: Sequence[Enclosure], place: Posted, comment: str, claim: Claim) -> Posted:
        """Share the files in one message in the place, unless they are there already. Raises Unavailable where they do not appear."""
        known = [upload.file_id for upload in uploads if upload.file_id]
        if len(known) == len(uploads):
            # All were handed over before, so they may be shared: Slack says so only a moment later.
            found = self._await(known[0], place.channel_id)
            if found:
                return found
        ids = [upload.file_id or self._hand_over(upload, claim) for upload in uploads]
        try:
            self._complete(ids, uploads, place, comment, claim)
        except SlackApiError as error:
            if code(error) != "file_not_found" or not known:
                raise
            # Slack has forgotten what was handed over long ago, or took it and lost the share: begin again.
            ids = [self._hand_over(upload, claim) for upload in uploads]
            self._complete(ids, uploads, place, comment, claim)
        self.pause(STEP)
        found = self._await(ids[0], place.channel_id)
        if found is None:
            raise Unavailable("Slack took the files and does not show them yet")
        return found

    def _hand_over(self, upload: Enclosure, claim: Claim) -> str:
        data = self._bytes(upload)
        place = self.client.files_getUploadURLExternal(
            filename=upload.filename, length=len(data), alt_txt=upload.alt_text[:1000] or None
        )
        answer = self.deadline.keep(lambda: self.http.post(str(place["upload_url"]), content=data))
        if answer.status_code == 429:
            raise RateLimited(retry_after(answer.headers.get("Retry-After")))
        if answer.status_code != 200:
            raise Unavailable(f"the upload of a file answered {answer.status_code}")
        file_id = str(place["file_id"])
        claim.remember(upload.object_key, file_id)
        return file_id

    def _bytes(self, upload: Enclosure) -> bytes:
        try:
            return self.objects.get(upload.object_key)
        except KeyError as error:
            raise Undeliverable(f"there is no object {upload.object_key}") from error

    def _complete(
        self, ids: Sequence[str], uploads: Sequence[Enclosure], place: Posted, comment: str, claim: Claim
    ) -> None:
        claim.renew()
        self.client.files_completeUploadExternal(
            files=[{"id": file_id, "title": upload.title} for file_id, upload in zip(ids, uploads, strict=True)],
            channel_id=place.channel_id,
            thread_ts=place.ts or None,
            initial_comment=comment or None,
        )

    def _await(self, file_id: str, channel_id: str) -> Posted | None:
        waited, step = 0.0, STEP
        while waited < self.patience:
            file = self._info(file_id)
            if file is None:
                return None
            ts = _shared_ts(file, channel_id)
            if ts:
                return Posted(channel_id, ts)
            self.pause(step)
            waited, step = waited + step, min(2 * step, LONGEST_STEP)
        return None

    def _info(self, file_id: str) -> Mapping[str, object] | None:
        """What Slack knows of the file; None where it was handed over only, and is in no message."""
        try:
            file: Mapping[str, object] = self.client.files_info(file=file_id)["file"]
        except SlackApiError as error:
            if code(error) == "file_not_found":
                return None
            raise
        return file


def _shared_ts(file: Mapping[str, object], channel_id: str) -> str | None:
    """When the file was first shared in that channel."""
    shares = file.get("shares")
    for kind in shares.values() if isinstance(shares, dict) else ():
        if kind.get(channel_id):
            return str(kind[channel_id][0]["ts"])
    return None
