"""Plain Python values into the state shapes of a view's inputs, for the client."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from bot.sandbox.forms import STATE_KEYS, elements, initial

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.sandbox.shapes import Json


class NoSuchFieldError(Exception):
    """The view has no such block, action or option."""


def filled(view: Json, values: Mapping[str, Any]) -> Json:
    """Give `state.values` for a view: `values` by block_id or action_id, initial values for the rest."""
    state: Json = {}
    unused = set(values)
    for block, element in elements(view["blocks"]):
        if element["type"] not in STATE_KEYS:
            continue
        keys = [key for key in (block["block_id"], element["action_id"]) if key in values]
        unused -= set(keys)
        told = _state(element, values[keys[0]]) if keys else initial(element)
        state.setdefault(block["block_id"], {})[element["action_id"]] = told
    if unused:
        known = [f"{block['block_id']}/{element['action_id']}" for block, element in elements(view["blocks"])]
        raise NoSuchFieldError(f"No field {sorted(unused)}; the view has {known}.")
    return state


def chosen(element: Json, value: Any) -> Json:
    """Give the payload part for using an element: a button's value, or what is selected."""
    if element["type"] == "overflow":
        return {"type": "overflow", "selected_option": _option(element, value)}
    if element["type"] not in STATE_KEYS:
        return {"type": element["type"], "value": element.get("value") if value is None else value}
    return initial(element) if value is None else _state(element, value)


def _state(element: Json, value: Any) -> Json:
    key, _ = STATE_KEYS[element["type"]]
    return {"type": element["type"], key: _shaped(element, key, value)}


def _shaped(element: Json, key: str, value: Any) -> Any:
    if value is None or isinstance(value, dict):
        return value
    if key == "selected_option":
        return _option(element, value)
    if key == "selected_options":
        return [_option(element, one) for one in value]
    return _simple(key, value)


def _simple(key: str, value: Any) -> Any:
    if key == "selected_date_time":
        return int(value.timestamp()) if isinstance(value, dt.datetime) else int(value)
    if key == "selected_time":
        return value.strftime("%H:%M") if isinstance(value, dt.time) else str(value)
    if key in {"value", "selected_date"}:
        return str(value)
    return list(value) if isinstance(value, (list, tuple, set)) else value


def _option(element: Json, value: Any) -> Json:
    if isinstance(value, dict):
        return value
    groups = element.get("option_groups") or []
    options: list[Json] = [*(element.get("options") or []), *(one for group in groups for one in group["options"])]
    for option in options:
        if str(value) in {option["value"], option["text"]["text"]}:
            return option
    raise NoSuchFieldError(f"No option {value!r}; there are {[one['value'] for one in options]}.")
