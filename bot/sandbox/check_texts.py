"""Checks of texts, strings, flags and numbers. Each problem is a sentence with a json pointer, as Slack writes it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.sandbox.limits import MARKDOWN, PLAIN

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from bot.sandbox.limits import Shape
    from bot.sandbox.shapes import Json


def expect_dict(asked: Any, at: str) -> str | None:
    """Say that an object is needed, where something else is."""
    return None if isinstance(asked, dict) else f"must provide an object [json-pointer:{at}]"


def text(asked: Any, at: str, longest: int, *, plain: bool = False) -> Iterator[str]:
    """Check a text object."""
    kinds = [PLAIN] if plain else [PLAIN, MARKDOWN]
    if not isinstance(asked, dict):
        yield f"must provide an object [json-pointer:{at}]"
        return
    if asked.get("type") not in kinds:
        yield f"unsupported type: {asked.get('type')} [json-pointer:{at}/type]"
    allowed = {"type", "text", "verbatim"} if asked.get("type") == MARKDOWN else {"type", "text", "emoji"}
    for key in sorted(set(asked) - allowed):
        yield f"invalid additional property: {key} [json-pointer:{at}]"
    yield from flags(asked, ("emoji", "verbatim"), at)
    if not asked.get("text"):
        yield f"must be more than 0 characters [json-pointer:{at}/text]"
    else:
        yield from strings(asked, {"text": longest}, at)


def strings(asked: Json, longest: dict[str, int], at: str) -> Iterator[str]:
    """Check that strings are strings, and not too long."""
    for key, most in longest.items():
        value = asked.get(key)
        if value is not None and not isinstance(value, str):
            yield f"must be a string [json-pointer:{at}/{key}]"
        elif value is not None and len(value) > most:
            yield f"must be less than {most + 1} characters [json-pointer:{at}/{key}]"


def required_keys(asked: Json, shape: Shape, at: str, besides: set[str]) -> Iterator[str]:
    """Check that what is needed is there, and nothing that is unknown."""
    for key in shape.required:
        if asked.get(key) is None:
            yield f"missing required field: {key} [json-pointer:{at}]"
        elif not asked[key] and isinstance(asked[key], str):
            yield f"must be more than 0 characters [json-pointer:{at}/{key}]"
    for key in sorted(set(asked) - shape.keys - besides):
        yield f"invalid additional property: {key} [json-pointer:{at}]"


def unknown(asked: Json, known: Iterable[str], at: str) -> Iterator[str]:
    """Check that there is no key that nobody knows."""
    for key in sorted(set(asked) - set(known)):
        yield f"invalid additional property: {key} [json-pointer:{at}]"


def one_of(asked: Json, key: str, choices: Sequence[str], at: str) -> Iterator[str]:
    """Check a word of a few, where there is one."""
    if key in asked and asked[key] not in choices:
        yield f"must be one of: {', '.join(choices)} [json-pointer:{at}/{key}]"


def flags(asked: Json, keys: Iterable[str], at: str) -> Iterator[str]:
    """Check that what is yes or no is true or false."""
    for key in keys:
        if asked.get(key) is not None and not isinstance(asked[key], bool):
            yield f"must be a boolean [json-pointer:{at}/{key}]"


def whole(asked: Json, key: str, least: int, most: int, at: str) -> Iterator[str]:
    """Check a whole number, where there is one."""
    value = asked.get(key)
    if value is None:
        return
    if not isinstance(value, int) or isinstance(value, bool):
        yield f"must be an integer [json-pointer:{at}/{key}]"
    elif not least <= value <= most:
        yield f"must be between {least} and {most} [json-pointer:{at}/{key}]"


def count(items: Any, most: int, at: str) -> Iterator[str]:
    """Check that a list has something in it, and not too much."""
    if not isinstance(items, list) or not items:
        yield f"no fewer than 1 items allowed [json-pointer:{at}]"
    elif len(items) > most:
        yield f"no more than {most} items allowed [json-pointer:{at}]"


def dicts(items: Any) -> list[tuple[int, Json]]:
    """Give the objects of a list with their numbers."""
    return [(n, one) for n, one in enumerate(items) if isinstance(one, dict)] if isinstance(items, list) else []


def objects(items: Any, at: str) -> Iterator[str]:
    """Check that a list holds objects alone."""
    for number, one in enumerate(items if isinstance(items, list) else []):
        if not isinstance(one, dict):
            yield f"must provide an object [json-pointer:{at}/{number}]"
