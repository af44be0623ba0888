"""What an app may show: messages and views are accepted, or refused with Slack's json pointers to what is wrong.

Blocks are checked against Slack's limits, those of 2026 among them: each problem is a sentence with a json pointer, as Slack writes it.
"""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any

from bot.sandbox import limits
from bot.sandbox.check_elements import (
    count,
    dicts,
    element,
    expect_dict,
    flags,
    objects,
    one_of,
    picture,
    required_keys,
    strings,
    text,
    unknown,
    whole,
)
from bot.sandbox.limits import BLOCKS, FLAGS, ID_LENGTH, NESTED
from bot.sandbox.shapes import Json, SlackError, clipped

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

    from bot.sandbox.shapes import Json


_VIEW_KEYS = frozenset(
    {
        "type",
        "title",
        "blocks",
        "close",
        "submit",
        "private_metadata",
        "callback_id",
        "clear_on_close",
        "notify_on_close",
        "external_id",
        "submit_disabled",
    }
)


class Validator:
    """Checks what an app sends; `usable_picture` says whether an image block may show a file.

    Blocks of the types in `without` have not come to this workspace yet: Slack rolls new ones out in phases.
    """

    def __init__(self, usable_picture: Callable[[str], bool], without: Collection[str] = ()) -> None:
        self._usable_picture = usable_picture
        self._without = without

    def blocks(self, asked: Any) -> list[Json]:
        """Give a message's blocks; SlackError `invalid_blocks`, `invalid_blocks_format`."""
        if isinstance(asked, str):
            try:
                asked = json.loads(asked)
            except ValueError:
                raise SlackError("invalid_blocks_format") from None
        if not isinstance(asked, list):
            raise SlackError("invalid_blocks_format")
        problems = [
            *self._not_yet(asked, "/blocks"),
            *block_problems(asked, "/blocks", "message", self._usable_picture),
        ]
        if problems:
            raise SlackError("invalid_blocks", errors=problems, response_metadata=clipped(problems))
        return asked

    def view(self, asked: Any, surface: str) -> Json:
        """Give a view of a surface (modal, home); SlackError `invalid_arguments` with messages, `view_too_large`."""
        if isinstance(asked, str):
            try:
                asked = json.loads(asked)
            except ValueError:
                asked = None
        if not isinstance(asked, dict):
            raise _invalid(["must provide an object [json-pointer:/view]"])
        problems = list(self._view(asked, surface))
        if problems:
            raise _invalid(problems)
        if len(json.dumps(asked)) > limits.VIEW_BYTES:
            raise SlackError("view_too_large")
        return asked

    def _view(self, asked: Json, surface: str) -> Iterator[str]:
        if asked.get("type") != surface:
            yield f"must be {surface} [json-pointer:/view/type]"
        for key in sorted(set(asked) - _VIEW_KEYS):
            yield f"invalid additional property: {key} [json-pointer:/view]"
        for key in ("title", "submit", "close"):
            if asked.get(key) is not None:
                yield from text(asked[key], f"/view/{key}", limits.VIEW_TITLE, plain=True)
        lengths = {
            "private_metadata": limits.VIEW_METADATA,
            "callback_id": limits.ID_LENGTH,
            "external_id": limits.ID_LENGTH,
        }
        yield from strings(asked, lengths, "/view")
        yield from flags(asked, ("clear_on_close", "notify_on_close", "submit_disabled"), "/view")
        blocks = asked.get("blocks")
        if not isinstance(blocks, list):
            yield "missing required field: blocks [json-pointer:/view]"
            return
        yield from self._not_yet(blocks, "/view/blocks")
        yield from block_problems(blocks, "/view/blocks", surface, self._usable_picture)
        if surface == "modal":
            yield from _modal(asked, blocks)
        else:
            for key in ("submit", "close"):
                if asked.get(key) is not None:
                    yield f"invalid additional property: {key} [json-pointer:/view]"

    def _not_yet(self, blocks: list[Any], where: str) -> Iterator[str]:
        for number, one in dicts(blocks):
            if one.get("type") in self._without:
                yield f"unsupported type: {one['type']} [json-pointer:{where}/{number}/type]"


