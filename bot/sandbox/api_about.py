"""Web API: bots.info, team.info, users.lookupByEmail: who is who."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.sandbox.arguments import needed
from bot.sandbox.shapes import BOT_ID, BOT_PROFILE, BOT_USER, TEAM, Json, SlackError

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.sandbox.workspace import Workspace

_BOT = ("id", "deleted", "updated", "app_id", "user_id", "icons")


class AboutApi:
    """The app itself, the workspace, and people by their addresses."""

    def __init__(self, workspace: Workspace, base_url: Callable[[], str]) -> None:
        self._workspace = workspace
        self._base_url = base_url

    def methods(self) -> dict[str, Callable[[Json], Json]]:
        """Give the methods by Slack's names."""
        return {"bots.info": self.bot, "team.info": self.team, "users.lookupByEmail": self.by_email}

    def bot(self, args: Json) -> Json:
        """Describe the app's bot, the only one there is."""
        if args.get("bot") not in {None, "", BOT_ID}:
            raise SlackError("bot_not_found")
        name = self._workspace.user(BOT_USER)["real_name"]
        return {"ok": True, "bot": {key: BOT_PROFILE[key] for key in _BOT} | {"name": name}}

    def team(self, args: Json) -> Json:
        """Describe the workspace."""
        if args.get("team") not in {None, "", TEAM["id"]}:
            raise SlackError("team_not_found")
        icon = {"image_default": True}
        return {"ok": True, "team": TEAM | {"url": f"{self._base_url()}/", "email_domain": "", "icon": icon}}

    def by_email(self, args: Json) -> Json:
        """Find the active person with an address."""
        needed(args, "email")
        wanted = str(args["email"]).casefold()
        for user in self._workspace.users:
            if not user["deleted"] and str(user["profile"].get("email", "")).casefold() == wanted:
                return {"ok": True, "user": dict(user)}
        raise SlackError("users_not_found")
