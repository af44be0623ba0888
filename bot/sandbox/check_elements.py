"""Checks of texts, options and elements against Slack's limits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.sandbox import limits
from bot.sandbox.limits import ELEMENTS, ID_LENGTH, MARKDOWN, PLAIN

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bot.sandbox.limits import Shape
    from bot.sandbox.shapes import Json

_STYLES = {"primary", "danger"}
_LONGEST_INPUT = 3000


def expect_dict(asked: Any, at: str) -> str | None:
    """Say that an object is needed, where something else is."""
    return None if isinstance(asked, dict) else f"must provide an object [json-pointer:{at}]"


def text(asked: Any, at: str, longest: int, *, plain: bool = False) -> Iterator[str]:
    """Check a text object."""
    kinds = {PLAIN} if plain else {PLAIN, MARKDOWN}
    if not isinstance(asked, dict):
        yield f"must provide an object [json-pointer:{at}]"
        return
    if asked.get("type") not in kinds:
        yield f"unsupported type: {asked.get('type')} [json-pointer:{at}/type]"
    allowed = {"type", "text", "verbatim"} if asked.get("type") == MARKDOWN else {"type", "text", "emoji"}
    for key in sorted(set(asked) - allowed):
        yield f"invalid additional property: {key} [json-pointer:{at}]"
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
        if key not in asked:
            yield f"missing required field: {key} [json-pointer:{at}]"
    for key in sorted(set(asked) - shape.keys - besides):
        yield f"invalid additional property: {key} [json-pointer:{at}]"


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
        yield from _options(asked, at, shape.options)
    if "confirm" in asked:
        yield from _confirm(asked["confirm"], f"{at}/confirm")
    if kind == "image":
        yield from picture(asked, at, usable_picture)
    yield from _values(asked, kind, at)


def picture(asked: Json, at: str, usable_picture: Callable[[str], bool]) -> Iterator[str]:
    """Check that a picture comes from one place, and that Slack's own file is there and typed by now."""
    file = asked.get("slack_file")
    if ("image_url" in asked) == (file is not None):
        yield f"must provide either image_url or slack_file [json-pointer:{at}]"
    if file is None:
        return
    if not isinstance(file, dict) or ("id" in file) == ("url" in file):
        yield f"must provide either id or url [json-pointer:{at}/slack_file]"
    elif not usable_picture(str(file.get("id") or file.get("url"))):
        yield f"invalid slack file [json-pointer:{at}/slack_file]"


def _values(asked: Json, kind: str, at: str) -> Iterator[str]:
    if "style" in asked and asked["style"] not in _STYLES:
        yield f"must be one of: primary, danger [json-pointer:{at}/style]"
    if kind == "plain_text_input":
        yield from strings(asked, {"initial_value": _LONGEST_INPUT}, at)
        for key in ("min_length", "max_length"):
            if not 0 <= int(asked.get(key) or 0) <= _LONGEST_INPUT:
                yield f"must be between 0 and {_LONGEST_INPUT} [json-pointer:{at}/{key}]"
    if kind == "number_input":
        yield from strings(asked, dict.fromkeys(("initial_value", "min_value", "max_value"), ID_LENGTH), at)


def _options(asked: Json, at: str, most: int) -> Iterator[str]:
    groups = asked.get("option_groups")
    if groups is None:
        yield from _option_list(asked.get("options"), f"{at}/options", most, asked["type"])
    else:
        for number, group in enumerate(groups):
            here = f"{at}/option_groups/{number}"
            yield from text(group.get("label"), f"{here}/label", limits.OPTION_TEXT, plain=True)
            yield from _option_list(group.get("options"), f"{here}/options", most, asked["type"])
    yield from _initial(asked, at)


def _option_list(options: Any, at: str, most: int, kind: str) -> Iterator[str]:
    if not isinstance(options, list) or not options:
        yield f"no fewer than 1 items allowed [json-pointer:{at}]"
        return
    if len(options) > most:
        yield f"no more than {most} items allowed [json-pointer:{at}]"
    for number, option in enumerate(options):
        yield from _option(option, f"{at}/{number}", plain=kind not in {"checkboxes", "radio_buttons"})


def _option(option: Any, at: str, *, plain: bool) -> Iterator[str]:
    if not isinstance(option, dict):
        yield f"must provide an object [json-pointer:{at}]"
        return
    yield from text(option.get("text"), f"{at}/text", limits.OPTION_TEXT, plain=plain)
    if "description" in option:
        yield from text(option["description"], f"{at}/description", limits.OPTION_DESCRIPTION, plain=plain)
    if not option.get("value"):
        yield f"missing required field: value [json-pointer:{at}]"
    yield from strings(option, {"value": limits.OPTION_VALUE, "url": limits.OPTION_URL}, at)


def _initial(asked: Json, at: str) -> Iterator[str]:
    groups = asked.get("option_groups") or []
    known = [*(asked.get("options") or []), *(one for group in groups for one in group.get("options") or [])]
    values = {one.get("value") for one in known if isinstance(one, dict)}
    if "initial_option" in asked and asked["initial_option"].get("value") not in values:
        yield f"must match one of the provided options [json-pointer:{at}/initial_option]"
    for number, one in enumerate(asked.get("initial_options") or []):
        if one.get("value") not in values:
            yield f"must match one of the provided options [json-pointer:{at}/initial_options/{number}]"


def _confirm(asked: Any, at: str) -> Iterator[str]:
    if not isinstance(asked, dict):
        yield f"must provide an object [json-pointer:{at}]"
        return
    yield from text(asked.get("title"), f"{at}/title", limits.CONFIRM_TITLE, plain=True)
    yield from text(asked.get("text"), f"{at}/text", limits.CONFIRM_TEXT)
    for key in ("confirm", "deny"):
        if key in asked:
            yield from text(asked[key], f"{at}/{key}", limits.CONFIRM_BUTTON, plain=True)
