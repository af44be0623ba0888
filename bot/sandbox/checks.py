"""Checks of blocks against Slack's limits. Each problem is a sentence with a json pointer, as Slack writes it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.sandbox import limits
from bot.sandbox.check_elements import element, expect_dict, picture, required_keys, strings, text
from bot.sandbox.limits import BLOCKS, ID_LENGTH, UNCHECKED_BLOCKS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bot.sandbox.shapes import Json


def blocks(asked: list[Any], where: str, most: int, usable_picture: Callable[[str], bool]) -> Iterator[str]:
    """Give the problems of a surface's blocks; `where` is the pointer to their list."""
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
        block_id = one.get("block_id")
        if block_id in seen:
            yield f"`block_id` already exists: {block_id} [json-pointer:{at}/block_id]"
        if isinstance(block_id, str) and block_id:
            seen.add(block_id)


def _block(block: Json, at: str, usable_picture: Callable[[str], bool]) -> Iterator[str]:
    kind = block.get("type")
    if kind in UNCHECKED_BLOCKS:
        return
    shape = BLOCKS.get(str(kind))
    if shape is None:
        yield f"unsupported type: {kind} [json-pointer:{at}/type]"
        return
    yield from required_keys(block, shape, at, {"type", "block_id"})
    yield from strings(block, {"block_id": ID_LENGTH, **shape.strings}, at)
    for key, longest in {**shape.plain, **shape.texts}.items():
        if key in block:
            yield from text(block[key], f"{at}/{key}", longest, plain=key in shape.plain)
    inside = _INSIDE.get(str(kind))
    if inside is not None:
        yield from inside(block, at, usable_picture)


def _section(block: Json, at: str, usable_picture: Callable[[str], bool]) -> Iterator[str]:
    fields = block.get("fields")
    if "text" not in block and not fields:
        yield f"missing required field: text [json-pointer:{at}]"
    if fields is not None:
        yield from _count(fields, limits.FIELDS_MOST, f"{at}/fields")
        for number, one in enumerate(fields):
            yield from text(one, f"{at}/fields/{number}", limits.FIELD_LENGTH)
    if "accessory" in block:
        yield from element(block["accessory"], f"{at}/accessory", limits.SECTION, usable_picture)


def _image(block: Json, at: str, usable_picture: Callable[[str], bool]) -> Iterator[str]:
    yield from picture(block, at, usable_picture)


def _context(block: Json, at: str, usable_picture: Callable[[str], bool]) -> Iterator[str]:
    inside = block.get("elements") or []
    yield from _count(inside, limits.CONTEXT_MOST, f"{at}/elements")
    for number, one in enumerate(inside):
        here = f"{at}/elements/{number}"
        if isinstance(one, dict) and one.get("type") == "image":
            yield from element(one, here, limits.SECTION, usable_picture)
        else:
            yield from text(one, here, limits.CONTEXT_LENGTH)


def _actions(block: Json, at: str, usable_picture: Callable[[str], bool]) -> Iterator[str]:
    inside = block.get("elements") or []
    yield from _count(inside, limits.ACTIONS_MOST, f"{at}/elements")
    seen: set[str] = set()
    for number, one in enumerate(inside):
        here = f"{at}/elements/{number}"
        yield from element(one, here, limits.ACTIONS, usable_picture)
        action_id = one.get("action_id") if isinstance(one, dict) else None
        if action_id in seen:
            yield f"`action_id` already exists: {action_id} [json-pointer:{here}/action_id]"
        if isinstance(action_id, str) and action_id:
            seen.add(action_id)


def _input(block: Json, at: str, usable_picture: Callable[[str], bool]) -> Iterator[str]:
    if "element" in block:
        yield from element(block["element"], f"{at}/element", limits.INPUT, usable_picture)


def _table(block: Json, at: str, _: Callable[[str], bool]) -> Iterator[str]:
    rows = block.get("rows") or []
    yield from _count(rows, limits.TABLE_ROWS, f"{at}/rows")
    for number, row in enumerate(rows):
        yield from _count(row, limits.TABLE_CELLS, f"{at}/rows/{number}")


_INSIDE: dict[str, Callable[[Json, str, Callable[[str], bool]], Iterator[str]]] = {
    "section": _section,
    "image": _image,
    "context": _context,
    "actions": _actions,
    "input": _input,
    "table": _table,
}


def _count(items: Any, most: int, at: str) -> Iterator[str]:
    if not isinstance(items, list) or not items:
        yield f"no fewer than 1 items allowed [json-pointer:{at}]"
    elif len(items) > most:
        yield f"no more than {most} items allowed [json-pointer:{at}]"