def _modal(asked: Json, blocks: list[Any]) -> Iterator[str]:
    if not asked.get("title"):
        yield "missing required field: title [json-pointer:/view]"
    if not asked.get("submit") and any(isinstance(one, dict) and one.get("type") == "input" for one in blocks):
        yield "missing required field: submit [json-pointer:/view]"


def _invalid(problems: list[str]) -> SlackError:
    return SlackError("invalid_arguments", response_metadata=clipped(problems))


def block_problems(asked: list[Any], where: str, surface: str, usable_picture: Callable[[str], bool]) -> Iterator[str]:
    """Give the problems of the blocks of a surface (message, modal, home); `where` is the pointer to their list."""
    most = limits.MESSAGE_BLOCKS if surface == "message" else limits.VIEW_BLOCKS
    if len(asked) > most:
        yield f"no more than {most} items allowed [json-pointer:{where}]"
    seen: set[str] = set()
    for number, one in enumerate(asked):
        at = f"{where}/{number}"
        problem = expect_dict(one, at)
        if problem:
            yield problem
            continue
        yield from _block(one, at, usable_picture)
        yield from _unique(one, "block_id", seen, at)
    yield from _surface(asked, where, surface)


def _surface(asked: list[Any], where: str, surface: str) -> Iterator[str]:
    """Give what one surface does not take: file inputs outside modals, two tables in a message, markdown in views."""
    tables = charts = written = 0
    for number, one in dicts(asked):
        at, kind, inside = f"{where}/{number}", one.get("type"), one.get("element")
        if isinstance(inside, dict) and inside.get("type") == "file_input" and surface != "modal":
            yield f"unsupported type: file_input [json-pointer:{at}/element/type]"
        if surface not in limits.SURFACES.get(str(kind), (surface,)):
            yield f"unsupported type: {kind} [json-pointer:{at}/type]"
        tables += kind == "table"
        if kind == "table" and tables > 1:
            yield f"only_one_table_allowed [json-pointer:{at}]"
        charts += kind == "data_visualization"
        if kind == "data_visualization" and charts > limits.CHARTS:
            yield f"no more than {limits.CHARTS} data_visualization blocks allowed [json-pointer:{at}]"
        if kind == "markdown":
            before, written = written, written + len(str(one.get("text")))
            if before <= limits.MARKDOWN_LENGTH < written and before:
                yield f"must be less than {limits.MARKDOWN_LENGTH + 1} characters in all [json-pointer:{at}/text]"


def _block(block: Json, at: str, usable_picture: Callable[[str], bool]) -> Iterator[str]:
    kind = str(block.get("type"))
    shape = BLOCKS.get(kind)
    if shape is None:
        yield f"unsupported type: {kind} [json-pointer:{at}/type]"
        return
    yield from required_keys(block, shape, at, {"type", "block_id"})
    yield from strings(block, {"block_id": ID_LENGTH, **shape.strings}, at)
    for key, longest in {**shape.plain, **shape.texts}.items():
        if key in block:
            yield from text(block[key], f"{at}/{key}", longest, plain=key in shape.plain)
    yield from flags(block, FLAGS, at)
    inside = _INSIDE.get(kind)
    if inside is not None:
        yield from inside(block, at, usable_picture)
    for nested in NESTED.get(kind, ()):
        if nested.key in block:
            yield from _nested(block[nested.key], f"{at}/{nested.key}", nested, usable_picture)


