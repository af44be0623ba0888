"""Slack's elements and blocks as tables: what each may hold, how long, how many, and where it may stand.

Sources: Slack's reference of Block Kit, that of 2026 among it. Where sources disagree, the stricter number stands here.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, Any

from bot.sandbox.checks import (
    MARKDOWN,
    all_words,
    anything,
    by_type,
    dicts,
    each,
    either,
    flag,
    is_number,
    label,
    maybe,
    number,
    one_of,
    plain,
    record,
    text,
    unique,
    whole,
    words,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.sandbox.checks import At, Check
    from bot.sandbox.shapes import Json

MARKDOWN_LENGTH = 12_000
"""In all markdown blocks of a message together."""
_ID = words(255)
_URL = words(3000)
_LONG = words(3000)
_ANY = whole(0, 1_000_000)
_STYLE = one_of("primary", "danger")


def picture(asked: Json, at: At) -> Iterator[str]:
    """Check that a picture comes from one place, and that Slack's own file is there and typed by now."""
    file = asked.get("slack_file")
    if ("image_url" in asked) == (file is not None):
        yield at.says("must provide either image_url or slack_file")
    if "image_url" in asked and not str(asked["image_url"]).startswith(("https://", "http://")):
        yield (at / "image_url").says("must be a valid URL")
    if file is None:
        return
    if not isinstance(file, dict) or ("id" in file) == ("url" in file):
        yield (at / "slack_file").says("must provide either id or url")
    elif not at.usable_picture(str(file.get("id") or file.get("url"))):
        yield (at / "slack_file").says("invalid slack file")


# What elements hold.

_CONFIRM = record(
    {"title": plain(100), "text": either(300), "confirm": plain(30), "deny": plain(30), "style": _STYLE},
    always=("title", "text"),
)
_DISPATCH = record(
    {"trigger_actions_on": each(one_of("on_enter_pressed", "on_character_entered"), 2)},
    always=("trigger_actions_on",),
    closed=False,
)
_CONVERSATIONS = record(
    {
        "include": maybe(each(one_of("im", "mpim", "private", "public"), 4)),
        "exclude_external_shared_channels": anything,
        "exclude_bot_users": anything,
    }
)


def _filter(asked: Any, at: At) -> Iterator[str]:
    yield from _CONVERSATIONS(asked or None, at)


def _option(said: Check, **more: Check) -> Check:
    keys = {"text": said, "value": words(75), "description": said}
    return record(keys | more, always=("text",), filled=("value",))


def _initial(asked: Json, at: At) -> Iterator[str]:
    """Check that what is chosen at first is one of the options."""
    known = [one for _, one in dicts(asked.get("options"))]
    known += [one for _, group in dicts(asked.get("option_groups")) for _, one in dicts(group.get("options"))]
    values = [one.get("value") for one in known]

    def offered(one: Any, at: At) -> Iterator[str]:
        if not isinstance(one, dict) or one.get("value") not in values:
            yield at.says("must match one of the provided options")

    yield from maybe(offered)(asked.get("initial_option"), at / "initial_option")
    yield from maybe(each(offered, len(known) or 1))(asked.get("initial_options"), at / "initial_options")


def _options(most: int, option: Check, *, grouped: bool = False) -> Check:
    """Check an element's options, which are in groups or not."""
    listed = each(option, most)
    group = record({"label": plain(75), "options": listed}, always=("label", "options"), closed=False)

    def check(asked: Json, at: At) -> Iterator[str]:
        if asked.get("option_groups") is None:
            yield from listed(asked.get("options"), at / "options")
        elif not grouped or "options" in asked:
            yield at.says("invalid additional property: option_groups")
        else:
            yield from each(group, 100)(asked["option_groups"], at / "option_groups")
        yield from _initial(asked, at)

    return check


def _lengths(asked: Json, at: At) -> Iterator[str]:
    least, most = asked.get("min_length"), asked.get("max_length")
    if isinstance(least, int) and isinstance(most, int) and least > most:
        yield (at / "min_length").says("min_length must not be greater than max_length")


