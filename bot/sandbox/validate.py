"""What an app may show: messages and views are accepted, or refused with Slack's json pointers to what is wrong.

Blocks are checked against Slack's limits, those of 2026 among them: each problem is a sentence with a json pointer, as Slack writes it.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from bot.sandbox.block_kit import BLOCKS, MARKDOWN_LENGTH, SURFACES
from bot.sandbox.checks import At, anything, by_type, dicts, flag, maybe, plain, record, unique, words
from bot.sandbox.shapes import Json, SlackError, clipped, encoded

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

_VIEW_BYTES = 250_000
_MESSAGE_BLOCKS, _VIEW_BLOCKS = 50, 100
_CHARTS = 2
_VIEW = record(
    {
        "type": anything,
        "blocks": anything,
        "private_metadata": words(3000),
        **dict.fromkeys(("title", "submit", "close"), maybe(plain(24))),
        **dict.fromkeys(("callback_id", "external_id"), words(255)),
        **dict.fromkeys(("clear_on_close", "notify_on_close", "submit_disabled"), flag),
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
        problems = list(self._blocks(asked, At("/blocks", self._usable_picture), "message"))
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
        if len(encoded(asked)) > _VIEW_BYTES:
            raise SlackError("view_too_large")
        return asked

    def _view(self, asked: Json, surface: str) -> Iterator[str]:
        at = At("/view", self._usable_picture)
        if asked.get("type") != surface:
            yield (at / "type").says(f"must be {surface}")
        yield from _VIEW(asked, at)
        blocks = asked.get("blocks")
        if not isinstance(blocks, list):
            yield at.says("missing required field: blocks")
            return
        yield from self._blocks(blocks, at / "blocks", surface)
        if surface == "modal":
            yield from _modal(asked, blocks, at)
        else:
            for key in ("submit", "close"):
                if asked.get(key) is not None:
                    yield at.says(f"invalid additional property: {key}")

    def _blocks(self, blocks: list[Any], at: At, surface: str) -> Iterator[str]:
        """Give the problems of the blocks of a surface (message, modal, home)."""
        for number, one in dicts(blocks):
            if one.get("type") in self._without:
                yield (at / number).unsupported(one["type"])
        most = _MESSAGE_BLOCKS if surface == "message" else _VIEW_BLOCKS
        if len(blocks) > most:
            yield at.says(f"no more than {most} items allowed")
        for number, one in enumerate(blocks):
            yield from by_type(BLOCKS)(one, at / number)
        yield from unique("block_id", blocks, at)
        yield from _surface(blocks, at, surface)


def _modal(asked: Json, blocks: list[Any], at: At) -> Iterator[str]:
    if not asked.get("title"):
        yield at.says("missing required field: title")
    if not asked.get("submit") and any(one.get("type") == "input" for _, one in dicts(blocks)):
        yield at.says("missing required field: submit")


def _invalid(problems: list[str]) -> SlackError:
    return SlackError("invalid_arguments", response_metadata=clipped(problems))


def _surface(asked: list[Any], at: At, surface: str) -> Iterator[str]:
    """Give what one surface does not take: file inputs outside modals, two tables in a message, markdown in views."""
    tables = charts = written = 0
    for number, one in dicts(asked):
        here, kind, inside = at / number, one.get("type"), one.get("element")
        if isinstance(inside, dict) and inside.get("type") == "file_input" and surface != "modal":
            yield (here / "element").unsupported("file_input")
        if surface not in SURFACES.get(str(kind), (surface,)):
            yield here.unsupported(kind)
        tables += kind == "table"
        if kind == "table" and tables > 1:
            yield here.says("only_one_table_allowed")
        charts += kind == "data_visualization"
        if kind == "data_visualization" and charts > _CHARTS:
            yield here.says(f"no more than {_CHARTS} data_visualization blocks allowed")
        if kind == "markdown":
            before, written = written, written + len(str(one.get("text")))
            if before <= MARKDOWN_LENGTH < written and before:
                yield (here / "text").says(f"must be less than {MARKDOWN_LENGTH + 1} characters in all")
