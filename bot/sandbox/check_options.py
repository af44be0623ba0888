"""Checks of options, groups of them, and dialogs that ask again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.sandbox import limits
from bot.sandbox.check_texts import count, dicts, objects, strings, text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.sandbox.shapes import Json

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
    for key in sorted(set(asked) - (_OPTION_KEYS if kind == "overflow" else _OPTION_KEYS - {"url"})):
        yield f"invalid additional property: {key} [json-pointer:{at}]"
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
    for key in sorted(set(asked) - _CONFIRM_KEYS):
        yield f"invalid additional property: {key} [json-pointer:{at}]"
    yield from text(asked.get("title"), f"{at}/title", limits.CONFIRM_TITLE, plain=True)
    yield from text(asked.get("text"), f"{at}/text", limits.CONFIRM_TEXT)
    for key in ("confirm", "deny"):
        if key in asked:
            yield from text(asked[key], f"{at}/{key}", limits.CONFIRM_BUTTON, plain=True)
    if "style" in asked and asked["style"] not in limits.STYLES:
        yield f"must be one of: primary, danger [json-pointer:{at}/style]"