_NUMBER, _WHOLE = re.compile(r"-?\d+(\.\d+)?"), re.compile(r"-?\d+")


def _bounds(asked: Json, at: At) -> Iterator[str]:
    form = _NUMBER if asked.get("is_decimal_allowed") else _WHOLE
    found: dict[str, float] = {}
    for key in ("initial_value", "min_value", "max_value"):
        value = asked.get(key)
        if isinstance(value, str) and form.fullmatch(value):
            found[key] = float(value)
        elif value is not None:
            yield (at / key).says("must be a valid number" if isinstance(value, str) else "must be a string")
    first = found.get("initial_value", found.get("min_value", found.get("max_value", 0)))
    if not found.get("min_value", first) <= first <= found.get("max_value", first):
        yield at.says("must be between min_value and max_value")


def _date(asked: Any, at: At) -> Iterator[str]:
    try:
        dt.datetime.strptime(asked, "%Y-%m-%d").replace(tzinfo=dt.UTC)
    except (TypeError, ValueError):
        yield at.says("must be a date in the format YYYY-MM-DD")


def _time(asked: Any, at: At) -> Iterator[str]:
    if not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", str(asked)):
        yield at.says("must be a time in the format HH:mm")


# Elements, by the blocks in which they may stand.


def _element(keys: dict[str, Check], *rules: Check, needs: tuple[str, ...] = ()) -> Check:
    return record({"type": anything, "action_id": _ID, **keys}, *rules, needs=needs)


def _asks(keys: dict[str, Check], *rules: Check) -> Check:
    """An element that is asked for a choice."""
    return _element({"confirm": _CONFIRM, "focus_on_load": flag, **keys}, *rules)


def _select(**keys: Check) -> Check:
    return _asks({"placeholder": plain(150), **keys})


def _typed(keys: dict[str, Check], *rules: Check, needs: tuple[str, ...] = ()) -> Check:
    """An element that is typed into."""
    own: dict[str, Check] = {"initial_value": anything, "dispatch_action_config": _DISPATCH, "focus_on_load": flag}
    return _element({"placeholder": plain(150), **own, **keys}, *rules, needs=needs)


_CHOICE: dict[str, Check] = {"options": anything, "option_groups": anything, "initial_option": anything}
_CHOICES: dict[str, Check] = {"options": anything, "option_groups": anything, "initial_options": anything}
_GROUPED = _options(100, _option(plain(75)), grouped=True)
_TEN = _options(10, _option(either(75)))
_PLACEHOLDER: dict[str, Check] = {"placeholder": plain(150)}
_MOST = whole(1, 1_000_000)
_IDS = all_words("ids")
_SAID: dict[str, Check] = {"text": plain(75), "accessibility_label": words(75)}
_VALUED: dict[str, Check] = {"value": words(2000), "confirm": _CONFIRM}

