"""Checks of elements against Slack's limits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.sandbox.check_options import confirm, options
from bot.sandbox.check_texts import expect_dict, flags, required_keys, strings, text
from bot.sandbox.check_values import values
from bot.sandbox.limits import ELEMENTS, FLAGS, ID_LENGTH

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bot.sandbox.shapes import Json


def element(asked: Any, at: str, place: str, usable_picture: Callable[[str], bool]) -> Iterator[str]:
    """Check an element that stands in a section, an actions or an input block."""
    problem = expect_dict(asked, at)
    if problem:
        yield problem
        return
    kind = str(asked.get("type"))
    shape = ELEMENTS.get(kind)
    if shape is None or place not in shape.places:
        yield f"unsupported type: {kind} [json-pointer:{at}/type]"
        return
    yield from required_keys(asked, shape, at, {"type", "action_id"})
    yield from strings(asked, {"action_id": ID_LENGTH, **shape.strings}, at)
    for key, longest in shape.plain.items():
        if key in asked:
            yield from text(asked[key], f"{at}/{key}", longest, plain=True)
    if shape.options:
        yield from options(asked, at, shape.options)
    if "confirm" in asked:
        yield from confirm(asked["confirm"], f"{at}/confirm")
    if kind == "image":
        yield from picture(asked, at, usable_picture)
    yield from flags(asked, FLAGS, at)
    yield from values(asked, kind, at)


def picture(asked: Json, at: str, usable_picture: Callable[[str], bool]) -> Iterator[str]:
    """Check that a picture comes from one place, and that Slack's own file is there and typed by now."""
    file = asked.get("slack_file")
    if ("image_url" in asked) == (file is not None):
        yield f"must provide either image_url or slack_file [json-pointer:{at}]"
    if "image_url" in asked and not str(asked["image_url"]).startswith(("https://", "http://")):
        yield f"must be a valid URL [json-pointer:{at}/image_url]"
    if file is None:
        return
    if not isinstance(file, dict) or ("id" in file) == ("url" in file):
        yield f"must provide either id or url [json-pointer:{at}/slack_file]"
    elif not usable_picture(str(file.get("id") or file.get("url"))):
        yield f"invalid slack file [json-pointer:{at}/slack_file]"
