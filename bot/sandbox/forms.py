"""The state of a form: what its inputs hold before anyone touches them, and what Slack's client refuses to submit."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.sandbox.shapes import Json

# Element type -> (key in `state.values`, key of the initial value in the element).
STATE_KEYS = {
    "plain_text_input": ("value", "initial_value"),
    "email_text_input": ("value", "initial_value"),
    "url_text_input": ("value", "initial_value"),
    "number_input": ("value", "initial_value"),
    "rich_text_input": ("rich_text_value", "initial_value"),
    "datepicker": ("selected_date", "initial_date"),
    "timepicker": ("selected_time", "initial_time"),
    "datetimepicker": ("selected_date_time", "initial_date_time"),
    "static_select": ("selected_option", "initial_option"),
    "external_select": ("selected_option", "initial_option"),
    "radio_buttons": ("selected_option", "initial_option"),
    "checkboxes": ("selected_options", "initial_options"),
    "multi_static_select": ("selected_options", "initial_options"),
    "multi_external_select": ("selected_options", "initial_options"),
    "users_select": ("selected_user", "initial_user"),
    "multi_users_select": ("selected_users", "initial_users"),
    "channels_select": ("selected_channel", "initial_channel"),
    "multi_channels_select": ("selected_channels", "initial_channels"),
    "conversations_select": ("selected_conversation", "initial_conversation"),
    "multi_conversations_select": ("selected_conversations", "initial_conversations"),
    "file_input": ("files", "initial_files"),
}
_LISTS = frozenset({"selected_options", "selected_users", "selected_channels", "selected_conversations", "files"})
MOST_FILES = 10
BLOCKS_INSIDE = {"carousel": ("elements",), "container": ("child_blocks",), "plan": ("tasks",)}
"""Blocks that hold blocks, and where."""
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_URL = re.compile(r"https?://\S+")


def fitting(element: Json, name: str) -> bool:
    """Say whether a file input takes a file of this name. Only its ending counts, as at Slack: a convenience, no protection."""
    wanted = [str(one).lower() for one in element.get("filetypes") or []]
    return not wanted or name.lower().rpartition(".")[2] in wanted


def elements(blocks: list[Json]) -> Iterator[tuple[Json, Json]]:
    """Give each (block, interactive element) of a surface."""
    for block in blocks:
        buttons = [block[key] for key in ("elements", "actions") if isinstance(block.get(key), list)]
        for element in [block.get("element"), block.get("accessory"), *(one for several in buttons for one in several)]:
            if isinstance(element, dict) and "action_id" in element:
                yield block, element
        for key in BLOCKS_INSIDE.get(block["type"], ()):
            yield from elements(block.get(key) or [])


def initial(element: Json) -> Json:
    """Give the state shape of an untouched element."""
    key, source = STATE_KEYS[element["type"]]
    return {"type": element["type"], key: element.get(source, [] if key in _LISTS else None)}


def complete_state(blocks: list[Json], given: Json) -> Json:
    """Give `state.values` for all inputs: what was given, and the initial values of the rest."""
    values: Json = {}
    for block, element in elements(blocks):
        if element["type"] not in STATE_KEYS:
            continue
        known = (given.get(block["block_id"]) or {}).get(element["action_id"])
        state = _tidy(element, known) if known is not None else initial(element)
        values.setdefault(block["block_id"], {})[element["action_id"]] = state
    return values


def _tidy(element: Json, known: Json) -> Json:
    key, _ = STATE_KEYS[element["type"]]
    value = known.get(key, [] if key in _LISTS else None)
    if key == "value":
        # Slack sends null for an empty text, and numbers as text.
        value = None if value is None or value == "" else str(value)
    return {"type": element["type"], key: value}


def refusals(blocks: list[Json], values: Json) -> dict[str, str]:
    """Give what Slack's client would write under which input instead of submitting: {block_id: text}."""
    found: dict[str, str] = {}
    for block, element in elements(blocks):
        if block["type"] != "input":
            continue
        key, _ = STATE_KEYS[element["type"]]
        value = values[block["block_id"]][element["action_id"]][key]
        text = _refusal(element, value) if value else _missing(block)
        if text:
            found[block["block_id"]] = text
    return found


def _missing(block: Json) -> str | None:
    return None if block.get("optional") else "Please complete this required field."


def _refusal(element: Json, value: object) -> str | None:
    kind = element["type"]
    if kind == "number_input":
        return _number_refusal(element, str(value))
    if isinstance(value, str):
        return _text_refusal(element, value)
    if not isinstance(value, list):
        return None
    most = element.get("max_files", MOST_FILES) if kind == "file_input" else element.get("max_selected_items")
    if most and len(value) > most:
        return f"Please select no more than {most}."
    if kind == "file_input" and not all(fitting(element, str(one.get("name"))) for one in value):
        return f"Please choose only files of these types: {', '.join(element['filetypes'])}."
    return None


def _text_refusal(element: Json, value: str) -> str | None:
    least, most = element.get("min_length") or 0, element.get("max_length") or 3000
    if element["type"] == "plain_text_input" and not least <= len(value) <= most:
        bound = f"at least {least}" if len(value) < least else f"no more than {most}"
        return f"Please use {bound} characters."
    if element["type"] == "email_text_input" and not _EMAIL.fullmatch(value):
        return "Please enter a valid email address."
    if element["type"] == "url_text_input" and not _URL.fullmatch(value):
        return "Please enter a valid URL."
    return None


def _number_refusal(element: Json, value: str) -> str | None:
    form = r"-?\d+(\.\d+)?" if element.get("is_decimal_allowed") else r"-?\d+"
    if not re.fullmatch(form, value):
        return "Please enter a valid number."
    least, most = element.get("min_value"), element.get("max_value")
    if least is not None and float(value) < float(least):
        return f"Please enter a number of {least} or more."
    if most is not None and float(value) > float(most):
        return f"Please enter a number of {most} or less."
    return None
