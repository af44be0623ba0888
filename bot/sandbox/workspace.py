"""The workspace's people and channels: who is there, who is where, and who may see what."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.sandbox.people import channel as make_channel
from bot.sandbox.people import direct_message, private
from bot.sandbox.shapes import BOT_USER, TEAM_ID, Json, SlackError
from bot.sandbox.store import Collection, Counters

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.sandbox.clock import Clock
    from bot.sandbox.hub import Hub
    from bot.sandbox.seeds import Seed
    from bot.sandbox.store import Store

_CHANNEL_NAME = re.compile(r"[\w-]{1,80}")


class Workspace:
    """People and channels; `emit` hands an event to whoever delivers events to the app, `announce` writes into a channel who came (and who invited them)."""

    def __init__(self, store: Store, clock: Clock, hub: Hub, emit: Callable[[Json], None], seed: Seed) -> None:
        self.clock = clock
        self.hub = hub
        self.emit = emit
        self.announce: Callable[[Json, str, str | None], None] = _silence
        self.counters = Counters(store)
        self.users = Collection(store, "user")
        self.channels = Collection(store, "channel")
        if not len(self.users):
            for user in seed.people:
                self.users.put(user["id"], user)
            for channel in seed.channels:
                self.channels.put(channel["id"], channel)

    def user(self, key: str) -> Json:
        """Find a person by id or handle; SlackError `user_not_found`."""
        found = self.users.get(key) or next((one for one in self.users if one["name"] == key.lstrip("@")), None)
        if found is None:
            raise SlackError("user_not_found")
        return found

    def channel(self, key: str) -> Json:
        """Find a channel by id or name; SlackError `channel_not_found`."""
        name = key.lstrip("#")
        found = self.channels.get(key) or next((one for one in self.channels if one.get("name") == name), None)
        if found is None:
            raise SlackError("channel_not_found")
        return found

    def visible(self, key: str, viewer: str) -> Json:
        """Find a channel that `viewer` may know of: public ones (guests: no others than their own), and own DMs and private ones; else `channel_not_found`."""
        channel = self.channel(key)
        viewing = self.users.get(viewer) or {}
        hidden = channel["is_im"] or channel["is_private"] or viewing.get("is_restricted")
        if hidden and viewer not in channel["members"]:
            raise SlackError("channel_not_found")
        return channel

    def joined(self, key: str, person: str) -> Json:
        """Find a channel that `person` is in; else `not_in_channel`."""
        channel = self.visible(key, person)
        if person not in channel["members"]:
            raise SlackError("not_in_channel")
        return channel

    def of(self, person: str) -> list[Json]:
        """Give the channels that a person is in."""
        return [one for one in self.channels if person in one["members"]]

    def seen_by(self, channel: Json, viewer: str) -> Json:
        """Give Slack's channel object as `viewer` gets it (without `members`)."""
        shown = {key: value for key, value in channel.items() if key != "members"}
        if channel["is_im"]:
            # What Slack's object of a DM has not, and the sandbox keeps for itself.
            shown = {key: value for key, value in shown.items() if key not in {"is_private", "is_general"}}
            others = [one for one in channel["members"] if one != viewer]
            other = others[0] if others else viewer
            return shown | {"user": other, "is_user_deleted": bool((self.users.get(other) or {}).get("deleted"))}
        return shown | {"is_member": viewer in channel["members"], "num_members": len(channel["members"])}

    def known_to(self, person: str) -> list[Json]:
        """Give the channels, DMs aside, that a person may know of: those they are in, and (guests aside) all public ones."""
        everything = not (self.users.get(person) or {}).get("is_restricted")
        named = (one for one in self.channels if not one["is_im"])
        return [one for one in named if person in one["members"] or (everything and not one["is_private"])]

    def direct(self, person: str, other: str) -> tuple[Json, bool]:
        """Find or make the DM between two; the flag says whether it was there already."""
        members = sorted([person, other])
        for channel in self.channels:
            if channel["is_im"] and sorted(channel["members"]) == members:
                return channel, True
        made = direct_message(self.counters.id("D"), members, int(self.clock.now()))
        self.channels.put(made["id"], made)
        self.tell(made)
        return made, False

    def create(self, name: str, members: list[str], creator: str, *, secret: bool = False) -> Json:
        """Make a channel (`secret`: a private one); `name_taken`, `invalid_name_specials`."""
        if not _CHANNEL_NAME.fullmatch(name) or name != name.lower():
            raise SlackError("invalid_name_specials")
        if any(one.get("name") == name for one in self.channels):
            raise SlackError("name_taken")
        ids = list(dict.fromkeys([creator, *(self.user(one)["id"] for one in members)]))
        made = make_channel(self.counters.id("C"), name, ids, created=int(self.clock.now()))
        made = self.channels.put(made["id"], private(made) if secret else made)
        self.tell(made)
        if not secret:
            told = {key: value for key, value in made.items() if key != "members"}
            self.emit({"type": "channel_created", "channel": told, "event_ts": self.ts()})
        for one in ids:
            self._say_joined(made, one)
        return made

    def join(self, key: str, person: str, inviter: str | None = None) -> Json:
        """Put a person into a channel."""
        channel = self.channel(key)
        if person not in channel["members"]:
            channel = self.channels.put(channel["id"], channel | {"members": [*channel["members"], person]})
            self.tell(channel)
            self._say_joined(channel, person, inviter)
        return channel

    def invite(self, key: str, people: list[str], inviter: str) -> Json:
        """Let a member bring others in; `not_in_channel`, `already_in_channel`, `cant_invite_self`, `cant_invite`."""
        channel = self.joined(key, inviter)
        users = [self.user(one) for one in people]
        for user in users:
            if user["id"] == inviter:
                raise SlackError("cant_invite_self")
            if user["id"] in channel["members"]:
                raise SlackError("already_in_channel")
            if user["deleted"] or channel["is_im"]:
                raise SlackError("cant_invite")
        for user in users:
            channel = self.join(channel["id"], user["id"], inviter)
        return channel

    def leave(self, key: str, person: str) -> Json:
        """Take a person out of a channel."""
        channel = self.joined(key, person)
        if channel["is_general"]:
            raise SlackError("cant_leave_general")
        before = channel["members"]
        channel = self.channels.put(channel["id"], channel | {"members": [one for one in before if one != person]})
        self.tell(channel, [*before])
        self.emit(self._membership("member_left_channel", channel, person))
        return channel

    def archive(self, key: str, person: str) -> Json:
        """Close a channel for good: nobody can write there; `already_archived`, `cant_archive_general`."""
        channel = self.joined(key, person)
        if channel["is_general"]:
            raise SlackError("cant_archive_general")
        if channel.get("is_archived"):
            raise SlackError("already_archived")
        channel = self.channels.put(channel["id"], channel | {"is_archived": True})
        self.tell(channel)
        kind = "group_archive" if channel["is_private"] else "channel_archive"
        told = {"type": kind, "channel": channel["id"], "user": person, "is_moved": 0}
        self.emit(told | {"event_ts": self.ts()})
        return channel

    def set_topic(self, key: str, person: str, topic: str) -> Json:
        """Change what a channel is about; `is_archived`."""
        channel = self.joined(key, person)
        if channel.get("is_archived"):
            raise SlackError("is_archived")
        note = {"value": topic, "creator": person, "last_set": int(self.clock.now())}
        channel = self.channels.put(channel["id"], channel | {"topic": note})
        self.tell(channel)
        return channel

    def tell(self, channel: Json, people: list[str] | None = None) -> None:
        """Tell the page that a channel is new or has changed, each person in their own view of it."""
        for person in people or channel["members"]:
            shown = self.seen_by(channel, person) | {"members": channel["members"]}
            self.hub.publish({"type": "channel", "channel": shown}, [person])

    def ts(self) -> str:
        """Give the next message time: unique in the workspace, and never running backwards."""
        micros = self.counters.raise_to("ts", int(self.clock.now() * 1_000_000))
        return f"{micros // 1_000_000}.{micros % 1_000_000:06d}"

    def add(self, seed: Seed) -> None:
        """Let more people and channels be there; whoever or whatever is there already stays as it is."""
        for user in seed.people:
            if self.users.get(user["id"]) is None:
                self.users.put(user["id"], user)
                self.emit({"type": "team_join", "user": user, "event_ts": self.ts()})
        for channel in seed.channels:
            if self.channels.get(channel["id"]) is None:
                self.channels.put(channel["id"], channel)
        self.hub.publish({"type": "reset"})

    def set_active(self, key: str, *, active: bool) -> Json:
        """Deactivate an account (it leaves its channels, and nobody can act with it), or bring it back."""
        user = self.user(key)
        user = self.users.put(user["id"], user | {"deleted": not active, "updated": int(self.clock.now())})
        for channel in self.of(user["id"]):
            if not active and not channel["is_im"]:
                members = [one for one in channel["members"] if one != user["id"]]
                self.channels.put(channel["id"], channel | {"members": members})
        self.emit({"type": "user_change", "user": user, "event_ts": self.ts()})
        self.hub.publish({"type": "reset"})
        return user

    def kind(self, key: object) -> str:
        """Give the `channel_type` of a conversation by its id; a channel's where there is none."""
        found = self.channels.get(str(key))
        return channel_type(found) if found else "im" if str(key).startswith("D") else "channel"

    def _say_joined(self, channel: Json, person: str, inviter: str | None = None) -> None:
        invited = {"inviter": inviter} if inviter else {}
        self.emit(self._membership("member_joined_channel", channel, person) | invited)
        self.announce(channel, person, inviter)

    def _membership(self, kind: str, channel: Json, person: str) -> Json:
        return {
            "type": kind,
            "user": person,
            "channel": channel["id"],
            "channel_type": "G" if channel["is_private"] else "C",
            "team": TEAM_ID,
            "event_ts": self.ts(),
        }


def _silence(_: Json, __: str, ___: str | None) -> None:
    """Say nothing: where no messages are kept."""


def channel_type(channel: Json) -> str:
    """Give the `channel_type` of a message event: im, group (a private channel), or channel."""
    return "im" if channel["is_im"] else "group" if channel["is_private"] else "channel"


def hears(channel: Json) -> bool:
    """Say whether the app gets events of this channel: where its bot is a member."""
    return BOT_USER in channel["members"]
