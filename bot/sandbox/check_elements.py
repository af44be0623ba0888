"""Checks of elements against Slack's limits, and of what they hold: texts, options, numbers, dates, filters, dialogs that ask again.

Each problem is a sentence with a json pointer, as Slack writes it.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, Any

from bot.sandbox import limits
from bot.sandbox.limits import ELEMENTS, FLAGS, ID_LENGTH, MARKDOWN, PLAIN

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from bot.sandbox.limits import Shape
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


_NUMBER, _WHOLE = re.compile(r"-?\d+(\.\d+)?"), re.compile(r"-?\d+")
_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
# Ten digits: from September 2001 to November 2286.
_EARLIEST, _LATEST = 1_000_000_000, 9_999_999_999
_ONE_ID = ("initial_user", "initial_channel", "initial_conversation")
_IDS = ("initial_users", "initial_channels", "initial_conversations")
_ANY = 1_000_000


def values(asked: Json, kind: str, at: str) -> Iterator[str]:
    """Check what only some elements have."""
    yield from one_of(asked, "style", limits.STYLES, at)
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
    yield from unknown(asked, {"include", "exclude_external_shared_channels", "exclude_bot_users"}, at)
    kinds = asked.get("include")
    if kinds is not None:
        yield from count(kinds, len(limits.CONVERSATIONS), f"{at}/include")
    for number, one in enumerate(kinds if isinstance(kinds, list) else []):
        if one not in limits.CONVERSATIONS:
            yield f"must be one of: {', '.join(limits.CONVERSATIONS)} [json-pointer:{at}/include/{number}]"


_WITH_MARKDOWN = ("checkboxes", "radio_buttons")
_GROUPED = ("static_select", "multi_static_select")
_OPTION_KEYS = {"text", "value", "description", "url"}
_CONFIRM_KEYS = {"title", "text", "confirm", "deny", "style"}


def options(asked: Json, at: str, most: int) -> Iterator[str]:
    """Check an element's options, which are in groups or not, and that what is chosen at first is one of them."""
    groups, kind = asked.get("option_groups"), str(asked["type"])
    if groups is None:
        yield from _listed(asked.get("options"), f"{at}/options", most, kind)
    elif kind not in _GROUPED or "options" in asked:
        yield f"invalid additional property: option_groups [json-pointer:{at}]"
    else:
        yield from count(groups, limits.GROUPS_MOST, f"{at}/option_groups")
        yield from objects(groups, f"{at}/option_groups")
        for number, group in dicts(groups):
            here = f"{at}/option_groups/{number}"
            yield from text(group.get("label"), f"{here}/label", limits.OPTION_TEXT, plain=True)
            yield from _listed(group.get("options"), f"{here}/options", most, kind)
    yield from _initial(asked, at)


def _listed(asked: Any, at: str, most: int, kind: str) -> Iterator[str]:
    yield from count(asked, most, at)
    for number, one in enumerate(asked if isinstance(asked, list) else []):
        yield from _option(one, f"{at}/{number}", kind)


def _option(asked: Any, at: str, kind: str) -> Iterator[str]:
    if not isinstance(asked, dict):
        yield f"must provide an object [json-pointer:{at}]"
        return
    plain = kind not in _WITH_MARKDOWN
    yield from text(asked.get("text"), f"{at}/text", limits.OPTION_TEXT, plain=plain)
    if "description" in asked:
        yield from text(asked["description"], f"{at}/description", limits.OPTION_DESCRIPTION, plain=plain)
    if not asked.get("value"):
        yield f"missing required field: value [json-pointer:{at}]"
    yield from unknown(asked, _OPTION_KEYS if kind == "overflow" else _OPTION_KEYS - {"url"}, at)
    yield from strings(asked, {"value": limits.OPTION_VALUE, "url": limits.OPTION_URL}, at)


def _initial(asked: Json, at: str) -> Iterator[str]:
    known = [one for _, one in dicts(asked.get("options"))]
    known += [one for _, group in dicts(asked.get("option_groups")) for _, one in dicts(group.get("options"))]
    values = [one.get("value") for one in known]
    first = asked.get("initial_option")
    if first is not None and (not isinstance(first, dict) or first.get("value") not in values):
        yield f"must match one of the provided options [json-pointer:{at}/initial_option]"
    several = asked.get("initial_options")
    if several is not None:
        yield from count(several, len(known) or 1, f"{at}/initial_options")
    for number, one in enumerate(several if isinstance(several, list) else []):
        if not isinstance(one, dict) or one.get("value") not in values:
            yield f"must match one of the provided options [json-pointer:{at}/initial_options/{number}]"


def confirm(asked: Any, at: str) -> Iterator[str]:
    """Check the dialog that asks again."""
    if not isinstance(asked, dict):
        yield f"must provide an object [json-pointer:{at}]"
        return
    yield from unknown(asked, _CONFIRM_KEYS, at)
    yield from text(asked.get("title"), f"{at}/title", limits.CONFIRM_TITLE, plain=True)
    yield from text(asked.get("text"), f"{at}/text", limits.CONFIRM_TEXT)
    for key in ("confirm", "deny"):
        if key in asked:
            yield from text(asked[key], f"{at}/{key}", limits.CONFIRM_BUTTON, plain=True)
    yield from one_of(asked, "style", limits.STYLES, at)


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
    yield from unknown(asked, allowed, at)
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
    yield from unknown(asked, shape.keys | besides, at)


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
