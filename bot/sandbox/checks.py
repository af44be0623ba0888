"""Checks of blocks against Slack's limits. Each problem is a sentence with a json pointer, as Slack writes it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.sandbox import limits
from bot.sandbox.check_data import cell, data_table, data_visualization
from bot.sandbox.check_elements import element, picture
from bot.sandbox.check_newer import alert, card, container, context_actions, task_card
from bot.sandbox.check_texts import count, dicts, expect_dict, flags, objects, required_keys, strings, text
from bot.sandbox.limits import BLOCKS, FLAGS, ID_LENGTH, NESTED

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bot.sandbox.shapes import Json


def blocks(asked: list[Any], where: str, surface: str, usable_picture: Callable[[str], bool]) -> Iterator[str]:
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
