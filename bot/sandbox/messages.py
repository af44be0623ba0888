"""Messages in channels, threads and DMs, and the ones that only one person sees.

What people type, and how Slack writes it down: mentions, links and the three escaped characters.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.sandbox.shapes import APP_ID, BOT_ID, BOT_PROFILE, BOT_USER, TEAM_ID, Json, SlackError
from bot.sandbox.store import Collection
from bot.sandbox.workspace import channel_type, hears

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.sandbox.shapes import Json
    from bot.sandbox.store import Store
    from bot.sandbox.workspace import Workspace


_JOINED = "channel_join"


class Messages:
    """All messages by channel, oldest first; each change is stored, streamed to the page and sent to the app."""

    def __init__(self, store: Store, workspace: Workspace) -> None:
        self._workspace = workspace
        self._messages = Collection(store, "message")
        self._ephemerals = Collection(store, "ephemeral")
        self._by_channel: dict[str, dict[str, Json]] = {}
        for message in self._messages:
            self._index(message)
        workspace.announce = self._announce

    def _index(self, message: Json) -> None:
        self._by_channel.setdefault(message["channel"], {})[message["ts"]] = message

    def of(self, channel: str) -> list[Json]:
        """Give a channel's messages, oldest first, replies among them."""
        return list(self._by_channel.get(channel, {}).values())

    def find(self, channel: str, ts: str) -> Json:
        """Give one message; SlackError `message_not_found`."""
        found = self._by_channel.get(channel, {}).get(ts)
        if found is None:
            raise SlackError("message_not_found")
        return found

    def replies(self, channel: str, ts: str) -> list[Json]:
        """Give a thread: its parent first; SlackError `thread_not_found`."""
        parent = self._by_channel.get(channel, {}).get(ts)
        if parent is None:
            raise SlackError("thread_not_found")
        return [parent, *(one for one in self.of(channel) if one.get("thread_ts") == ts and one["ts"] != ts)]

    def post(self, channel: Json, message: Json, thread_ts: str | None = None) -> Json:
        """Add a message (its `user`, `text` and whatever else it has) and give it back with its ts."""
        if channel.get("is_archived"):
            raise SlackError("is_archived")
        if thread_ts is not None:
            parent = self._by_channel.get(channel["id"], {}).get(thread_ts)
            if parent is None:
                raise SlackError("thread_not_found")
            thread_ts = parent.get("thread_ts", parent["ts"])
        ts = self._workspace.ts()
        kept = {"type": "message", **message, "team": TEAM_ID, "ts": ts, "channel": channel["id"]} | self._signed(
            message
        )
        if thread_ts is not None:
            kept |= {"thread_ts": thread_ts, "parent_user_id": self.find(channel["id"], thread_ts).get("user", "")}
        self._keep(kept)
        self._tell("message", channel, kept)
        if thread_ts is not None:
            self._count_reply(channel, thread_ts)
        self._emit_posted(channel, kept)
        return kept

    def _signed(self, message: Json) -> Json:
        """Give what the app's own messages say of it: the name that its manifest has."""
        if "bot_profile" not in message:
            return {}
        return {"bot_profile": message["bot_profile"] | {"name": self._workspace.user(BOT_USER)["real_name"]}}

    def _announce(self, channel: Json, person: str, inviter: str | None) -> None:
        """Write the line that Slack writes where somebody joins."""
        line = {"subtype": _JOINED, "user": person, "text": f"<@{person}> has joined the channel"}
        self.post(channel, line | ({"inviter": inviter} if inviter else {}))

    def change(self, channel: Json, ts: str, changes: Json, *, edited_by: str | None = None) -> Json:
        """Change a message's text, blocks ... ; `edited_by` marks it as edited and sends `message_changed`."""
        before = self.find(channel["id"], ts)
        stamp = self._workspace.ts()
        edited = {"edited": {"user": edited_by, "ts": stamp}} if edited_by else {}
        after = {**before, **changes, **edited}
        self._keep(after)
        self._tell("message_changed", channel, after)
        if edited_by and hears(channel):
            self._emit_hidden("message_changed", channel, stamp, message=public(after), previous_message=public(before))
        return after

    def delete(self, channel: Json, ts: str) -> None:
        """Take a message away."""
        before = self.find(channel["id"], ts)
        del self._by_channel[channel["id"]][ts]
        self._messages.drop(f"{channel['id']}/{ts}")
        self._tell("message_deleted", channel, before)
        if before.get("thread_ts", ts) != ts:
            self._count_reply(channel, before["thread_ts"])
        if hears(channel):
            stamp = self._workspace.ts()
            self._emit_hidden("message_deleted", channel, stamp, deleted_ts=ts, previous_message=public(before))

    def post_ephemeral(self, channel: Json, user: str, message: Json) -> Json:
        """Show a message to one person in a channel."""
        ts = self._workspace.ts()
        kept = {"type": "message", "subtype": "bot_message", **message, "team": TEAM_ID, "ts": ts}
        kept |= {"channel": channel["id"], "is_ephemeral": True, "for": user} | self._signed(message)
        self._ephemerals.put(f"{user}/{channel['id']}/{ts}", kept)
        self._publish("ephemeral", channel["id"], kept, [user])
        return kept

    def ephemerals(self, channel: str, user: str) -> list[Json]:
        """Give the messages that only `user` sees in a channel."""
        return [one for one in self._ephemerals if one["channel"] == channel and one["for"] == user]

    def find_ephemeral(self, channel: str, ts: str, user: str) -> Json:
        """Give one such message; SlackError `message_not_found`."""
        found = self._ephemerals.get(f"{user}/{channel}/{ts}")
        if found is None:
            raise SlackError("message_not_found")
        return found

    def change_ephemeral(self, before: Json, changes: Json) -> Json:
        """Replace what an ephemeral message says."""
        after = {**before, **changes}
        self._ephemerals.put(f"{before['for']}/{before['channel']}/{before['ts']}", after)
        self._publish("ephemeral", before["channel"], after, [before["for"]])
        return after

    def delete_ephemeral(self, message: Json) -> None:
        """Take an ephemeral message away."""
        self._ephemerals.drop(f"{message['for']}/{message['channel']}/{message['ts']}")
        self._publish("ephemeral_deleted", message["channel"], message, [message["for"]])

    def _keep(self, message: Json) -> None:
        self._messages.put(f"{message['channel']}/{message['ts']}", message)
        self._index(message)

    def _tell(self, kind: str, channel: Json, message: Json) -> None:
        self._publish(kind, channel["id"], message, channel["members"])

    def _publish(self, kind: str, channel: str, message: Json, people: list[str]) -> None:
        self._workspace.hub.publish({"type": kind, "channel": channel, "message": public(message)}, people)

    def _count_reply(self, channel: Json, thread_ts: str) -> None:
        if thread_ts not in self._by_channel[channel["id"]]:
            return
        _, *replies = self.replies(channel["id"], thread_ts)
        users = list(dict.fromkeys(one["user"] for one in replies))
        summary = {
            "thread_ts": thread_ts,
            "reply_count": len(replies),
            "reply_users_count": len(users),
            "latest_reply": replies[-1]["ts"] if replies else thread_ts,
            "reply_users": users[:5],
        }
        self.change(channel, thread_ts, summary)

    def emit_about(self, channel: Json, event: Json) -> None:
        """Tell the app of something in a channel where it is."""
        if hears(channel):
            self._workspace.emit(event | {"event_ts": self._workspace.ts()})

    def _emit_posted(self, channel: Json, message: Json) -> None:
        if not hears(channel):
            return
        event = public(message) | self._where(channel, message["ts"])
        if not {"bot_id", "blocks"} & message.keys() and message["text"] and message.get("subtype") != _JOINED:
            event["blocks"] = [rich_text(message["text"])]
        self._workspace.emit(event)
        if not channel["is_im"] and message["user"] != BOT_USER and BOT_USER in mentions(message["text"]):
            kept = {key: value for key, value in event.items() if key not in {"subtype", "channel_type"}}
            self._workspace.emit(kept | {"type": "app_mention"})

    def _emit_hidden(self, subtype: str, channel: Json, stamp: str, **fields: object) -> None:
        event = {"type": "message", "subtype": subtype, "hidden": True, "ts": stamp, **fields}
        self._workspace.emit(event | self._where(channel, stamp))

    def _where(self, channel: Json, stamp: str) -> Json:
        return {"channel": channel["id"], "channel_type": channel_type(channel), "event_ts": stamp}


