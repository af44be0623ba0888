"""Web API: conversations.*, users.*, usergroups.*, bots.info, team.info, auth.test, api.test, apps.connections.open."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.sandbox.arguments import flag, moment, needed, page
from bot.sandbox.shapes import APP_ID, BOT_ID, BOT_PROFILE, BOT_USER, TEAM, TEAM_ID, TEAM_NAME, Json, SlackError

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.sandbox.manifest import Manifest
    from bot.sandbox.messages import Messages
    from bot.sandbox.workspace import Workspace


_LONGEST_TOPIC = 250


@dataclass(frozen=True)
class ConversationsApi:
    """Channels and people as the app sees them."""

    _workspace: Workspace
    _messages: Messages
    _manifest: Manifest
    _ticket: Callable[[], str]
    _base_url: Callable[[], str]

    def methods(self) -> dict[str, Callable[[Json], Json]]:
        """Give the methods by Slack's names."""
        return {
            "api.test": lambda args: {"ok": True, "args": args},
            "auth.test": self.auth_test,
            "apps.connections.open": self.open_connection,
            "conversations.open": self.open,
            "conversations.info": self.info,
            "conversations.list": self.channels,
            "conversations.members": self.members,
            "conversations.history": self.history,
            "conversations.replies": self.replies,
            "conversations.join": self.join,
            "conversations.leave": self.leave,
            "conversations.invite": self.invite,
            "conversations.setTopic": self.set_topic,
            "conversations.create": self.create,
            "users.info": self.user_info,
            "users.list": self.users,
            "users.conversations": self.user_conversations,
            "usergroups.users.list": self.group_users,
        }

    def auth_test(self, _: Json) -> Json:
        """Say who the token is."""
        who = {"team_id": TEAM_ID, "user_id": BOT_USER, "bot_id": BOT_ID, "is_enterprise_install": False}
        return {
            "ok": True,
            "url": f"{self._base_url()}/",
            "team": TEAM_NAME,
            "user": self._workspace.user(BOT_USER)["name"],
            **who,
        }

    def open_connection(self, _: Json) -> Json:
        """Give a single-use address for Socket Mode."""
        base = self._base_url().replace("http", "ws", 1)
        return {"ok": True, "url": f"{base}/link/?ticket={self._ticket()}&app_id={APP_ID}"}

    def open(self, args: Json) -> Json:
        """Open the DM with one person."""
        people = [one for one in str(args.get("users") or "").split(",") if one]
        if args.get("channel"):
            channel, there = self._workspace.visible(str(args["channel"]), BOT_USER), True
        elif not people:
            raise SlackError("users_list_not_supplied")
        elif len(people) > 1:
            raise SlackError("not_supported", text="The sandbox has no group DMs.")
        else:
            user = self._workspace.user(people[0])
            if user["deleted"]:
                raise SlackError("user_disabled")
            channel, there = self._workspace.direct(user["id"], BOT_USER)
        shown = self._one(channel) if flag(args, "return_im") else {"id": channel["id"]}
        return {"ok": True, "channel": shown} | ({"no_op": True, "already_open": True} if there else {})

    def info(self, args: Json) -> Json:
        """Describe a channel."""
        channel = self._known(args)
        shown = self._one(channel)
        shown.pop("priority", None)
        if not flag(args, "include_num_members"):
            shown.pop("num_members", None)
        return {"ok": True, "channel": shown}

    def channels(self, args: Json) -> Json:
        """List channels of the asked types."""
        kinds = str(args.get("types") or "public_channel").split(",")
        seen = [one for one in self._workspace.channels if _kind(one) in kinds]
        mine = [one for one in seen if not one["is_private"] or BOT_USER in one["members"]]
        return self._listed("channels", self._as_asked(mine, args), args)

    def members(self, args: Json) -> Json:
        """List a channel's members."""
        return self._listed("members", self._known(args)["members"], args)

    def history(self, args: Json) -> Json:
        """Give a channel's messages, newest first, without replies."""
        channel = self._member_of(args)
        roots = [one for one in self._messages.of(channel["id"]) if one.get("thread_ts", one["ts"]) == one["ts"]]
        for end in ("oldest", "latest"):  # in an empty channel, too
            moment(args, end)
        chosen = [_shown(one, args) for one in reversed(roots) if _within(one["ts"], args)]
        part, cursor = page(chosen, args)
        rest = {"pin_count": 0, "response_metadata": {"next_cursor": cursor}}
        return {"ok": True, "messages": part, "has_more": bool(cursor), **rest}

    def replies(self, args: Json) -> Json:
        """Give a thread, its parent first."""
        needed(args, "ts")
        channel = self._member_of(args)
        first, *others = self._messages.replies(channel["id"], str(args["ts"]))
        thread = [first, *(one for one in others if _within(one["ts"], args))]
        part, cursor = page([_shown(one, args) for one in thread], args, default=1000)
        return {"ok": True, "messages": part, "has_more": bool(cursor), "response_metadata": {"next_cursor": cursor}}

    def join(self, args: Json) -> Json:
        """Join a public channel."""
        channel = self._known(args)
        if channel["is_private"]:
            raise SlackError("method_not_supported_for_channel_type")
        channel = self._workspace.join(channel["id"], BOT_USER)
        return {"ok": True, "channel": self._workspace.seen_by(channel, BOT_USER)}

    def leave(self, args: Json) -> Json:
        """Leave a channel."""
        channel = self._known(args)
        if BOT_USER not in channel["members"]:
            return {"ok": False, "not_in_channel": True}
        self._workspace.leave(channel["id"], BOT_USER)
        return {"ok": True}

    def invite(self, args: Json) -> Json:
        """Bring people into a channel that the bot is in."""
        needed(args, "users")
        people = [one for one in str(args["users"]).split(",") if one]
        channel = self._workspace.invite(self._known(args)["id"], people, BOT_USER)
        return {"ok": True, "channel": self._workspace.seen_by(channel, BOT_USER)}

    def set_topic(self, args: Json) -> Json:
        """Say what a channel is about now; a line in the channel tells of it."""
        channel, topic = self._member_of(args), str(args.get("topic") or "")
        if len(topic) > _LONGEST_TOPIC:
            raise SlackError("too_long")
        channel = self._workspace.set_topic(channel["id"], BOT_USER, topic)
        text = f"<@{BOT_USER}> set the channel topic: {topic}" if topic else f"<@{BOT_USER}> cleared channel topic"
        line = {"subtype": "channel_topic", "user": BOT_USER, "text": text, "topic": topic}
        self._messages.post(channel, line)
        return {"ok": True, "channel": self._workspace.seen_by(channel, BOT_USER)}

    def create(self, args: Json) -> Json:
        """Make a channel, with the bot in it alone."""
        if not args.get("name"):
            raise SlackError("invalid_name_required")
        channel = self._workspace.create(str(args["name"]), [], BOT_USER, secret=flag(args, "is_private"))
        return {"ok": True, "channel": self._workspace.seen_by(channel, BOT_USER)}

    def user_info(self, args: Json) -> Json:
        """Describe a person."""
        needed(args, "user")
        return {"ok": True, "user": self._described(self._workspace.user(str(args["user"])), args)}

    def users(self, args: Json) -> Json:
        """List all people, deactivated ones and the bot among them."""
        people = [self._described(one, args) for one in self._workspace.users]
        return self._listed("members", people, args) | {"cache_ts": int(self._workspace.clock.now())}

    def user_conversations(self, args: Json) -> Json:
        """List a person's channels (the bot's own without `user`)."""
        person = self._workspace.user(str(args.get("user") or BOT_USER))["id"]
        kinds = str(args.get("types") or "public_channel").split(",")
        theirs = [one for one in self._workspace.of(person) if _kind(one) in kinds]
        seen = [one for one in theirs if not one["is_private"] or BOT_USER in one["members"]]
        return self._listed("channels", self._as_asked(seen, args), args)

    def group_users(self, _: Json) -> Json:
        """User groups belong to paid plans, which this workspace has not."""
        raise SlackError("paid_teams_only")

    def _as_asked(self, channels: list[Json], args: Json) -> list[Json]:
        kept = [one for one in channels if not (flag(args, "exclude_archived") and one.get("is_archived"))]
        return [self._workspace.seen_by(one, BOT_USER) for one in kept]

    def _one(self, channel: Json) -> Json:
        """Give one channel; only lists say of a DM whether the other person is gone."""
        shown = self._workspace.seen_by(channel, BOT_USER)
        return {key: value for key, value in shown.items() if key != "is_user_deleted"}

    def _known(self, args: Json) -> Json:
        needed(args, "channel")
        return self._workspace.visible(str(args["channel"]), BOT_USER)

    def _member_of(self, args: Json) -> Json:
        needed(args, "channel")
        return self._workspace.joined(str(args["channel"]), BOT_USER)

    def _described(self, user: Json, args: Json) -> Json:
        shown = user | {"locale": "en-GB"} if flag(args, "include_locale") else dict(user)
        if not self._manifest.grants("users:read.email"):
            shown["profile"] = {key: value for key, value in user["profile"].items() if key != "email"}
        return shown

    def _listed(self, name: str, items: list[Json] | list[str], args: Json) -> Json:
        part, cursor = page(items, args)
        return {"ok": True, name: part, "response_metadata": {"next_cursor": cursor}}


def _kind(channel: Json) -> str:
    if channel["is_im"]:
        return "im"
    return "private_channel" if channel["is_private"] else "public_channel"


def _within(ts: str, args: Json) -> bool:
    oldest, latest, at = moment(args, "oldest"), moment(args, "latest"), float(ts)
    inclusive = flag(args, "inclusive")
    after = oldest is None or at > oldest or (inclusive and at == oldest)
    before = latest is None or at < latest or (inclusive and at == latest)
    return after and before


def _shown(message: Json, args: Json) -> Json:
    hidden = {"channel"} if flag(args, "include_all_metadata") else {"channel", "metadata"}
    return {key: value for key, value in message.items() if key not in hidden}


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
