"""The app's manifest: what an operator pastes at Slack, and what it asks for."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

MANIFEST = next(
    (
        path
        for path in (Path(__file__).parents[2] / "manifest.json", Path(__file__).parents[1] / "manifest.json")
        if path.exists()
    ),
    Path("manifest.json"),
)
"""Beside the code in a checkout, and inside of it in an installed wheel."""


def wanted_scopes() -> frozenset[str]:
    """The scopes that the bot token should have."""
    return frozenset(_manifest()["oauth_config"]["scopes"]["bot"])


def manifest(request_url: str = "") -> str:
    """The manifest as JSON; with ``request_url`` for an app whose requests Slack sends there, in the place of Socket Mode."""
    made = _manifest()
    if request_url:
        settings = made["settings"]
        settings["socket_mode_enabled"] = False
        for place in (settings["event_subscriptions"], settings["interactivity"]):
            place["request_url"] = request_url
        settings["interactivity"]["message_menu_options_url"] = request_url
        for command in made["features"]["slash_commands"]:
            command["url"] = request_url
    return json.dumps(made, indent=2)


def _manifest() -> dict[str, Any]:
    return dict(json.loads(MANIFEST.read_text(encoding="utf-8")))
