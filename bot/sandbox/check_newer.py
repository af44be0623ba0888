"""Checks of the blocks of 2026 that hold other things: alerts, cards, containers, tasks, and buttons below an answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.sandbox import limits
from bot.sandbox.check_elements import element
from bot.sandbox.check_texts import count, dicts, expect_dict, objects, one_of, strings, text, unknown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bot.sandbox.shapes import Json

_CARD_NEEDS = ("hero_image", "title", "actions", "body")
_CONTEXT_ACTIONS_MOST = 5


def alert(block: Json, at: str, _: Callable[[str], bool]) -> Iterator[str]:
    """Check an alert."""
    yield from one_of(block, "level", limits.LEVELS, at)


def card(block: Json, at: str, usable_picture: Callable[[str], bool]) -> Iterator[str]:
    """Check a card: pictures, words in mrkdwn, buttons, and at least one of them."""
    if not any(block.get(key) for key in _CARD_NEEDS):
        yield f"must provide one of {', '.join(_CARD_NEEDS)} [json-pointer:{at}]"
    for key in ("hero_image", "icon"):
        if key in block:
            yield from _image(block[key], f"{at}/{key}", usable_picture)
    for key in ("title", "subtitle", "body"):
        words = block.get(key)
        if isinstance(words, dict) and words.get("type") == limits.PLAIN:
            yield f"unsupported type: plain_text [json-pointer:{at}/{key}/type]"
    if "actions" not in block:
        return
    yield from count(block["actions"], limits.ACTIONS_MOST, f"{at}/actions")
    yield from objects(block["actions"], f"{at}/actions")
    for number, one in dicts(block["actions"]):
        here = f"{at}/actions/{number}"
        if one.get("type") != "button":
            yield f"unsupported type: {one.get('type')} [json-pointer:{here}/type]"
        else:
            yield from element(one, here, limits.ACTIONS, usable_picture)


def container(block: Json, at: str, usable_picture: Callable[[str], bool]) -> Iterator[str]:
    """Check what is around the blocks of a container."""
    if not block.get("title") and not block.get("rich_text_title"):
        yield f"missing required field: title [json-pointer:{at}]"
    yield from one_of(block, "width", limits.WIDTHS, at)
    if "icon" in block:
        yield from _image(block["icon"], f"{at}/icon", usable_picture)
    if block.get("default_collapsed") and not block.get("is_collapsible"):
        yield f"needs is_collapsible [json-pointer:{at}/default_collapsed]"
    if block.get("has_header_divider") and block.get("is_collapsible"):
        yield f"must not be set where is_collapsible is true [json-pointer:{at}/has_header_divider]"


def context_actions(block: Json, at: str, usable_picture: Callable[[str], bool]) -> Iterator[str]:
    """Check the small buttons below an answer."""
    yield from count(block.get("elements"), _CONTEXT_ACTIONS_MOST, f"{at}/elements")
    yield from objects(block.get("elements"), f"{at}/elements")
    for number, one in dicts(block.get("elements")):
        here = f"{at}/elements/{number}"
        yield from element(one, here, limits.CONTEXT_ACTIONS, usable_picture)
        if one.get("type") == "feedback_buttons":
            for key in ("positive_button", "negative_button"):
                yield from _feedback(one.get(key), f"{here}/{key}")


def task_card(block: Json, at: str, _: Callable[[str], bool]) -> Iterator[str]:
    """Check a task: its state, and the pages that it rests on."""
    yield from one_of(block, "status", limits.STATES, at)
    if "sources" not in block:
        return
    yield from objects(block["sources"], f"{at}/sources")
    if not isinstance(block["sources"], list):
        yield f"must be a list [json-pointer:{at}/sources]"
    for number, one in dicts(block["sources"]):
        here = f"{at}/sources/{number}"
        yield from unknown(one, {"type", "url", "text"}, here)
        yield from one_of(one, "type", ("url",), here)
        yield from strings(one, {"url": limits.OPTION_URL, "text": limits.ID_LENGTH}, here)
        for key in ("url", "text"):
            if not one.get(key):
                yield f"missing required field: {key} [json-pointer:{here}]"


def _image(asked: Any, at: str, usable_picture: Callable[[str], bool]) -> Iterator[str]:
    problem = expect_dict(asked, at)
    if problem:
        yield problem
    elif asked.get("type") != "image":
        yield f"unsupported type: {asked.get('type')} [json-pointer:{at}/type]"
    else:
        yield from element(asked, at, limits.SECTION, usable_picture)


def _feedback(asked: Any, at: str) -> Iterator[str]:
    problem = expect_dict(asked, at)
    if problem:
        yield problem
        return
    yield from unknown(asked, {"text", "accessibility_label", "value"}, at)
    yield from text(asked.get("text"), f"{at}/text", limits.OPTION_TEXT, plain=True)
    yield from strings(asked, {"value": 2000, "accessibility_label": 75}, at)
    if not asked.get("value"):
        yield f"missing required field: value [json-pointer:{at}]"
