"""What every part of the sandbox agrees on: the names of the demo workspace and the form of Slack's errors."""

from __future__ import annotations

import json
from typing import Any, TypeAlias

Json: TypeAlias = dict[str, Any]

encoded = json.JSONEncoder(check_circular=False).encode
"""As ``json.dumps``, without its look for circles, which takes a fifth of its time: what was read from JSON has none."""

TEAM_ID = "T0SANDBOX"
TEAM_DOMAIN = "kantor-sandbox"
TEAM_NAME = "Kantor Sandbox"
APP_ID = "A0KANTOR"
BOT_ID = "B0KANTOR"
BOT_USER = "U0KANTOR"
BOT_NAME = "kantor"
GENERAL = "C0GENERAL"

# Fixed, so that a second start needs no new configuration. They open nothing but this machine's loopback.
BOT_TOKEN = "xoxb-sandbox-kantor-bot"  # noqa: S105 - a demo string, the same for everyone
APP_TOKEN = "xapp-sandbox-kantor-app"  # noqa: S105 - a demo string, the same for everyone
SIGNING_SECRET = "sandbox-signing-secret"  # noqa: S105 - a demo string, the same for everyone
VERIFICATION_TOKEN = "sandbox-verification-token"  # noqa: S105 - a demo string, the same for everyone

ACK_SECONDS = 3.0

TEAM: Json = {"id": TEAM_ID, "name": TEAM_NAME, "domain": TEAM_DOMAIN}
BOT_PROFILE: Json = {
    "id": BOT_ID,
    "deleted": False,
    "name": BOT_NAME,
    "updated": 1_790_000_000,
    "app_id": APP_ID,
    "user_id": BOT_USER,
    "icons": {"image_36": "", "image_48": "", "image_72": ""},
    "team_id": TEAM_ID,
}


class SlackError(Exception):
    """A refusal in Slack's own words: `error` is Slack's code, `fields` stand beside it in the answer."""

    def __init__(self, error: str, **fields: Any) -> None:
        super().__init__(error)
        self.error = error
        self.fields = fields

    def answer(self) -> Json:
        """Give the body that Slack's Web API answers with."""
        return {"ok": False, "error": self.error, **self.fields}


def clipped(messages: list[str]) -> Json:
    """Give `response_metadata` with the messages that explain an invalid argument."""
    return {"messages": [f"[ERROR] {text}" for text in messages]}