def _nested(asked: Any, at: str, nested: limits.Nested, usable_picture: Callable[[str], bool]) -> Iterator[str]:
    """Check the blocks inside a block."""
    if nested.most:
        yield from count(asked, nested.most, at)
    listed = (asked if isinstance(asked, list) else []) if nested.most else [asked]
    for number, one in enumerate(listed):
        here = f"{at}/{number}" if nested.most else at
        problem = expect_dict(one, here)
        if problem:
            yield problem
        elif one.get("type") not in nested.kinds:
            yield f"unsupported type: {one.get('type')} [json-pointer:{here}/type]"
        else:
            yield from _block(one, here, usable_picture)


def _section(block: Json, at: str, usable_picture: Callable[[str], bool]) -> Iterator[str]:
    fields = block.get("fields")
    if "text" not in block and not fields:
        yield f"missing required field: text [json-pointer:{at}]"
    if fields is not None:
        yield from count(fields, limits.FIELDS_MOST, f"{at}/fields")
        for number, one in enumerate(fields if isinstance(fields, list) else []):
            yield from text(one, f"{at}/fields/{number}", limits.FIELD_LENGTH)
    if "accessory" in block:
        yield from element(block["accessory"], f"{at}/accessory", limits.SECTION, usable_picture)


def _image(block: Json, at: str, usable_picture: Callable[[str], bool]) -> Iterator[str]:
    yield from picture(block, at, usable_picture)


def _context(block: Json, at: str, usable_picture: Callable[[str], bool]) -> Iterator[str]:
    inside = block["elements"] if isinstance(block.get("elements"), list) else []
    yield from count(inside, limits.CONTEXT_MOST, f"{at}/elements")
    for number, one in enumerate(inside):
        here = f"{at}/elements/{number}"
        if isinstance(one, dict) and one.get("type") == "image":
            yield from element(one, here, limits.SECTION, usable_picture)
        else:
            yield from text(one, here, limits.CONTEXT_LENGTH)


def _actions(block: Json, at: str, usable_picture: Callable[[str], bool]) -> Iterator[str]:
    inside = block["elements"] if isinstance(block.get("elements"), list) else []
    yield from count(inside, limits.ACTIONS_MOST, f"{at}/elements")
    seen: set[str] = set()
    for number, one in enumerate(inside):
        here = f"{at}/elements/{number}"
        yield from element(one, here, limits.ACTIONS, usable_picture)
        if isinstance(one, dict):
            yield from _unique(one, "action_id", seen, here)


def _input(block: Json, at: str, usable_picture: Callable[[str], bool]) -> Iterator[str]:
    if "element" in block:
        yield from element(block["element"], f"{at}/element", limits.INPUT, usable_picture)


def _table(block: Json, at: str, _: Callable[[str], bool]) -> Iterator[str]:
    rows = block.get("rows")
    yield from count(rows, limits.TABLE_ROWS, f"{at}/rows")
    for number, row in enumerate(rows if isinstance(rows, list) else []):
        yield from count(row, limits.TABLE_CELLS, f"{at}/rows/{number}")
        yield from objects(row, f"{at}/rows/{number}")
        for place, one in dicts(row):
            yield from cell(one, f"{at}/rows/{number}/{place}")
    settings = block.get("column_settings")
    if settings is not None:
        yield from count(settings, limits.TABLE_CELLS, f"{at}/column_settings")
        yield from objects(settings, f"{at}/column_settings")
    for number, one in dicts(settings):
        if one.get("align", "left") not in limits.ALIGNMENTS:
            yield f"must be one of: left, center, right [json-pointer:{at}/column_settings/{number}/align]"


def _rich_text(block: Json, at: str, _: Callable[[str], bool]) -> Iterator[str]:
    yield from count(block.get("elements"), limits.RICH_MOST, f"{at}/elements")
    yield from objects(block.get("elements"), f"{at}/elements")
    for number, one in dicts(block.get("elements")):
        if one.get("type") not in limits.RICH_PARTS:
            yield f"unsupported type: {one.get('type')} [json-pointer:{at}/elements/{number}/type]"
        elif not isinstance(one.get("elements"), list):
            yield f"missing required field: elements [json-pointer:{at}/elements/{number}]"


