"""What an app may show: messages and views are accepted, or refused with Slack's json pointers to what is wrong."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from bot.sandbox import checks, limits
from bot.sandbox.check_elements import dicts, flags, strings, text
from bot.sandbox.shapes import Json, SlackError, clipped

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

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
        problems = [*self._not_yet(asked, "/blocks"), *checks.blocks(asked, "/blocks", "message", self._usable_picture)]
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
        yield from checks.blocks(blocks, "/view/blocks", surface, self._usable_picture)
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
