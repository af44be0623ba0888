"""Reading what people have sent, in the place of being told: ``bot.usecases.submissions.absences.Mailbox`` by Slack's history."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import structlog
from slack_sdk.errors import SlackApiError

from bot.errors import RateLimited, Unavailable, Undeliverable
from handlers import payloads
from handlers.slack.errors import code, translated

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import datetime

    from slack_sdk import WebClient

    from bot.usecases.submissions.absences import Room
    from bot.usecases.submissions.arrivals import Upload
    from handlers.payloads import Payload

log = structlog.get_logger(__name__)

PAGE = 200
_FORBIDDEN = "missing_scope"
_UNSEEN = frozenset({"channel_not_found", "not_in_channel", "is_archived", "thread_not_found", _FORBIDDEN})


@dataclass(frozen=True)
class SlackMailbox:
    """Reads page by page, and waits where Slack asks for it: what was begun is read to its end.

    Args:
        client: Made by ``handlers.clients.asking_client``.
        pause: Waits that many seconds; True where we are asked to stop meanwhile.
        page: How much to ask for at a time; Slack recommends no more.
    """

    client: WebClient
    pause: Callable[[float], bool]
    page: int = PAGE
    _complained: set[str] = field(default_factory=set, repr=False)

    def direct_messages(self) -> Sequence[str] | None:
        """Ids of all direct messages with us; None where the app lacks the scope ``im:read``. Raises Unavailable."""
        found: list[str] = []
        for page in self._pages("users_conversations", types="im", exclude_archived=True):
            if page is None:
                return None
            found += [channel["id"] for channel in page["channels"]]
        return found

    def uploads(self, room: Room, since: datetime) -> Sequence[Upload]:
        """The files that people sent there after ``since``, in threads, too, the oldest first. Raises Unavailable."""
        new: dict[str, Payload] = {}
        # A thread that goes on stands in the history where it began.
        for message in self._messages("conversations_history", room, min(since, room.begun)):
            if _is_after(message["ts"], since):
                new[message["ts"]] = message
            if _is_after(message.get("latest_reply"), since):
                replies = self._messages("conversations_replies", room, since, ts=message["ts"])
                new |= {reply["ts"]: reply for reply in replies if _is_after(reply["ts"], since)}
        told = {"channel": room.channel_id, "channel_type": "im" if room.is_dm else "channel"}
        in_order = sorted(new.values(), key=lambda message: float(message["ts"]))
        return [upload for message in in_order for upload in payloads.uploads({"event": message | told})]

    def _messages(self, method: str, room: Room, oldest: datetime, **arguments: Any) -> Iterator[Payload]:
        for page in self._pages(method, channel=room.channel_id, oldest=f"{oldest.timestamp():.6f}", **arguments):
            yield from (page or {}).get("messages") or ()

    def _pages(self, method: str, **arguments: Any) -> Iterator[Payload | None]:
        """Slack's answers; None where there is nothing that we may see."""
        cursor = ""
        while True:
            page = self._ask(method, **arguments, limit=self.page, cursor=cursor or None)
            yield page
            cursor = ((page or {}).get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return

    def _ask(self, method: str, **arguments: Any) -> Payload | None:
        while True:
            try:
                with translated():
                    return dict(getattr(self.client, method)(**arguments).data)
            except RateLimited as limited:
                if self.pause(max(1.0, limited.retry_after)):
                    raise
            except (Unavailable, Undeliverable) as error:
                if not isinstance(error.__cause__, SlackApiError) or code(error.__cause__) not in _UNSEEN:
                    raise error if isinstance(error, Unavailable) else Unavailable(str(error)) from error
                self._complain(method, error.__cause__)
                return None

    def _complain(self, method: str, error: SlackApiError) -> None:
        """Once: an operator can mend it, and everything else goes on."""
        if code(error) == _FORBIDDEN and method not in self._complained:
            self._complained.add(method)
            needed = error.response.get("needed")
            log.warning(
                "a scope is missing: what came while we were away is not read there", method=method, scope=needed
            )


def _is_after(ts: str | None, since: datetime) -> bool:
    return ts is not None and float(ts) > since.timestamp()