_IMAGE_KEYS: dict[str, Check] = {"alt_text": words(2000), "image_url": _URL, "slack_file": anything}
_IMAGE = {"image": _element(_IMAGE_KEYS, picture, needs=("alt_text",))}
_BUTTON = {"button": _element({**_SAID, **_VALUED, "url": _URL, "style": _STYLE}, needs=("text",))}
_PRESSED = {
    **_BUTTON,
    "workflow_button": _element({**_SAID, "workflow": anything, "style": _STYLE}, needs=("text", "workflow")),
    "overflow": _element(
        {"options": anything, "option_groups": anything, "confirm": _CONFIRM},
        _options(5, _option(plain(75), url=_URL)),
    ),
}
_CHOSEN = {
    "checkboxes": _asks(_CHOICES, _TEN),
    "radio_buttons": _asks(_CHOICE, _TEN),
    "static_select": _asks({**_PLACEHOLDER, **_CHOICE}, _GROUPED),
    "multi_static_select": _asks({**_PLACEHOLDER, **_CHOICES, "max_selected_items": _MOST}, _GROUPED),
    "external_select": _select(initial_option=anything, min_query_length=_ANY),
    "multi_external_select": _select(initial_options=anything, max_selected_items=_MOST, min_query_length=_ANY),
    "users_select": _select(initial_user=_ID),
    "multi_users_select": _select(initial_users=_IDS, max_selected_items=_MOST),
    "channels_select": _select(initial_channel=_ID, response_url_enabled=flag),
    "multi_channels_select": _select(initial_channels=_IDS, max_selected_items=_MOST),
    "conversations_select": _select(
        initial_conversation=_ID, default_to_current_conversation=flag, response_url_enabled=flag, filter=_filter
    ),
    "multi_conversations_select": _select(
        initial_conversations=_IDS, default_to_current_conversation=flag, max_selected_items=_MOST, filter=_filter
    ),
    "datepicker": _select(initial_date=maybe(_date)),
    "timepicker": _select(initial_time=maybe(_time), timezone=anything),
}
# Ten digits: from September 2001 to November 2286.
_MOMENT = {"datetimepicker": _asks({"initial_date_time": whole(1_000_000_000, 9_999_999_999)})}
_TYPED = {
    "plain_text_input": _typed(
        {
            "initial_value": words(3000),
            "multiline": flag,
            "min_length": whole(0, 3000),
            "max_length": whole(1, 3000),
        },
        _lengths,
    ),
    "email_text_input": _typed({}),
    "url_text_input": _typed({}),
    "rich_text_input": _typed({}),
    "number_input": _typed(
        {"is_decimal_allowed": flag, "min_value": anything, "max_value": anything},
        _bounds,
        needs=("is_decimal_allowed",),
    ),
    "file_input": _element({"filetypes": all_words("file types", 1), "max_files": whole(1, 10)}),
}
_FEEDBACK = record(
    {"text": plain(75), "accessibility_label": words(75), "value": words(2000)}, always=("text",), filled=("value",)
)
_SMALL = {
    "feedback_buttons": _element(
        {"positive_button": _FEEDBACK, "negative_button": _FEEDBACK}, needs=("positive_button", "negative_button")
    ),
    "icon_button": _element(
        {**_SAID, **_VALUED, "icon": anything, "visible_to_user_ids": anything}, needs=("icon", "text")
    ),
}


# Blocks.


def _block(keys: dict[str, Check], *rules: Check, needs: tuple[str, ...] = ()) -> Check:
    return record({"type": anything, "block_id": _ID, **keys}, *rules, needs=needs)


def _of(*kinds: str) -> Check:
    """Take a block of these kinds, inside another one."""

    def check(asked: Any, at: At) -> Iterator[str]:
        yield from by_type({kind: BLOCKS[kind] for kind in kinds})(asked, at)

    return check


def _says_something(asked: Json, at: At) -> Iterator[str]:
    if "text" not in asked and not asked.get("fields"):
        yield at.says("missing required field: text")


def _small_print(asked: Any, at: At) -> Iterator[str]:
    is_image = isinstance(asked, dict) and asked.get("type") == "image"
    yield from (by_type(_IMAGE) if is_image else either(3000))(asked, at)


def _own_ids(asked: Json, at: At) -> Iterator[str]:
    yield from unique("action_id", asked.get("elements"), at / "elements")


def _rich_part(asked: Any, at: At) -> Iterator[str]:
    if not isinstance(asked.get("elements"), list):
        yield at.says("missing required field: elements")


_RICH_PARTS = by_type(
    dict.fromkeys(("rich_text_section", "rich_text_list", "rich_text_preformatted", "rich_text_quote"), _rich_part)
)
_FILLED = label(100_000)
_CELLS = {
    "raw_text": record({"type": anything, "text": _FILLED}, always=("text",)),
    "raw_number": record({"type": anything, "text": _FILLED, "value": number}, always=("text", "value")),
}
_CELL = by_type({**_CELLS, "rich_text": anything})
_COLUMNS = record({"align": one_of("left", "center", "right")}, closed=False)