def public(message: Json) -> Json:
    """Give a message without what only its app asks for (metadata) and without the sandbox's own keys."""
    return {key: value for key, value in message.items() if key not in {"metadata", "channel", "for"}}


def from_bot(text: str, **fields: object) -> Json:
    """Make the part of a message that says it is the app's."""
    return {"user": BOT_USER, "text": text, "bot_id": BOT_ID, "app_id": APP_ID, "bot_profile": BOT_PROFILE, **fields}


_MARKED = re.compile(r"<(?:[@#!][^<>\s]+|https?://[^<>\s]+|mailto:[^<>\s]+)>")
_LINK = re.compile(r"https?://[^\s<>|]+[^\s<>|.,;:!?)\]]")
_AT = re.compile(r"(?<![\w<])@([\w.-]*\w)")
_HASH = re.compile(r"(?<![\w<&])#([\w-]*\w)")
_MENTION = re.compile(r"<@([UW]\w+)(?:\|[^>]*)?>")


def mentions(text: str) -> list[str]:
    """Give the ids of the people whom a written-down text mentions."""
    return _MENTION.findall(text)


def written(text: str, users: Iterable[Json], channels: Iterable[Json]) -> str:
    """Write a typed message down as Slack does: `@ada` becomes `<@U0ADA>`, a link `<https://...>`, `&` `&amp;`."""
    names = _names(users)
    rooms = {one["name"]: one["id"] for one in channels if one.get("name")}
    parts, at = [], 0
    for marked in _MARKED.finditer(text):
        parts += [_plain(text[at : marked.start()], names, rooms), marked.group()]
        at = marked.end()
    return "".join([*parts, _plain(text[at:], names, rooms)])


