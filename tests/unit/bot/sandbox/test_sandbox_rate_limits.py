"""429 with Retry-After where an app calls more often than Slack allows; off by default in tests, on for `kantor sandbox`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx
import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.sandbox.client import Sandbox
from bot.sandbox.rate_limits import METHODS, RateLimitedError, RateLimits
from bot.sandbox.server import SandboxServer

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOM = "C0COMPOSERS"


@pytest.fixture
def strict() -> Iterator[SandboxServer]:
    with SandboxServer(rate_limits=True) as running:
        yield running


def allowed(method: str, seconds: float = 0.0, channel: str = ROOM) -> int:
    """Count how many calls are heard at once, `seconds` after a burst."""
    now = [1_000_000.0]
    limits = RateLimits(lambda: now[0], enabled=True)

    def burst() -> int:
        for heard in range(1000):
            try:
                limits.demand(method, {"channel": channel})
            except RateLimitedError:
                return heard
        return 1000

    first = burst()
    now[0] += seconds
    return burst() if seconds else first


@pytest.mark.parametrize(
    ("method", "most"),
    [
        ("apps.connections.open", 10),
        ("conversations.list", 20),
        ("usergroups.users.list", 20),
        ("chat.update", 50),
        ("views.open", 100),
        ("views.update", 100),
        ("users.info", 100),
        ("files.getUploadURLExternal", 100),
        ("auth.test", 300),
        ("chat.postMessage", 5),
    ],
)
def test_calls_at_once(method: str, most: int) -> None:
    """So many calls are heard at once, and not one more."""
    assert most == allowed(method)


@pytest.mark.parametrize(
    ("method", "seconds", "heard"),
    [
        ("chat.update", 59.9, 0),
        ("chat.update", 60, 50),
        ("chat.postMessage", 0.9, 0),
        ("chat.postMessage", 1, 1),
        ("chat.postMessage", 60, 5),
        ("apps.connections.open", 59, 0),
        ("apps.connections.open", 60, 1),
    ],
)
def test_calls_after_a_while(method: str, seconds: float, heard: int) -> None:
    """Tiers are free again after a minute; messages come one a second a channel, connections one a minute."""
    assert heard == allowed(method, seconds)


def test_429_says_how_long_to_wait(strict: SandboxServer) -> None:
    """The call too many is not done, says ratelimited and when to come back; then it is heard."""
    web = WebClient(token=strict.bot_token, base_url=strict.api_url)
    for number in range(5):
        web.chat_postMessage(channel=ROOM, text=str(number))
    with pytest.raises(SlackApiError) as failure:
        web.chat_postMessage(channel=ROOM, text="too many")
    elsewhere = web.chat_postMessage(channel="C0GENERAL", text="another channel")
    with Sandbox(strict.base_url) as sandbox:
        limited = [line for line in sandbox.log() if line["state"] == "limited"]
        sandbox.advance(1)
        late = web.chat_postMessage(channel=ROOM, text="in time")
        texts = [one["text"] for one in sandbox.all_messages(ROOM)]

    assert (failure.value.response.status_code, failure.value.response["error"]) == (429, "ratelimited")
    assert failure.value.response.headers["retry-after"] == "1"
    assert (elsewhere["ok"], late["ok"], len(limited)) == (True, True, 1)
    assert texts == ["0", "1", "2", "3", "4", "in time"]


def test_refused_callers_use_up_nothing(strict: SandboxServer) -> None:
    """Who has no token cannot use up the app's calls."""
    with httpx.Client(base_url=strict.api_url) as stranger:
        for _ in range(25):
            stranger.post("conversations.list")
    assert WebClient(token=strict.bot_token, base_url=strict.api_url).conversations_list()["ok"]


def test_off_by_default(web: WebClient) -> None:
    """Tests are in a hurry: without the parameter nothing is limited."""
    assert all(web.conversations_list()["ok"] for _ in range(25))


def test_every_method_has_its_tier(server: SandboxServer) -> None:
    """The table names each method that the sandbox has, and no other."""
    assert set(METHODS) == set(server._backend.api.methods)