def _rows(asked: Json, at: At) -> Iterator[str]:
    """Check a table with pages: a heading, at least one row, and as many cells in each."""
    rows, here = asked.get("rows"), at / "rows"
    if not isinstance(rows, list) or not rows:
        return
    if len(rows) == 1:
        yield here.says("no fewer than 2 items allowed")
    width = len(rows[0]) if isinstance(rows[0], list) else 0
    yield from whole(0, max(0, width - 1))(asked.get("row_header_column_index"), at / "row_header_column_index")
    for at_row, row in enumerate(rows):
        yield from each(_CELL if at_row else by_type(_CELLS), 20)(row, here / at_row)
        if isinstance(row, list) and len(row) != width:
            yield (here / at_row).says(f"must have as many cells as the first row: {width}")
    if sum(len(str(one.get("text", ""))) for row in rows for _, one in dicts(row)) > 10_000:
        yield here.says("must be less than 10001 characters in all")


_POINT = record({"label": label(20), "value": number}, always=("label", "value"))


def _segment(asked: Any, at: At) -> Iterator[str]:
    yield from _POINT(asked, at)
    if isinstance(asked, dict) and is_number(asked.get("value")) and asked["value"] <= 0:
        yield (at / "value").says("must be more than 0")


def _of_categories(asked: Json, at: At) -> Iterator[str]:
    """Check that each series has its own name, and a value for each category."""
    axis, names = asked.get("axis_config"), set[str]()
    categories = axis.get("categories") if isinstance(axis, dict) else None
    for place, one in dicts(asked.get("series")):
        here = at / "series" / place
        if one.get("name") in names:
            yield (here / "name").says("must be unique")
        names.add(str(one.get("name")))
        labels = [point.get("label") for _, point in dicts(one.get("data"))]
        if isinstance(categories, list) and sorted(map(str, labels)) != sorted(map(str, categories)):
            yield (here / "data").says("must have one value for each category")


_SERIES = record({"name": label(20), "data": each(_POINT, 20)}, always=("name", "data"))
_AXIS = record({"categories": each(label(20), 20), "x_label": words(50), "y_label": words(50)}, always=("categories",))
# Slack's page says six; twelve is said elsewhere: the stricter.
_PIE = record({"type": anything, "segments": each(_segment, 6)}, always=("segments",))
_PLOT = record(
    {"type": anything, "series": each(_SERIES, 6), "axis_config": _AXIS},
    _of_categories,
    always=("series", "axis_config"),
)
_CHARTS = {"pie": _PIE, "bar": _PLOT, "area": _PLOT, "line": _PLOT}


def _card(asked: Json, at: At) -> Iterator[str]:
    needs = ("hero_image", "title", "actions", "body")
    if not any(asked.get(key) for key in needs):
        yield at.says(f"must provide one of {', '.join(needs)}")


def _container(asked: Json, at: At) -> Iterator[str]:
    if not asked.get("title") and not asked.get("rich_text_title"):
        yield at.says("missing required field: title")
    if asked.get("default_collapsed") and not asked.get("is_collapsible"):
        yield (at / "default_collapsed").says("needs is_collapsible")
    if asked.get("has_header_divider") and asked.get("is_collapsible"):
        yield (at / "has_header_divider").says("must not be set where is_collapsible is true")


_SOURCE = record({"type": one_of("url"), "url": _URL, "text": _ID}, filled=("url", "text"))


def _sources(asked: Any, at: At) -> Iterator[str]:
    if not isinstance(asked, list):
        yield at.says("must be a list")
    elif asked:
        yield from each(_SOURCE, len(asked))(asked, at)


_RICH = _of("rich_text")
_IN_A_SECTION = by_type({**_PRESSED, **_IMAGE, **_CHOSEN})
_IN_ACTIONS = by_type({**_PRESSED, **_CHOSEN, **_MOMENT})
_IN_AN_INPUT = by_type({**_CHOSEN, **_MOMENT, **_TYPED})

