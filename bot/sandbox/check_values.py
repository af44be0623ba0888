"""Checks of what single elements hold: numbers, dates, lengths, filters."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING

from bot.sandbox import limits
from bot.sandbox.check_texts import count, strings, whole

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bot.sandbox.shapes import Json

_NUMBER, _WHOLE = re.compile(r"-?\d+(\.\d+)?"), re.compile(r"-?\d+")
_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
# Ten digits: from September 2001 to November 2286.
_EARLIEST, _LATEST = 1_000_000_000, 9_999_999_999
_ONE_ID = ("initial_user", "initial_channel", "initial_conversation")
_IDS = ("initial_users", "initial_channels", "initial_conversations")
_ANY = 1_000_000


def values(asked: Json, kind: str, at: str) -> Iterator[str]:
    """Check what only some elements have."""
    if "style" in asked and asked["style"] not in limits.STYLES:
        yield f"must be one of: primary, danger [json-pointer:{at}/style]"
    yield from whole(asked, "max_selected_items", 1, _ANY, at)
    yield from whole(asked, "min_query_length", 0, _ANY, at)
    yield from strings(asked, dict.fromkeys(_ONE_ID, limits.ID_LENGTH), at)
    for key in _IDS:
        ids = asked.get(key)
        if ids is not None and not (isinstance(ids, list) and all(isinstance(one, str) for one in ids)):
            yield f"must be a list of ids [json-pointer:{at}/{key}]"
    if "dispatch_action_config" in asked:
        yield from _dispatch(asked["dispatch_action_config"], f"{at}/dispatch_action_config")
    if "filter" in asked:
        yield from _filter(asked["filter"], f"{at}/filter")
    special = _SPECIAL.get(kind)
    if special is not None:
        yield from special(asked, at)


def _text_input(asked: Json, at: str) -> Iterator[str]:
    yield from strings(asked, {"initial_value": limits.INPUT_LENGTH}, at)
    yield from whole(asked, "min_length", 0, limits.INPUT_LENGTH, at)
    yield from whole(asked, "max_length", 1, limits.INPUT_LENGTH, at)
    least, most = asked.get("min_length"), asked.get("max_length")
    if isinstance(least, int) and isinstance(most, int) and least > most:
        yield f"min_length must not be greater than max_length [json-pointer:{at}/min_length]"


def _number_input(asked: Json, at: str) -> Iterator[str]:
    form = _NUMBER if asked.get("is_decimal_allowed") else _WHOLE
    found: dict[str, float] = {}
    for key in ("initial_value", "min_value", "max_value"):
        value = asked.get(key)
        if value is None:
            continue
        if not isinstance(value, str):
            yield f"must be a string [json-pointer:{at}/{key}]"
        elif not form.fullmatch(value):
            yield f"must be a valid number [json-pointer:{at}/{key}]"
        else:
            found[key] = float(value)
    first = found.get("initial_value", found.get("min_value", found.get("max_value", 0)))
    if not found.get("min_value", first) <= first <= found.get("max_value", first):
        yield f"must be between min_value and max_value [json-pointer:{at}]"


def _file_input(asked: Json, at: str) -> Iterator[str]:
    yield from whole(asked, "max_files", 1, limits.FILES_MOST, at)
    kinds = asked.get("filetypes")
    if kinds is not None and not (isinstance(kinds, list) and kinds and all(isinstance(one, str) for one in kinds)):
        yield f"must be a list of file types [json-pointer:{at}/filetypes]"


def _date(asked: Json, at: str) -> Iterator[str]:
    try:
        if asked.get("initial_date") is not None:
            dt.datetime.strptime(asked["initial_date"], "%Y-%m-%d").replace(tzinfo=dt.UTC)
    except (TypeError, ValueError):
        yield f"must be a date in the format YYYY-MM-DD [json-pointer:{at}/initial_date]"


def _time(asked: Json, at: str) -> Iterator[str]:
    if asked.get("initial_time") is not None and not _TIME.fullmatch(str(asked["initial_time"])):
        yield f"must be a time in the format HH:mm [json-pointer:{at}/initial_time]"


def _date_time(asked: Json, at: str) -> Iterator[str]:
    yield from whole(asked, "initial_date_time", _EARLIEST, _LATEST, at)


_SPECIAL: dict[str, Callable[[Json, str], Iterator[str]]] = {
    "plain_text_input": _text_input,
    "number_input": _number_input,
    "file_input": _file_input,
    "datepicker": _date,
    "timepicker": _time,
    "datetimepicker": _date_time,
}


def _dispatch(asked: object, at: str) -> Iterator[str]:
    triggers = asked.get("trigger_actions_on") if isinstance(asked, dict) else None
    yield from count(triggers, len(limits.DISPATCHES), f"{at}/trigger_actions_on")
    for number, one in enumerate(triggers if isinstance(triggers, list) else []):
        if one not in limits.DISPATCHES:
            yield f"must be one of: {', '.join(limits.DISPATCHES)} [json-pointer:{at}/trigger_actions_on/{number}]"


def _filter(asked: object, at: str) -> Iterator[str]:
    if not isinstance(asked, dict) or not asked:
        yield f"must provide an object [json-pointer:{at}]"
        return
    for key in sorted(set(asked) - {"include", "exclude_external_shared_channels", "exclude_bot_users"}):
        yield f"invalid additional property: {key} [json-pointer:{at}]"
    kinds = asked.get("include")
    if kinds is not None:
        yield from count(kinds, len(limits.CONVERSATIONS), f"{at}/include")
    for number, one in enumerate(kinds if isinstance(kinds, list) else []):
        if one not in limits.CONVERSATIONS:
            yield f"must be one of: {', '.join(limits.CONVERSATIONS)} [json-pointer:{at}/include/{number}]"
