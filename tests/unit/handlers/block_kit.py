"""A small judge of Block Kit: the limits of docs.slack.dev that our views could break, each problem as a sentence with its path.

The sandbox workspace has a judge of its own, written apart from this one; both are asked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.sandbox.shapes import SlackError
from bot.sandbox.validate import Validator

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Json = Any

_TEXT_LIMITS = {"header": 150, "section": 3000}
_OPTIONS = {"static_select": 100, "radio_buttons": 10, "checkboxes": 10}
_BLOCKS = {"header", "section", "context", "divider", "actions", "input", "image", "data_table", "data_visualization"}


def problems_of_message(text: str, blocks: list[Json]) -> list[str]:
    """What Slack would say of a message."""
    return [
        *([] if text.strip() and len(text) < 4000 else [f"text: {len(text)} characters"]),
        *([] if len(blocks) <= 50 else [f"{len(blocks)} blocks"]),
        *_of_blocks(blocks),
        *_sandbox_on(lambda judge: judge.blocks(blocks)),
    ]


def problems_of_view(view: Json) -> list[str]:
    """What Slack would say of a modal or a Home tab."""
    has_input = any(block["type"] == "input" for block in view["blocks"])
    titles = [key for key in ("title", "submit", "close") if key in view and not 1 <= len(view[key]["text"]) <= 24]
    return [
        *(f"{key}: {view[key]['text']!r} is empty or longer than 24" for key in titles),
        *(["no submit"] if has_input and "submit" not in view else []),
        *([] if len(view["blocks"]) <= 100 else [f"{len(view['blocks'])} blocks"]),
        *([] if len(view.get("private_metadata", "")) <= 3000 else ["private_metadata"]),
        *_of_blocks(view["blocks"]),
        *_sandbox_on(lambda judge: judge.view(view, view["type"])),
    ]


def _sandbox_on(look: Callable[[Validator], object]) -> list[str]:
    try:
        look(Validator(lambda _: True))
    except SlackError as error:
        return [f"sandbox: {error.error} {error.fields}"]
    return []


def _of_blocks(blocks: list[Json]) -> Iterator[str]:
    if not blocks:
        yield "no blocks"
    ids = [block["block_id"] for block in blocks if "block_id" in block]
    if len(ids) != len(set(ids)):
        yield "block ids twice"
    for number, block in enumerate(blocks):
        yield from (f"/blocks/{number} {block['type']}: {problem}" for problem in _of_block(block))


def _of_block(block: Json) -> Iterator[str]:
    if block["type"] not in _BLOCKS:
        yield "unknown type"
    if "text" in block:
        yield from _of_text(block["text"], _TEXT_LIMITS[block["type"]])
    for part in block.get("fields", []):
        yield from _of_text(part, 2000)
    if len(block.get("fields", [])) > 10 or len(block.get("elements", [])) > (10 if block["type"] == "context" else 25):
        yield "too many parts"
    if block["type"] in {"actions", "context"} and not block["elements"]:
        yield "no elements"
    if block["type"] == "actions":
        ids = [element["action_id"] for element in block["elements"]]
        yield from (["action ids twice"] if len(ids) != len(set(ids)) else [])
    for element in block.get("elements", []):
        yield from _of_element(element)
    if block["type"] == "input":
        yield from _of_text(block["label"], 2000)
        yield from _of_text(block.get("hint", block["label"]), 2000)
        yield from _of_element(block["element"])


def _of_element(element: Json) -> Iterator[str]:
    if element["type"] in {"mrkdwn", "plain_text"}:
        yield from _of_text(element, 3000)
    if element["type"] == "button":
        yield from _of_text(element["text"], 75)
        yield from ([] if len(element.get("value", "")) <= 2000 else ["value"])
    if element["type"] in _OPTIONS:
        groups = element.get("option_groups") or []
        yield from (["a group is too long"] if any(len(each["options"]) > 100 for each in groups) else [])
        most = _OPTIONS[element["type"]]
        shown = len(groups or element.get("options", []))
        yield from ([] if 1 <= shown <= most else [f"{shown} options"])
        options = [*element.get("options", []), *(option for group in groups for option in group["options"])]
        yield from (
            [] if element.get("initial_option", options[0]) in options else ["the initial option is none of them"]
        )
        for option in options:
            yield from _of_text(option["text"], 75)
            yield from ([] if 1 <= len(option["value"]) <= 75 else ["option value"])
    if element["type"] == "plain_text_input":
        yield from ([] if 1 <= element["max_length"] <= 3000 else ["max_length"])
        yield from ([] if len(element.get("initial_value", "")) <= element["max_length"] else ["initial value"])
    if element["type"] == "image" and not element.get("alt_text"):
        yield "no alt text"
    if "placeholder" in element:
        yield from _of_text(element["placeholder"], 150)


def _of_text(text: Json, limit: int) -> Iterator[str]:
    if not 1 <= len(text["text"]) <= limit:
        yield f"{len(text['text'])} characters, at most {limit}: {text['text'][:60]!r}"


def words(part: Json) -> str:
    """All words in blocks or a view, to look into."""
    if isinstance(part, dict):
        own = [part["text"]] if isinstance(part.get("text"), str) else []
        return "\n".join([*own, *(words(value) for value in part.values() if not isinstance(value, str))])
    return "\n".join(words(one) for one in part) if isinstance(part, list) else ""
