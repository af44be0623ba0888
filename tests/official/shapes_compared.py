"""The shape of JSON (which key, at which place, of which type), ours beside Slack's, and the differences that have a reason."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

_ID = re.compile(r"[CDGTUWF]0?[0-9A-Z]{6,}_?")
# What an app or a person fills freely. Kantor's own blocks are held against Slack's types by `make check-node`.
OPEN = re.compile(r"(^|\.)(blocks|attachments|state|event_payload)(\.|$)")


@dataclass(frozen=True, order=True)
class Difference:
    """`kind` is added (we send it, the sample has it not), left_out, or type (ours and the sample's in `said`)."""

    sample: str
    kind: str
    path: str
    said: str = ""


@dataclass(frozen=True)
class Allowed:
    """A listed difference: patterns of samples and paths, and why it is right."""

    kind: str
    samples: tuple[str, ...]
    paths: tuple[str, ...]
    reason: str

    def covers(self, one: Difference) -> bool:
        """Say whether that difference is meant."""
        return self.kind == one.kind and _any(one.sample, self.samples) and _any(one.path, self.paths)


def shape(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Each place in a JSON value with its type; ids as keys and list items count as one place (`*`, `#`)."""
    if path:
        yield path, _type(value)
    if isinstance(value, dict) and not OPEN.search(path):
        for key, inside in value.items():
            place = "*" if _ID.fullmatch(key) else key
            yield from shape(inside, f"{path}.{place}" if path else place)
    if isinstance(value, list) and not OPEN.search(path):
        for inside in value:
            yield from shape(inside, f"{path}.#")


def differences(name: str, sample: Any, ours: Iterable[Any]) -> Iterator[Difference]:
    """Compare all payloads of one kind, taken together, with their sample. A place inside another missing one is not told again."""
    official, sent = _places([sample]), _places(ours)
    for path in sorted(sent.keys() - official.keys()):
        if _parent(path) in official or not _parent(path):
            yield Difference(name, "added", path, "/".join(sorted(sent[path])))
    for path in sorted(official.keys() - sent.keys()):
        if _parent(path) in sent or not _parent(path):
            yield Difference(name, "left_out", path, "/".join(sorted(official[path])))
    for path in sorted(sent.keys() & official.keys()):
        for odd in sorted(sent[path] - official[path]):
            yield Difference(name, "type", path, f"{odd}, and {'/'.join(sorted(official[path]))} in the sample")


def read_allowed(file: Path) -> list[Allowed]:
    """Read the list of differences with reasons."""
    told = tomllib.loads(file.read_text(encoding="utf-8"))["difference"]
    return [Allowed(one["kind"], tuple(one["samples"]), tuple(one["paths"]), one["reason"]) for one in told]


def unlisted(found: Iterable[Difference], allowed: list[Allowed]) -> list[Difference]:
    """The differences that nobody gave a reason for."""
    return [one for one in found if not any(entry.covers(one) for entry in allowed)]


def outdated(found: list[Difference], allowed: list[Allowed]) -> Iterator[str]:
    """The listed samples and paths that no longer differ."""
    for entry in allowed:
        covered = [one for one in found if entry.covers(one)]
        for pattern in entry.paths:
            if not any(fnmatchcase(one.path, pattern) for one in covered):
                yield f"{entry.kind} {pattern} in {', '.join(entry.samples)}"
        for pattern in entry.samples:
            if not any(fnmatchcase(one.sample, pattern) for one in covered):
                yield f"{entry.kind} in {pattern}: {', '.join(entry.paths)}"


def _places(values: Iterable[Any]) -> dict[str, set[str]]:
    places: dict[str, set[str]] = {}
    for value in values:
        for path, kind in shape(value):
            places.setdefault(path, set()).add(kind)
    return places


def _parent(path: str) -> str:
    return path.rpartition(".")[0]


def _type(value: Any) -> str:
    if isinstance(value, bool):
        return "boolean"
    names = {str: "string", int: "number", float: "number", list: "list", dict: "object", type(None): "null"}
    return names[type(value)]


def _any(text: str, patterns: tuple[str, ...]) -> bool:
    return any(fnmatchcase(text, pattern) for pattern in patterns)
