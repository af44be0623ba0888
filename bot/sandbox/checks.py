"""Of what checks are made: each tells the problems of a part of JSON, as Slack writes them, with a json pointer.

A check of a field takes None where JSON has null, or where the field has to be looked at and is not there.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from bot.sandbox.shapes import Json

    Check: TypeAlias = Callable[[Any, "At"], Iterator[str]]

MARKDOWN = "mrkdwn"
PLAIN = "plain_text"


class At(NamedTuple):
    """Where a part stands: its json pointer; and whether an image may show a file, which only the workspace knows.

    A tuple, because each part of each view is given one.
    """

    pointer: str
    usable_picture: Callable[[str], bool] = lambda _: False

    def __truediv__(self, key: object) -> At:
        return At(f"{self.pointer}/{key}", self.usable_picture)

    def says(self, problem: str) -> str:
        """Give the problem with its pointer."""
        return f"{problem} [json-pointer:{self.pointer}]"

    def unsupported(self, kind: object) -> str:
        """Give the problem of a type that is not taken here."""
        return (self / "type").says(f"unsupported type: {kind}")


def anything(_: Any, __: At) -> Iterator[str]:
    """Take whatever is there."""
    yield from ()


def words(longest: int) -> Check:
    """Take a string, not too long."""

    def check(asked: Any, at: At) -> Iterator[str]:
        if asked is not None and not isinstance(asked, str):
            yield at.says("must be a string")
        elif asked is not None and len(asked) > longest:
            yield at.says(f"must be less than {longest + 1} characters")

    return check


def label(longest: int) -> Check:
    """Take a string of at least one letter."""

    def check(asked: Any, at: At) -> Iterator[str]:
        if asked:
            yield from words(longest)(asked, at)
        else:
            yield at.says("must be more than 0 characters")

    return check


def flag(asked: Any, at: At) -> Iterator[str]:
    """Take yes or no."""
    if asked is not None and not isinstance(asked, bool):
        yield at.says("must be a boolean")


def number(asked: Any, at: At) -> Iterator[str]:
    """Take a number."""
    if not is_number(asked):
        yield at.says("must be a number")


def is_number(asked: Any) -> bool:
    """Say whether it is one, and finite."""
    return isinstance(asked, int | float) and not isinstance(asked, bool) and math.isfinite(asked)


def whole(least: int, most: int) -> Check:
    """Take a whole number between two."""

    def check(asked: Any, at: At) -> Iterator[str]:
        if asked is not None and (not isinstance(asked, int) or isinstance(asked, bool)):
            yield at.says("must be an integer")
        elif asked is not None and not least <= asked <= most:
            yield at.says(f"must be between {least} and {most}")

    return check


def one_of(*choices: str) -> Check:
    """Take a word of a few."""

    def check(asked: Any, at: At) -> Iterator[str]:
        if asked not in choices:
            yield at.says(f"must be one of: {', '.join(choices)}")

    return check


def all_words(what: str, least: int = 0) -> Check:
    """Take a list of strings; `what` names it."""

    def check(asked: Any, at: At) -> Iterator[str]:
        fits = isinstance(asked, list) and len(asked) >= least and all(isinstance(one, str) for one in asked)
        if asked is not None and not fits:
            yield at.says(f"must be a list of {what}")

    return check


def maybe(check: Check) -> Check:
    """Take null, too."""
    return lambda asked, at: anything(asked, at) if asked is None else check(asked, at)


def each(check: Check, most: int) -> Check:
    """Take a list with something in it, and not too much."""

    def checked(asked: Any, at: At) -> Iterator[str]:
        if not isinstance(asked, list) or not asked:
            yield at.says("no fewer than 1 items allowed")
            return
        if len(asked) > most:
            yield at.says(f"no more than {most} items allowed")
        for number, one in enumerate(asked):
            yield from check(one, at / number)

    return checked


def record(
    keys: Mapping[str, Check],
    *rules: Check,
    needs: Iterable[str] = (),
    filled: Iterable[str] = (),
    always: Iterable[str] = (),
    closed: bool = True,
) -> Check:
    """Take an object.

    Args:
        keys: What may be in it, and how each is checked where it is there.
        rules: What is said of the whole of it.
        needs: Keys that must be there, and not empty strings.
        filled: Keys that are missing where they are empty.
        always: Keys that are checked where they are missing, too.
        closed: Whether nothing else may be in it.
    """

    def check(asked: Any, at: At) -> Iterator[str]:
        if not isinstance(asked, dict):
            yield at.says("must provide an object")
            return
        yield from _missing(asked, at, needs, filled)
        for key in sorted(asked.keys() - keys.keys()) if closed else ():
            yield at.says(f"invalid additional property: {key}")
        for key, inner in keys.items():
            if key in asked or key in always:
                yield from inner(asked.get(key), at / key)
        for rule in rules:
            yield from rule(asked, at)

    return check


def _missing(asked: Json, at: At, needs: Iterable[str], filled: Iterable[str]) -> Iterator[str]:
    for key in needs:
        if asked.get(key) is None:
            yield at.says(f"missing required field: {key}")
        elif asked[key] == "":
            yield (at / key).says("must be more than 0 characters")
    for key in filled:
        if not asked.get(key):
            yield at.says(f"missing required field: {key}")


def by_type(kinds: Mapping[str, Check]) -> Check:
    """Take an object of one of these types."""

    def check(asked: Any, at: At) -> Iterator[str]:
        if not isinstance(asked, dict):
            yield at.says("must provide an object")
        elif str(asked.get("type")) in kinds:
            yield from kinds[str(asked.get("type"))](asked, at)
        else:
            yield at.unsupported(asked.get("type"))

    return check


def dicts(items: Any) -> list[tuple[int, Json]]:
    """Give the objects of a list with their numbers."""
    return [(n, one) for n, one in enumerate(items) if isinstance(one, dict)] if isinstance(items, list) else []


def unique(key: str, items: Any, at: At) -> Iterator[str]:
    """Tell which objects of a list have an id that another one before them has."""
    seen: set[str] = set()
    for number, one in dicts(items):
        value = one.get(key)
        if isinstance(value, str) and value in seen:
            yield (at / number / key).says(f"`{key}` already exists: {value}")
        if isinstance(value, str) and value:
            seen.add(value)


def text(longest: int, *kinds: str) -> Check:
    """Take a text object of these kinds."""
    keys: dict[str, Check] = {"type": anything, "text": label(longest)}
    flags = {PLAIN: "emoji", MARKDOWN: "verbatim"}
    return by_type({kind: record(keys | {flags[kind]: flag}, always=("text",)) for kind in kinds})


def plain(longest: int) -> Check:
    """Take a text without markup."""
    return text(longest, PLAIN)


def either(longest: int) -> Check:
    """Take a text of either kind."""
    return text(longest, PLAIN, MARKDOWN)
