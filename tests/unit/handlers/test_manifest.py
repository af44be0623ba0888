"""The Slack app manifest says what the code does: no command, scope or event more or less."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from bot.rules.roles import Role
from handlers.commands import Sub
from handlers.ids import Command
from handlers.slack.manifest import manifest as printed
from handlers.views import guide
from tests.unit.handlers.conftest import MANIFEST

HANDLERS = Path(MANIFEST).parent / "handlers"

# docs.slack.dev, the page of each method. Conversations may be public, private or direct.
SCOPES: dict[str, set[str]] = {
    "auth_test": set(),
    "chat_postMessage": {"chat:write"},
    "chat_update": {"chat:write"},
    "chat_delete": {"chat:write"},
    "conversations_open": {"im:write"},
    "conversations_info": {"channels:read", "groups:read"},
    "conversations_members": {"channels:read", "groups:read"},
    "conversations_history": {"channels:history", "groups:history", "im:history"},
    "conversations_replies": {"channels:history", "groups:history", "im:history"},
    "users_conversations": {"im:read"},  # of direct messages only
    "users_info": {"users:read"},
    "files_info": {"files:read"},
    "files_getUploadURLExternal": {"files:write"},
    "files_completeUploadExternal": {"files:write"},
    "views_open": set(),
    "views_push": set(),
    "views_update": set(),
    "views_publish": set(),
}
EVENT_SCOPES = {
    "app_home_opened": set(),
    "channel_archive": {"channels:read"},
    "file_deleted": {"files:read"},
    "group_archive": {"groups:read"},
    "member_joined_channel": {"channels:read", "groups:read"},
    "message.channels": {"channels:history"},
    "message.groups": {"groups:history"},
    "message.im": {"im:history"},
}


@pytest.fixture(scope="module")
def manifest() -> Any:
    """The file itself."""
    return json.loads(MANIFEST.read_text(encoding="utf-8"))


def _methods_in_the_code() -> set[str]:
    source = "\n".join(path.read_text(encoding="utf-8") for path in HANDLERS.rglob("*.py"))
    return set(
        re.findall(
            r"\b((?:auth|chat|conversations|files|reactions|usergroups|users|views)_(?!select)[a-zA-Z]+)\b(?=\(|\")",
            source,
        )
    )


def test_every_method_is_known() -> None:
    """Each Web API method in the code has its scopes in this file, so that none is forgotten in the manifest."""
    assert set(SCOPES) == _methods_in_the_code()


def test_windows_are_opened_and_filled_in_one_place() -> None:
    """Elsewhere one would fill a window as it was before another press."""
    asking = re.compile(r"\.views_(open|push|update)\b")
    found = [path.name for path in HANDLERS.rglob("*.py") if asking.search(path.read_text(encoding="utf-8"))]
    assert ["windows.py"] == found


def test_scopes(manifest: Any) -> None:
    """The scopes are exactly those of the methods, the events and the command."""
    needed = set().union(*SCOPES.values(), *EVENT_SCOPES.values()) | {"commands"}
    assert sorted(needed) == manifest["oauth_config"]["scopes"]["bot"]


def test_events(manifest: Any) -> None:
    """The events are those that the app listens to; a subscribed one without a listener would be delivered four times."""
    assert sorted(EVENT_SCOPES) == manifest["settings"]["event_subscriptions"]["bot_events"]
    code = (HANDLERS / "app.py").read_text(encoding="utf-8")
    listened = set(
        re.findall(r'app\.event\((?:\{"type": )?"(\w+)"', code) + re.findall(r'routes\.events\(\{"(\w+)"', code)
    )
    assert {event.split(".")[0] for event in EVENT_SCOPES} == listened


def test_commands(manifest: Any) -> None:
    """The commands are those of the code, people in them are escaped to ids, and the hint is short enough to be read."""
    commands = {each["command"]: each for each in manifest["features"]["slash_commands"]}
    assert set(commands) == set(Command)
    assert all(each["should_escape"] for each in commands.values())
    hint = commands["/kantor"]["usage_hint"]
    assert hint.startswith(Sub.HELP)
    assert len(hint) <= 120
    assert [word for word in hint.replace("WORDS", "").split(" | ") if word.strip() not in set(Sub)] == []


def test_the_help_names_every_command() -> None:
    """Whoever has all roles finds all that may follow the slash command."""
    told = str(guide.help_blocks(tuple(Role)))
    assert [sub for sub in Sub if sub not in told] == []


def test_people_can_write_to_the_bot(manifest: Any) -> None:
    """The direct messages are open, the Home tab is on, and all of it runs over Socket Mode with buttons."""
    home = manifest["features"]["app_home"]
    assert (home["home_tab_enabled"], home["messages_tab_enabled"], home["messages_tab_read_only_enabled"]) == (
        True,
        True,
        False,
    )
    assert manifest["settings"]["socket_mode_enabled"]
    assert manifest["settings"]["interactivity"]["is_enabled"]
    assert not {"assistant_view", "agent_view"} & set(manifest["features"])


def test_over_http_all_that_slack_sends_goes_to_one_address(manifest: Any) -> None:
    """Events, commands, interactivity and options; all else is as for Socket Mode."""
    url = "https://kantor.example.com/slack/events"
    made = json.loads(printed(url))
    settings = made["settings"]
    assert {url} == {
        settings["event_subscriptions"].pop("request_url"),
        settings["interactivity"].pop("request_url"),
        settings["interactivity"].pop("message_menu_options_url"),
        *(command.pop("url") for command in made["features"]["slash_commands"]),
    }
    assert (False, True) == (settings["socket_mode_enabled"], manifest["settings"]["socket_mode_enabled"])
    settings["socket_mode_enabled"] = True
    assert manifest == made == json.loads(printed())
