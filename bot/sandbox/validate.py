"""The limits of messages and views, with Slack's json pointers to what is wrong."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from bot.sandbox.shapes import Json, SlackError, clipped

if TYPE_CHECKING:
    from collections.abc import Callable


class Validator:
    """Checks what an app sends; `usable_picture` says whether an image block may show a file."""

    def __init__(self, usable_picture: Callable[[str], bool]) -> None:
        self._usable_picture = usable_picture

    def blocks(self, asked: Any) -> list[Json]:
        """Give a message's blocks; SlackError `invalid_blocks`, `invalid_blocks_format`."""
        if isinstance(asked, str):
            try:
                asked = json.loads(asked)
            except ValueError:
                raise SlackError("invalid_blocks_format") from None
        if not isinstance(asked, list):
            raise SlackError("invalid_blocks_format")
        return asked

    def view(self, asked: Any, surface: str) -> Json:
        """Give a view; SlackError `invalid_arguments` with messages."""
        if isinstance(asked, str):
            try:
                asked = json.loads(asked)
            except ValueError:
                asked = None
        if not isinstance(asked, dict) or asked.get("type") != surface:
            text = f"must be a {surface} [json-pointer:/view/type]"
            raise SlackError("invalid_arguments", response_metadata=clipped([text]))
        return asked