def _unique(part: Json, key: str, seen: set[str], at: str) -> Iterator[str]:
    value = part.get(key)
    if isinstance(value, str) and value:
        if value in seen:
            yield f"`{key}` already exists: {value} [json-pointer:{at}/{key}]"
        seen.add(value)


_CELL_KEYS = {
    "raw_text": frozenset({"type", "text"}),
    "raw_number": frozenset({"type", "text", "value"}),
}


def cell(asked: Json, at: str) -> Iterator[str]:
    """Check a cell of a table."""
    kind = asked.get("type")
    if kind not in limits.CELLS:
        yield f"unsupported type: {kind} [json-pointer:{at}/type]"
        return
    if kind == "rich_text":
        return
    yield from unknown(asked, _CELL_KEYS[kind], at)
    if kind == "raw_number" and not _number(asked.get("value")):
        yield f"must be a number [json-pointer:{at}/value]"
    if not (isinstance(asked.get("text"), str) and asked["text"]):
        yield f"must be more than 0 characters [json-pointer:{at}/text]"


def data_table(block: Json, at: str, _: Callable[[str], bool]) -> Iterator[str]:
    """Check a table with pages: a heading, at least one row, and as many cells in each."""
    rows = block.get("rows")
    yield from count(rows, limits.DATA_ROWS, f"{at}/rows")
    yield from whole(block, "page_size", 1, limits.DATA_PAGE, at)
    if not isinstance(rows, list) or not rows:
        return
    if len(rows) == 1:
        yield f"no fewer than 2 items allowed [json-pointer:{at}/rows]"
    width = len(rows[0]) if isinstance(rows[0], list) else 0
    yield from whole(block, "row_header_column_index", 0, max(0, width - 1), at)
    for number, row in enumerate(rows):
        yield from _data_row(row, f"{at}/rows/{number}", width, heading=number == 0)
    letters = sum(len(str(one.get("text", ""))) for row in rows for _, one in dicts(row))
    if letters > limits.DATA_CHARACTERS:
        yield f"must be less than {limits.DATA_CHARACTERS + 1} characters in all [json-pointer:{at}/rows]"


def _data_row(row: Any, at: str, width: int, *, heading: bool) -> Iterator[str]:
    yield from count(row, limits.TABLE_CELLS, at)
    yield from objects(row, at)
    if isinstance(row, list) and len(row) != width:
        yield f"must have as many cells as the first row: {width} [json-pointer:{at}]"
    for place, one in dicts(row):
        if heading and one.get("type") == "rich_text":
            yield f"unsupported type: rich_text [json-pointer:{at}/{place}/type]"
        else:
            yield from cell(one, f"{at}/{place}")


def data_visualization(block: Json, at: str, _: Callable[[str], bool]) -> Iterator[str]:
    """Check a chart."""
    chart, here = block.get("chart"), f"{at}/chart"
    problem = expect_dict(chart, here)
    if problem or not isinstance(chart, dict):
        yield problem or here
    elif chart.get("type") == "pie":
        yield from _pie(chart, here)
    elif chart.get("type") in {"bar", "area", "line"}:
        yield from _series_chart(chart, here)
    else:
        yield f"unsupported type: {chart.get('type')} [json-pointer:{here}/type]"


def _pie(chart: Json, at: str) -> Iterator[str]:
    yield from unknown(chart, {"type", "segments"}, at)
    yield from count(chart.get("segments"), limits.CHART_PARTS, f"{at}/segments")
    yield from objects(chart.get("segments"), f"{at}/segments")
    for number, one in dicts(chart.get("segments")):
        here = f"{at}/segments/{number}"
        yield from _point(one, here)
        if _number(one.get("value")) and one["value"] <= 0:
            yield f"must be more than 0 [json-pointer:{here}/value]"


