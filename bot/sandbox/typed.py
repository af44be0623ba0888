"""What people type, and how Slack writes it down: mentions, links and the three escaped characters."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.sandbox.shapes import Json

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
