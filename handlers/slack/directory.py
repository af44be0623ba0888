"""Who is who in the workspace: ``bot.ports.Directory`` by Slack's Web API."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from slack_sdk.errors import SlackApiError

from bot.errors import Unavailable, Undeliverable
from bot.ports import Profile
from handlers.slack.errors import code, translated

if TYPE_CHECKING:
    from slack_sdk import WebClient

    from bot.ports import Clock

PAGE = 1000
_UNSEEN = frozenset({"channel_not_found", "not_in_channel", "is_archived"})


@dataclass(frozen=True)
class SlackDirectory:
    """Asks Slack, and remembers people for a few minutes."""

    client: WebClient
    clock: Clock
    lifetime: timedelta = timedelta(minutes=5)
    _known: dict[str, tuple[timedelta, Profile]] = field(default_factory=dict, repr=False)
    _own: list[str] = field(default_factory=list, repr=False)

    def profile(self, user_id: str) -> Profile:
        """That person. Raises KeyError for an unknown id, Unavailable."""
        known = self._known.get(user_id)
        if known and self.clock.elapsed() - known[0] < self.lifetime:
            return known[1]
        found = _profile(self._user(user_id), self._team())
        self._known[user_id] = (self.clock.elapsed(), found)
        return found

    def is_member(self, channel_id: str, user_id: str) -> bool:
        """Whether the person is in the channel; False where the bot cannot see it. Raises Unavailable."""
        cursor = ""
        while True:
            page = self._ask("conversations_members", _UNSEEN, channel=channel_id, limit=PAGE, cursor=cursor or None)
            if page is None or user_id in page["members"]:
                return page is not None
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return False

    def everybody_in(self, channel_id: str) -> frozenset[str]:
        """Everybody in the channel; nobody where the bot cannot see it. Raises Unavailable."""
        found: set[str] = set()
        cursor = ""
        while True:
            page = self._ask("conversations_members", _UNSEEN, channel=channel_id, limit=PAGE, cursor=cursor or None)
            if page is None:
                return frozenset()
            found.update(page["members"])
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return frozenset(found)

    def channel_name(self, channel_id: str) -> str | None:
        """The channel's name without ``#``; None where the bot is not in it. Raises Unavailable."""
        found = self._ask("conversations_info", _UNSEEN, channel=channel_id)
        if found is None or not found["channel"].get("is_member"):
            return None
        return str(found["channel"]["name"])

    def is_private(self, channel_id: str) -> bool:
        """Whether only its members see it; False where the bot cannot. Raises Unavailable."""
        found = self._ask("conversations_info", _UNSEEN, channel=channel_id)
        return found is not None and bool(found["channel"].get("is_private"))

    def _team(self) -> str:
        """The workspace's own id, asked for once."""
        if not self._own:
            answer = self._ask("auth_test", frozenset()) or {}
            self._own.append(str(answer["team_id"]))
        return self._own[0]

    def _user(self, user_id: str) -> dict[str, Any]:
        found = self._ask("users_info", frozenset({"user_not_found", "user_not_visible"}), user=user_id)
        if found is None:
            raise KeyError(user_id)
        user: dict[str, Any] = found["user"]
        return user

    def _ask(self, method: str, absent: frozenset[str], **arguments: Any) -> dict[str, Any] | None:
        """Slack's answer; None for the errors that only say that there is nothing to see."""
        try:
            with translated():
                answer = getattr(self.client, method)(**arguments).data
        except (Unavailable, Undeliverable) as error:
            if isinstance(error.__cause__, SlackApiError) and code(error.__cause__) in absent:
                return None
            raise error if isinstance(error, Unavailable) else Unavailable(str(error)) from error
        return dict(answer)


def _profile(user: dict[str, Any], team_id: str) -> Profile:
    card = user.get("profile") or {}
    shown = card.get("display_name") or card.get("real_name") or user.get("real_name") or user.get("name")
    return Profile(
        user_id=user["id"],
        name=str(shown or user["id"]),
        time_zone=user.get("tz") or "UTC",
        is_admin=bool(user.get("is_admin") or user.get("is_owner")),
        is_bot=bool(user.get("is_bot")) or user["id"] == "USLACKBOT",
        is_guest=bool(user.get("is_restricted") or user.get("is_ultra_restricted")),
        is_deleted=bool(user.get("deleted")),
        is_stranger=bool(user.get("is_stranger")) or team_id not in _teams(user),
    )


def _teams(user: dict[str, Any]) -> frozenset[str]:
    """Where the person is at home: one workspace, or several of an Enterprise organization."""
    home = user.get("team_id") or (user.get("profile") or {}).get("team") or ""
    return frozenset({home, *((user.get("enterprise_user") or {}).get("teams") or ())})