BLOCKS: dict[str, Check] = {
    "section": _block(
        {
            "text": either(3000),
            "fields": maybe(each(either(2000), 10)),
            "accessory": _IN_A_SECTION,
            "expand": flag,
        },
        _says_something,
    ),
    "header": _block({"text": plain(150)}, needs=("text",)),
    "divider": _block({}),
    "image": _block({**_IMAGE_KEYS, "title": plain(2000)}, picture, needs=("alt_text",)),
    "context": _block({"elements": each(_small_print, 10)}, needs=("elements",)),
    "actions": _block({"elements": each(_IN_ACTIONS, 25)}, _own_ids, needs=("elements",)),
    "input": _block(
        {
            "label": plain(2000),
            "hint": plain(2000),
            "element": _IN_AN_INPUT,
            "dispatch_action": flag,
            "optional": flag,
        },
        needs=("label", "element"),
    ),
    "markdown": _block({"text": words(MARKDOWN_LENGTH)}, needs=("text",)),
    # Slack names no number; this one only keeps a mistake from going on for ever.
    "rich_text": _block({"elements": each(_RICH_PARTS, 1000)}, needs=("elements",)),
    "file": _block({"external_id": anything, "source": anything}, needs=("external_id", "source")),
    "video": _block(
        {
            "title": plain(200),
            "description": plain(200),
            "alt_text": words(2000),
            "author_name": words(50),
            "provider_name": words(50),
            **dict.fromkeys(("video_url", "thumbnail_url", "title_url", "provider_icon_url"), _URL),
        },
        needs=("alt_text", "title", "thumbnail_url", "video_url"),
    ),
    "table": _block(
        {"rows": each(each(_CELL, 20), 100), "column_settings": maybe(each(_COLUMNS, 20))}, needs=("rows",)
    ),
    "data_table": _block(
        {
            "caption": _LONG,
            "rows": each(anything, 101),
            "page_size": whole(1, 100),
            "row_header_column_index": anything,
        },
        _rows,
        needs=("caption", "rows"),
    ),
    "data_visualization": _block({"title": words(50), "chart": by_type(_CHARTS)}, needs=("title", "chart")),
    "alert": _block(
        {"text": either(200), "level": one_of("default", "info", "warning", "error", "success")}, needs=("text",)
    ),
    "card": _block(
        {
            "title": text(150, MARKDOWN),
            "subtitle": text(150, MARKDOWN),
            "body": text(200, MARKDOWN),
            "hero_image": by_type(_IMAGE),
            "icon": by_type(_IMAGE),
            "slack_icon": anything,
            "actions": each(by_type(_BUTTON), 25),
        },
        _card,
    ),
    "carousel": _block({"elements": each(_of("card"), 10)}, needs=("elements",)),
    "container": _block(
        {
            "title": plain(150),
            "subtitle": either(150),
            "rich_text_title": _RICH,
            "child_blocks": each(
                _of(
                    *("actions", "context", "divider", "file", "header", "image", "input"),
                    *("rich_text", "section", "table", "video"),
                ),
                10,
            ),
            "width": one_of("narrow", "standard", "wide", "full"),
            "icon": by_type(_IMAGE),
            "is_collapsible": flag,
            "default_collapsed": flag,
            "has_header_divider": flag,
        },
        _container,
        needs=("child_blocks",),
    ),
    "context_actions": _block({"elements": each(by_type(_SMALL), 5)}, needs=("elements",)),
    "task_card": _block(
        {
            "task_id": _ID,
            "title": _LONG,
            "status": one_of("pending", "in_progress", "complete", "error"),
            "details": _RICH,
            "output": _RICH,
            "sources": _sources,
        },
        needs=("task_id", "title", "status"),
    ),
    "plan": _block({"title": _LONG, "tasks": each(_of("task_card"), 100)}, needs=("title",)),
}
_MESSAGES, _CARDS = frozenset({"message"}), frozenset({"message", "home"})
SURFACES = {
    "alert": frozenset({"modal"}),
    **dict.fromkeys(("card", "carousel"), _CARDS),
    **dict.fromkeys(("container", "context_actions", "data_table", "data_visualization"), _MESSAGES),
    **dict.fromkeys(("markdown", "plan", "table", "task_card"), _MESSAGES),
}
"""Which surfaces take a block that not all of them take."""
