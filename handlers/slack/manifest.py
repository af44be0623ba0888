"""The app's manifest: what an operator pastes at Slack, and what it asks for."""

from __future__ import annotations

import json
from pathlib import Path

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
    return frozenset(json.loads(MANIFEST.read_text(encoding="utf-8"))["oauth_config"]["scopes"]["bot"])
