"""Delivers the outbox's letters: ``bot.ports.Postman`` by Slack's messages and files.

Slack's posts are not idempotent, so a letter that may have been sent is looked for before it is sent again: a message by the key in its
metadata, a share by the ids of its files, which are remembered before they are shared. And right before anything goes out the claim is
renewed: whoever was away for longer than a lease (a laptop that slept) finds here that another has the letter by now.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from time import sleep
from typing import TYPE_CHECKING, Any

from slack_sdk.errors import SlackApiError

from bot.attempts import Deadline
from bot.errors import RateLimited, Unavailable, Undeliverable
from bot.ports import Posted
from bot.usecases.stored import load
from handlers import letters
from handlers.ids import Metadata
from handlers.slack.errors import code, retry_after, translated
from handlers.slack.newer import NewerBlocks

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import datetime

    import httpx
    from slack_sdk import WebClient

    from bot.ports import Claim, Enclosure, Letter, ObjectStore
    from bot.usecases.messages import Message
    from handlers.views import blocks as b


UPLOADING = 300.0
"""Seconds that a whole file may take on its way to Slack: sounds and exports are large, and some lines are slow."""


@dataclass(frozen=True)
class SlackPostman:
    """One letter at a time; safe to call from several threads.

    Args:
        client: Made by ``handlers.clients.posting_client``.
        objects: Where the uploads' bytes are.
        http: Sends the bytes.
        deadline: For sending a whole file.
        pause: Waits that many seconds, between two looks for a share.
        patience: Seconds until a share that does not appear counts as lost.
        newer: Which of Slack's newer blocks this workspace takes: a letter that has them is sent without its pictures.
    """

    client: WebClient
    objects: ObjectStore
    http: httpx.Client
    deadline: Deadline = field(default_factory=lambda: Deadline(UPLOADING))
    pause: Callable[[float], None] = sleep
    patience: float = 10.0
    newer: NewerBlocks = field(default_factory=NewerBlocks)
    _conversations: dict[str, str] = field(default_factory=dict, repr=False)

    def deliver(self, letter: Letter, claim: Claim) -> Posted:
        """Send it once, and say where it is. Raises RateLimited, Unavailable, Undeliverable or Overtaken."""
        message = load(letter.message)
        with translated():
            if letter.rewrites is not None:
                return self._rewrite(letter, message, letter.rewrites, claim)
            place = Posted(self._conversation(letter.to), letter.thread_ts or "")
            since = letter.written_at
            found = find(self.client, place, letter.key, since) if letter.tried_before else None
            return found or self._send(letter, message, place, claim)

    def withdraw(self, posted: Posted) -> None:
        """Delete a message of ours. Raises RateLimited, Unavailable or Undeliverable."""
        with translated():
            self.client.chat_delete(channel=posted.channel_id, ts=posted.ts)

    def _send(self, letter: Letter, message: Message, place: Posted, claim: Claim) -> Posted:
        drawn = letters.draw(message)

        def post(blocks: list[b.Block]) -> Posted:
            claim.renew()
            return self._post(letter, drawn.text, blocks, place)

        posted = self.newer.attempt(drawn, post)
        if posted is not None:
            return posted
        comment = letters.share_comment(message)
        files = [upload for upload in letter.uploads if not upload.by_link]
        if files:
            shares = Shares(self.client, self.objects, self.http, self.deadline, self.pause, self.patience)
            shared = shares.share(files, place, comment or "", claim)
            if comment is not None:
                return shared
        return post(list(drawn.blocks))

    def _rewrite(self, letter: Letter, message: Message, place: Posted, claim: Claim) -> Posted:
        """A second time changes nothing, so nothing is looked for first; but a late one would bring old words back."""
        drawn = letters.draw(message)

        def rewrite(blocks: list[b.Block]) -> Posted:
            claim.renew()
            self.client.chat_update(
                channel=place.channel_id, ts=place.ts, text=drawn.text, blocks=blocks, metadata=_mark(letter)
            )
            return place

        return self.newer.attempt(drawn, rewrite) or rewrite(list(drawn.blocks))

    def _post(self, letter: Letter, text: str, blocks: list[b.Block], place: Posted) -> Posted:
        answer = self.client.chat_postMessage(
            channel=place.channel_id,
            thread_ts=place.ts or None,
            text=text,
            blocks=blocks,
            metadata=_mark(letter),
            unfurl_links=False,
            unfurl_media=False,
        )
        return Posted(str(answer["channel"]), str(answer["ts"]))

    def _conversation(self, to: str) -> str:
        """The channel's id; for a person that of the direct messages, opened the first time."""
        if not to:
            raise Undeliverable("the letter has no address")
        if to[0] not in "UW":
            return to
        if to not in self._conversations:
            self._conversations[to] = str(self.client.conversations_open(users=to)["channel"]["id"])
        return self._conversations[to]


def _mark(letter: Letter) -> dict[str, Any]:
    return {"event_type": Metadata.EVENT_TYPE.value, "event_payload": {Metadata.KEY.value: letter.key}}


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


PAGE = 200
SKEW = timedelta(hours=2)
"""How far our clock may have been ahead of Slack's when the letter was written: an hour for summer time, and more."""


def find(client: WebClient, place: Posted, key: str, since: datetime) -> Posted | None:
    """Where the message with that key is, in the channel or (``place.ts``) the thread; None where it is not.

    All messages from ``since`` on are looked at: how many came in between, nobody knows.
    """
    for message in _messages(client, place, f"{(since - SKEW).timestamp():.6f}"):
        if _key(message) == key:
            return Posted(place.channel_id, str(message["ts"]))
    return None


def _key(message: dict[str, Any]) -> str | None:
    metadata = message.get("metadata") or {}
    if metadata.get("event_type") != Metadata.EVENT_TYPE:
        return None
    key: str | None = (metadata.get("event_payload") or {}).get(Metadata.KEY.value)
    return key


def _messages(client: WebClient, place: Posted, oldest: str) -> Iterator[dict[str, Any]]:
    cursor: str | None = None
    seen: set[str | None] = set()
    while cursor not in seen:  # a cursor that comes back would lead in a circle
        seen.add(cursor)
        page = _page(client, place, oldest, cursor)
        yield from page.get("messages") or ()
        cursor = (page.get("response_metadata") or {}).get("next_cursor") or None


def _page(client: WebClient, place: Posted, oldest: str, cursor: str | None) -> dict[str, Any]:
    there: dict[str, Any] = {
        "channel": place.channel_id,
        "oldest": oldest,
        "limit": PAGE,
        "include_all_metadata": True,
        "cursor": cursor,
    }
    try:
        answer = (
            client.conversations_replies(ts=place.ts, **there) if place.ts else client.conversations_history(**there)
        )
    except SlackApiError as error:
        if code(error) == "thread_not_found":  # its first message was deleted: then nothing of ours is in it
            return {}
        raise
    return dict(answer.data) if isinstance(answer.data, dict) else {}
