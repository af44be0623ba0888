"""The parts of the payloads that an app receives, in Slack's words."""

from __future__ import annotations

from dataclasses import dataclass

from bot.sandbox.shapes import APP_ID, TEAM_DOMAIN, TEAM_ID, VERIFICATION_TOKEN, Json

# What Slack repeats of an element when somebody uses it.
_REPEATED = (
    *("text", "value", "style", "url", "confirm", "placeholder", "min_query_length"),
    *(f"initial_{kind}" for kind in ("option", "user", "conversation", "channel", "date", "time")),
)
_TEAM = {"id": TEAM_ID, "domain": TEAM_DOMAIN}


@dataclass
class Origin:
    """Where an element was used: a view, or a message in a channel."""

    view: Json | None = None
    channel: Json | None = None
    message: Json | None = None

    @property
    def blocks(self) -> list[Json]:
        """The blocks around the element."""
        source = self.view or self.message or {}
        return list(source.get("blocks") or [])

    @property
    def ephemeral(self) -> bool:
        """Whether only one person sees the message."""
        return bool((self.message or {}).get("is_ephemeral"))

    @property
    def container(self) -> Json:
        """Slack's `container`."""
        if self.view is not None:
            return {"type": "view", "view_id": self.view["id"]}
        message, channel = self.message or {}, self.channel or {}
        container: Json = {"type": "message", "message_ts": message["ts"], "channel_id": channel["id"]}
        container["is_ephemeral"] = self.ephemeral
        return container | ({"thread_ts": message["thread_ts"]} if "thread_ts" in message else {})


def base_payload(kind: str, user: Json) -> Json:
    """Make what every interactive payload has."""
    return {
        "type": kind,
        "user": {"id": user["id"], "username": user["name"], "name": user["name"], "team_id": TEAM_ID},
        "api_app_id": APP_ID,
        "token": VERIFICATION_TOKEN,
        "team": _TEAM,
        "enterprise": None,
        "is_enterprise_install": False,
    }


def shortcut_payload(user: Json, callback_id: str, stamp: str) -> Json:
    """Make what a global shortcut sends, but for its trigger."""
    return base_payload("shortcut", user) | {"callback_id": callback_id, "action_ts": stamp}


def message_action_payload(user: Json, callback_id: str, stamp: str, channel: Json, message: Json) -> Json:
    """Make what a message's shortcut sends, but for its trigger, its response URL and the message itself."""
    about = {"callback_id": callback_id, "action_ts": stamp, "message_ts": message["ts"]}
    return base_payload("message_action", user) | about | {"channel": channel_part(channel)}


def channel_part(channel: Json) -> Json:
    """Make the `channel` of an interactive payload."""
    return {"id": channel["id"], "name": channel_name(channel)}


def channel_name(channel: Json) -> str:
    """Give a channel's name as payloads have it; a DM has none of its own."""
    return "directmessage" if channel["is_im"] else str(channel["name"])


def command_form(user: Json, channel: Json, command: str, text: str) -> Json:
    """Make a slash command's payload, but for its trigger and its response URL."""
    return {
        "token": VERIFICATION_TOKEN,
        "team_id": TEAM_ID,
        "team_domain": TEAM_DOMAIN,
        "channel_id": channel["id"],
        "channel_name": channel_name(channel),
        "user_id": user["id"],
        "user_name": user["name"],
        "command": command,
        "text": text,
        "api_app_id": APP_ID,
        "is_enterprise_install": "false",
    }


def action_part(block: Json, element: Json, given: Json, stamp: str) -> Json:
    """Make the one entry of `actions`: a button's own value, or what was chosen."""
    action: Json = {"type": element["type"], "block_id": block["block_id"], "action_id": element["action_id"]}
    action |= {key: element[key] for key in _REPEATED if key in element}
    if element["type"] != "button":
        action |= {key: value for key, value in given.items() if key not in action}
    return action | {"action_ts": stamp}