def _series_chart(chart: Json, at: str) -> Iterator[str]:
    yield from unknown(chart, {"type", "series", "axis_config"}, at)
    axis = chart.get("axis_config")
    yield from _axis(axis, f"{at}/axis_config")
    categories = axis.get("categories") if isinstance(axis, dict) else None
    series = chart.get("series")
    yield from count(series, limits.CHART_PARTS, f"{at}/series")
    yield from objects(series, f"{at}/series")
    names: set[str] = set()
    for number, one in dicts(series):
        here = f"{at}/series/{number}"
        yield from unknown(one, {"name", "data"}, here)
        yield from _label(one.get("name"), f"{here}/name")
        if one.get("name") in names:
            yield f"must be unique [json-pointer:{here}/name]"
        names.add(str(one.get("name")))
        yield from _points(one.get("data"), f"{here}/data", categories)


def _axis(axis: Any, at: str) -> Iterator[str]:
    problem = expect_dict(axis, at)
    if problem:
        yield problem
        return
    yield from unknown(axis, {"categories", "x_label", "y_label"}, at)
    yield from strings(axis, {"x_label": limits.CHART_AXIS, "y_label": limits.CHART_AXIS}, at)
    yield from count(axis.get("categories"), limits.CHART_CATEGORIES, f"{at}/categories")
    categories = axis.get("categories")
    for number, one in enumerate(categories if isinstance(categories, list) else []):
        yield from _label(one, f"{at}/categories/{number}")


def _points(data: Any, at: str, categories: Any) -> Iterator[str]:
    yield from count(data, limits.CHART_CATEGORIES, at)
    yield from objects(data, at)
    for number, one in dicts(data):
        yield from _point(one, f"{at}/{number}")
    labels = [one.get("label") for _, one in dicts(data)]
    if isinstance(categories, list) and sorted(map(str, labels)) != sorted(map(str, categories)):
        yield f"must have one value for each category [json-pointer:{at}]"


def _point(asked: Json, at: str) -> Iterator[str]:
    yield from unknown(asked, {"label", "value"}, at)
    yield from _label(asked.get("label"), f"{at}/label")
    if not _number(asked.get("value")):
        yield f"must be a number [json-pointer:{at}/value]"


def _label(asked: Any, at: str) -> Iterator[str]:
    if not isinstance(asked, str) or not asked:
        yield f"must be more than 0 characters [json-pointer:{at}]"
    elif len(asked) > limits.CHART_LABEL:
        yield f"must be less than {limits.CHART_LABEL + 1} characters [json-pointer:{at}]"


def _number(asked: Any) -> bool:
    return isinstance(asked, int | float) and not isinstance(asked, bool) and math.isfinite(asked)


_CARD_NEEDS = ("hero_image", "title", "actions", "body")
_CONTEXT_ACTIONS_MOST = 5


def alert(block: Json, at: str, _: Callable[[str], bool]) -> Iterator[str]:
    """Check an alert."""
    yield from one_of(block, "level", limits.LEVELS, at)


def card(block: Json, at: str, usable_picture: Callable[[str], bool]) -> Iterator[str]:
    """Check a card: pictures, words in mrkdwn, buttons, and at least one of them."""
    if not any(block.get(key) for key in _CARD_NEEDS):
        yield f"must provide one of {', '.join(_CARD_NEEDS)} [json-pointer:{at}]"
    for key in ("hero_image", "icon"):
        if key in block:
            yield from _check_image(block[key], f"{at}/{key}", usable_picture)
    for key in ("title", "subtitle", "body"):
        words = block.get(key)
        if isinstance(words, dict) and words.get("type") == limits.PLAIN:
            yield f"unsupported type: plain_text [json-pointer:{at}/{key}/type]"
    if "actions" not in block:
        return
    yield from count(block["actions"], limits.ACTIONS_MOST, f"{at}/actions")
    yield from objects(block["actions"], f"{at}/actions")
    for number, one in dicts(block["actions"]):
        here = f"{at}/actions/{number}"
        if one.get("type") != "button":
            yield f"unsupported type: {one.get('type')} [json-pointer:{here}/type]"
        else:
            yield from element(one, here, limits.ACTIONS, usable_picture)


