"""A person who uses each command and shortcut of an app, and fills in and submits what opens."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from bot.sandbox.client import SandboxError
from bot.sandbox.forms import elements

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bot.sandbox.client import Person, Sandbox

ROOM = "C0COMPOSERS"
PATIENCE = 5.0
_TEXTS = {"plain_text_input": "Words", "email_text_input": "ada@example.com", "url_text_input": "https://example.com"}
_OTHERS: dict[str, Any] = {
    "number_input": "1",
    "datepicker": "2026-12-04",
    "timepicker": "12:00",
    "users_select": "U0ADA",
    "multi_users_select": ["U0ADA"],
    "conversations_select": ROOM,
    "channels_select": ROOM,
}


def uses_everything(sandbox: Sandbox, manifest: Path, patience: float = PATIENCE) -> list[str]:
    """What went wrong, a sentence each; also where not one command or shortcut opened a modal that could be submitted.

    A modal has ``patience`` seconds to open.
    """
    ada = sandbox.person("ada")
    told = json.loads(manifest.read_text(encoding="utf-8"))["features"]
    wrong, opened = [], 0
    for name, use in _ways(ada, told):
        try:
            use()
        except SandboxError as error:
            wrong.append(f"{name}: {error}")
            continue
        view = _opened(ada, patience)
        if view is None:
            continue
        opened += 1
        answer = ada.submit(view, _filled(view)) if view.get("submit") else {"ok": True}
        if not answer["ok"]:
            wrong.append(f"{name}: the modal was refused: {answer}")
        for left in ada.views():
            ada.close(left)
    return wrong if opened else [*wrong, "no command and no shortcut opened a modal"]


def _ways(ada: Person, told: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    for entry in told.get("slash_commands", []):
        yield entry["command"], lambda line=entry["command"]: ada.command(ROOM, line)
    for entry in told.get("shortcuts", []):
        key = entry["callback_id"]
        if entry["type"] == "global":
            yield key, lambda key=key: ada.shortcut(key)
        else:
            yield key, lambda key=key: _on_a_message(ada, key)


def _on_a_message(ada: Person, callback_id: str) -> None:
    ada.say(ROOM, "A message for a shortcut")
    ada.shortcut_on(ada.wait_for_message(ROOM, "A message for a shortcut"), ROOM, callback_id)


def _opened(ada: Person, patience: float) -> Any:
    try:
        return ada.wait_for_view("", timeout=patience)
    except AssertionError:
        return None


def _filled(view: dict[str, Any]) -> dict[str, Any]:
    """Something for each input that is empty and must not stay so."""
    values: dict[str, Any] = {}
    for block, element in elements(view["blocks"]):
        kind = element["type"]
        if block["type"] != "input" or any(key.startswith("initial_") for key in element):
            continue
        options = element.get("options") or [
            each for group in element.get("option_groups", []) for each in group["options"]
        ]
        if options:
            first = options[0]["value"]
            values[block["block_id"]] = [first] if kind.startswith(("multi_", "checkboxes")) else first
        elif kind in _TEXTS | _OTHERS:
            values[block["block_id"]] = (_TEXTS | _OTHERS)[kind]
    return values
