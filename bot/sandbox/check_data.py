"""Checks of blocks that hold data: tables that are paged and sorted, and charts."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from bot.sandbox import limits
from bot.sandbox.check_texts import count, dicts, expect_dict, objects, strings, unknown, whole

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bot.sandbox.shapes import Json

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