def escaped_command(text: str, users: Iterable[Json], channels: Iterable[Json]) -> str:
    """Write a command's text down as Slack does with `should_escape`: `<@U0ADA|ada>`, `<#C0GENERAL|general>`."""
    users = list(users)
    handles = {one["id"]: one["name"] for one in users}
    rooms = {one["name"]: one["id"] for one in channels if one.get("name")}
    text = _MENTION.sub(lambda found: _handle(found.group(1), handles), text)
    text = _AT.sub(lambda found: _person(found, _names(users), handles), text)
    return _HASH.sub(lambda found: _room(found, rooms, f"|{found.group(1)}"), text)


def linked(text: str, users: Iterable[Json], channels: Iterable[Json]) -> str:
    """Give an app's text with `@ada` and `#general` as links (`link_names`); an unknown name stays as it is."""
    names = _names(users)
    rooms = {str(one["name"]).lower(): one["id"] for one in channels if one.get("name")}

    def person(found: re.Match[str]) -> str:
        known = names.get(found.group(1).lower())
        return f"<@{known}>" if known else found.group()

    def room(found: re.Match[str]) -> str:
        known = rooms.get(found.group(1).lower())
        return f"<#{known}>" if known else found.group()

    return _HASH.sub(room, _AT.sub(person, text))


def rich_text(text: str) -> Json:
    """Give the block that Slack's clients send along with a typed text (the text itself, unformatted)."""
    section = {"type": "rich_text_section", "elements": [{"type": "text", "text": text}]}
    return {"type": "rich_text", "block_id": "typed", "elements": [section]}


def _names(users: Iterable[Json]) -> dict[str, str]:
    named: dict[str, str] = {}
    for one in users:
        named |= {one["profile"]["display_name"].lower(): one["id"], one["name"].lower(): one["id"]}
    return named


def _handle(user_id: str, handles: dict[str, str]) -> str:
    return f"<@{user_id}|{handles[user_id]}>" if user_id in handles else f"<@{user_id}>"


def _person(found: re.Match[str], names: dict[str, str], handles: dict[str, str] | None = None) -> str:
    user_id = names.get(found.group(1).lower())
    if user_id is None:
        return found.group()
    return f"<@{user_id}>" if handles is None else _handle(user_id, handles)


def _room(found: re.Match[str], rooms: dict[str, str], label: str = "|") -> str:
    room = rooms.get(found.group(1))
    return f"<#{room}{label}>" if room else found.group()


def _plain(text: str, names: dict[str, str], rooms: dict[str, str]) -> str:
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    text = _LINK.sub(lambda found: f"<{found.group()}>", text)
    text = _AT.sub(lambda found: _person(found, names), text)
    return _HASH.sub(lambda found: _room(found, rooms), text)
