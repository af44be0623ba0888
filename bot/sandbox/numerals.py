"""Numbers and orders that came over the wire: as they should be, or a sentence that says so."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from bot.sandbox.shapes import Json, SlackError

if TYPE_CHECKING:
    from starlette.requests import Request


def number(value: object, name: str, low: float, high: float) -> float:
    """The finite number that `value` is or spells. Raises SlackError `invalid_number` with a sentence for all else."""
    try:
        found = float(value) if isinstance(value, str | int | float) and not isinstance(value, bool) else math.nan
    except (ValueError, OverflowError):
        found = math.nan
    if not low <= found <= high:  # NaN is never within
        raise SlackError("invalid_number", text=f"{name} must be a number from {low:.0f} to {high:.0f}.")
    return found


async def order_of(request: Request) -> Json:
    """The JSON object of a request's body. Raises SlackError `invalid_json` with a sentence for all else."""
    try:
        asked = await request.json()
    except (ValueError, RecursionError):
        asked = None
    if not isinstance(asked, dict):
        raise SlackError("invalid_json", text="Send one JSON object.")
    for name, value in asked.items():
        _demand_shape(name, value)
    return asked


def _demand_shape(name: str, value: object) -> None:
    """Objects, lists and plain values each in their places: what reads them asks no more."""
    kind = dict if name in _OBJECTS else list if name in _LISTS else str | int | float | None
    if not (value is None or isinstance(value, kind)):
        what = "an object" if kind is dict else "a list" if kind is list else "no object and no list"
        raise SlackError("invalid_arguments", text=f"{name} is {what}.")
    if isinstance(value, dict):
        values = value.get("values")
        if values is not None and not (
            isinstance(values, dict) and all(isinstance(one, dict) for one in values.values())
        ):
            raise SlackError("invalid_arguments", text="values is an object of objects.")


_OBJECTS = frozenset({"container", "state", "action"})
_LISTS = frozenset({"users", "members", "people", "channels", "types"})
