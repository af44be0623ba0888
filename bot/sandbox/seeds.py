"""Who is there at the beginning: the demo's people, or those of a JSON file.

    {"people": [{"handle": "ada", "name": "Ada Example", "id": "U0ADA", "tz": "Europe/Berlin",
                 "admin": false, "guest": false, "deactivated": false}],
     "channels": [{"name": "music", "id": "C0MUSIC", "members": ["ada"], "private": false, "bot": true, "purpose": "Music."}]}

Only `handle` and `name` are needed; ids are made of the names. A channel without `members` has everybody but guests and
deactivated people in it. #general is made where the file has none.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.sandbox import people
from bot.sandbox.shapes import BOT_USER, GENERAL, Json

if TYPE_CHECKING:
    from pathlib import Path

_PERSON = {"handle", "name", "id", "tz", "admin", "guest", "deactivated"}
_CHANNEL = {"name", "id", "members", "private", "bot", "purpose"}
_HANDLE = re.compile(r"[a-z0-9][a-z0-9._-]{0,79}")
_CHANNEL_NAME = re.compile(r"[a-z0-9_-]{1,80}")


class SeedError(Exception):
    """The file does not say who is there; the sentence says what to change."""


@dataclass(frozen=True)
class Seed:
    """People (Slack's user objects) and channels (Slack's objects, with `members`)."""

    people: list[Json]
    channels: list[Json]

    @classmethod
    def read(cls, path: Path | None) -> Seed:
        """Read a file, or give the demo's people; SeedError."""
        if path is None:
            return cls(people.people(), people.channels())
        try:
            told = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise SeedError(f"{path} cannot be read as JSON: {error}") from None
        seed = cls.told(told)
        everyone = seed.people
        general = [one for one in seed.channels if one["name"] == "general"]
        made = [] if general else [_channel({"name": "general", "id": GENERAL}, everyone)]
        return cls([*everyone, people.bot()], [*made, *seed.channels])

    def with_app(self, name: str, handle: str) -> Seed:
        """Give the same with the app's user called as its manifest says."""
        app = [people.named(one, name, handle) if one["id"] == BOT_USER else one for one in self.people]
        return Seed(app, self.channels)

    @classmethod
    def told(cls, told: Any, there: tuple[Json, ...] = ()) -> Seed:
        """Make people and channels of what such a file says; `there` are people who may be members, too."""
        if not isinstance(told, dict) or not set(told) <= {"people", "channels"}:
            raise SeedError('A seed is a JSON object with "people" and "channels".')
        new = [_person(one) for one in _list(told, "people")]
        return cls(new, [_channel(one, [*there, *new]) for one in _list(told, "channels")])


def _list(told: Json, name: str) -> list[Any]:
    items = told.get(name, [])
    if not isinstance(items, list):
        raise SeedError(f'"{name}" must be a list.')
    return items


def _checked(told: Any, keys: set[str], needed: set[str], what: str) -> Json:
    if not isinstance(told, dict) or not needed <= set(told):
        raise SeedError(f"{what} needs {' and '.join(sorted(needed))}, and this has not: {told!r}")
    unknown = sorted(set(told) - keys)
    if unknown:
        raise SeedError(f"{what} has no {', '.join(unknown)}; it can have {', '.join(sorted(keys))}.")
    return told


def _person(told: Any) -> Json:
    one = _checked(told, _PERSON, {"handle", "name"}, "A person")
    handle = str(one["handle"])
    if not _HANDLE.fullmatch(handle):
        raise SeedError(f"{handle!r} is no handle: lower-case letters, digits, dots, hyphens and underscores.")
    made_id = f"U0{re.sub('[^A-Z0-9]', '', handle.upper())}"
    try:
        user = people.user(str(one.get("id") or made_id), handle, str(one["name"]), zone=str(one.get("tz") or "UTC"))
    except (LookupError, ValueError):
        raise SeedError(f"{one['tz']!r} is no time zone such as Europe/Berlin.") from None
    marks = {"is_admin": "admin", "is_restricted": "guest", "deleted": "deactivated"}
    return user | {key: bool(one.get(mark)) for key, mark in marks.items()}


def _channel(told: Any, known: list[Json]) -> Json:
    one = _checked(told, _CHANNEL, {"name"}, "A channel")
    name = str(one["name"])
    if not _CHANNEL_NAME.fullmatch(name):
        raise SeedError(f"{name!r} is no channel name: lower-case letters, digits, hyphens and underscores.")
    members = _members(one, known, name)
    if one.get("bot", True):
        members.append(BOT_USER)
    made_id = GENERAL if name == "general" else f"C0{re.sub('[^A-Z0-9]', '', name.upper())}"
    made = people.channel(
        str(one.get("id") or made_id),
        name,
        list(dict.fromkeys(members)) or [BOT_USER],
        created=people.SEEDED_AT,
        purpose=str(one.get("purpose") or ""),
    )
    return people.private(made) if one.get("private") else made


def _members(one: Json, known: list[Json], channel: str) -> list[str]:
    ids = {user["id"]: user["id"] for user in known} | {user["name"]: user["id"] for user in known}
    if "members" not in one:
        return [user["id"] for user in known if not (user["is_restricted"] or user["deleted"] or user["is_bot"])]
    unknown = [str(key) for key in one["members"] if str(key) not in ids]
    if unknown:
        raise SeedError(f"#{channel} has members whom nobody knows: {', '.join(unknown)}.")
    return [ids[str(key)] for key in one["members"]]
