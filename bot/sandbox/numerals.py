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
    return asked
