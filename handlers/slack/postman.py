"""Delivers the outbox's letters: ``bot.ports.Postman`` by Slack's messages and files.

Slack's posts are not idempotent, so a letter that may have been sent is looked for before it is sent again: a message by the key in its
metadata, a share by the ids of its files, which are remembered before they are shared. And right before anything goes out the claim is
renewed: whoever was away for longer than a lease (a laptop that slept) finds here that another has the letter by now.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from time import sleep
from typing import TYPE_CHECKING, Any

from bot.attempts import Deadline
from bot.errors import Undeliverable
from bot.ports import Posted
from bot.usecases.stored import load
from handlers import letters
from handlers.ids import Metadata
from handlers.slack import history
from handlers.slack.errors import translated
from handlers.slack.fileshares import Shares
from handlers.slack.newer import NewerBlocks

if TYPE_CHECKING:
    from collections.abc import Callable

    import httpx
    from slack_sdk import WebClient

    from bot.ports import Claim, Letter, ObjectStore
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
            found = history.find(self.client, place, letter.key, since) if letter.tried_before else None
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
        if letter.uploads:
            shares = Shares(self.client, self.objects, self.http, self.deadline, self.pause, self.patience)
            shared = shares.share(letter.uploads, place, comment or "", claim)
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