def container(block: Json, at: str, usable_picture: Callable[[str], bool]) -> Iterator[str]:
    """Check what is around the blocks of a container."""
    if not block.get("title") and not block.get("rich_text_title"):
        yield f"missing required field: title [json-pointer:{at}]"
    yield from one_of(block, "width", limits.WIDTHS, at)
    if "icon" in block:
        yield from _check_image(block["icon"], f"{at}/icon", usable_picture)
    if block.get("default_collapsed") and not block.get("is_collapsible"):
        yield f"needs is_collapsible [json-pointer:{at}/default_collapsed]"
    if block.get("has_header_divider") and block.get("is_collapsible"):
        yield f"must not be set where is_collapsible is true [json-pointer:{at}/has_header_divider]"


def context_actions(block: Json, at: str, usable_picture: Callable[[str], bool]) -> Iterator[str]:
    """Check the small buttons below an answer."""
    yield from count(block.get("elements"), _CONTEXT_ACTIONS_MOST, f"{at}/elements")
    yield from objects(block.get("elements"), f"{at}/elements")
    for number, one in dicts(block.get("elements")):
        here = f"{at}/elements/{number}"
        yield from element(one, here, limits.CONTEXT_ACTIONS, usable_picture)
        if one.get("type") == "feedback_buttons":
            for key in ("positive_button", "negative_button"):
                yield from _feedback(one.get(key), f"{here}/{key}")


def task_card(block: Json, at: str, _: Callable[[str], bool]) -> Iterator[str]:
    """Check a task: its state, and the pages that it rests on."""
    yield from one_of(block, "status", limits.STATES, at)
    if "sources" not in block:
        return
    yield from objects(block["sources"], f"{at}/sources")
    if not isinstance(block["sources"], list):
        yield f"must be a list [json-pointer:{at}/sources]"
    for number, one in dicts(block["sources"]):
        here = f"{at}/sources/{number}"
        yield from unknown(one, {"type", "url", "text"}, here)
        yield from one_of(one, "type", ("url",), here)
        yield from strings(one, {"url": limits.OPTION_URL, "text": limits.ID_LENGTH}, here)
        for key in ("url", "text"):
            if not one.get(key):
                yield f"missing required field: {key} [json-pointer:{here}]"


def _check_image(asked: Any, at: str, usable_picture: Callable[[str], bool]) -> Iterator[str]:
    problem = expect_dict(asked, at)
    if problem:
        yield problem
    elif asked.get("type") != "image":
        yield f"unsupported type: {asked.get('type')} [json-pointer:{at}/type]"
    else:
        yield from element(asked, at, limits.SECTION, usable_picture)


def _feedback(asked: Any, at: str) -> Iterator[str]:
    problem = expect_dict(asked, at)
    if problem:
        yield problem
        return
    yield from unknown(asked, {"text", "accessibility_label", "value"}, at)
    yield from text(asked.get("text"), f"{at}/text", limits.OPTION_TEXT, plain=True)
    yield from strings(asked, {"value": 2000, "accessibility_label": 75}, at)
    if not asked.get("value"):
        yield f"missing required field: value [json-pointer:{at}]"


_INSIDE: dict[str, Callable[[Json, str, Callable[[str], bool]], Iterator[str]]] = {
    "section": _section,
    "image": _image,
    "context": _context,
    "actions": _actions,
    "input": _input,
    "rich_text": _rich_text,
    "table": _table,
    "data_table": data_table,
    "data_visualization": data_visualization,
    "alert": alert,
    "card": card,
    "container": container,
    "context_actions": context_actions,
    "task_card": task_card,
}
