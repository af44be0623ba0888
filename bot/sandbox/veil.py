"""What of the wire nobody reads again: shown and typed in blocks that say in their name that it is a password, a secret or private."""

from __future__ import annotations

import json
import re
from typing import Any

HIDDEN = "(hidden)"
_SAYS_SO = re.compile(r"password|passwd|secret|private", re.IGNORECASE)
_NAMES = frozenset({"type", "block_id", "action_id", "style", "trigger_actions_on"})
_AS_JSON = frozenset({"view", "blocks", "attachments"})
"""Arguments that come as they are, or as JSON in a text."""


def veiled(value: Any) -> Any:
    """A copy without what such blocks and elements show, hold and were given; their names and types stay."""
    if isinstance(value, list):
        return [veiled(one) for one in value]
    if not isinstance(value, dict):
        return value
    if any(_is_secret(value.get(name)) for name in ("block_id", "action_id")):
        return {key: one if key in _NAMES else _emptied(one) for key, one in value.items()}
    return {key: _under(key, one) for key, one in value.items()}


def _emptied(value: Any) -> Any:
    """The same shape without a word: what holds the log against Slack's types goes on knowing what was where."""
    if isinstance(value, dict):
        return {key: one if key in _NAMES else _emptied(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_emptied(one) for one in value]
    return HIDDEN if isinstance(value, str) else value


def _under(key: str, value: Any) -> Any:
    if key == "values" and isinstance(value, dict):  # of a view's state: {block_id: {action_id: {"value": ...}}}
        return {block: _typed(block, inside) for block, inside in value.items()}
    if key in _AS_JSON and isinstance(value, str):
        try:
            return json.dumps(veiled(json.loads(value)))
        except (ValueError, RecursionError):
            return value
    return veiled(value)


def _typed(block: str, inside: Any) -> Any:
    if not isinstance(inside, dict):
        return inside
    return {name: HIDDEN if _is_secret(block) or _is_secret(name) else one for name, one in inside.items()}


def _is_secret(name: object) -> bool:
    return isinstance(name, str) and _SAYS_SO.search(name) is not None
