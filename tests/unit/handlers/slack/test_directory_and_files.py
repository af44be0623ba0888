"""Look-ups and downloads against the sandbox."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from slack_sdk import WebClient
from slack_sdk.web import SlackResponse

from bot.errors import Unavailable
from bot.ports import Profile
from handlers.slack.clients import posting_client, quick_client
from handlers.slack.directory import SlackDirectory
from handlers.slack.files import SlackFiles
from tests.makers.fakes import FakeClock

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.sandbox.client import Sandbox
    from bot.sandbox.server import SandboxServer

COMPOSERS = "C0COMPOSERS"
MIDI = b"MThd\x00\x00\x00\x06\x00\x00\x00\x01\x00\x60"


@pytest.fixture
def clock() -> FakeClock:
    """A clock that stands still."""
    return FakeClock()


@pytest.fixture
def directory(server: SandboxServer, clock: FakeClock) -> SlackDirectory:
    """The workspace's people; failures are seen at once."""
    return SlackDirectory(posting_client(server.bot_token, server.api_url), clock)


@pytest.fixture
def files(server: SandboxServer) -> Iterator[SlackFiles]:
    """The workspace's files."""
    with httpx.Client() as http:
        yield SlackFiles(posting_client(server.bot_token, server.api_url), http)


def test_profiles(directory: SlackDirectory) -> None:
    """A person has a name, a zone, and what they are."""
    olive = directory.profile("U0OLIVE")
    assert olive == Profile("U0OLIVE", olive.name, olive.time_zone, is_admin=True)
    assert directory.profile("U0GUS").is_guest
    assert directory.profile("U0DINA").is_deleted
    assert directory.profile("U0KANTOR").is_bot


class _StubbedUser(WebClient):
    """A client for which everybody is this user, and the workspace is T1."""

    def __init__(self, **facts: Any) -> None:
        super().__init__("xoxb-x")
        self._facts = facts

    def _answer(self, data: dict[str, Any]) -> SlackResponse:
        return SlackResponse(
            client=self, http_verb="POST", api_url="", req_args={}, data=data, headers={}, status_code=200
        )

    def auth_test(self, **_: object) -> SlackResponse:
        return self._answer({"team_id": "T1"})

    def users_info(self, **_: object) -> SlackResponse:
        return self._answer({"user": {"id": "U1", "name": "uma", **self._facts}})


@pytest.mark.parametrize(
    ("facts", "stranger"),
    [
        ({"team_id": "T1"}, False),
        ({"team_id": "T2"}, True),
        ({"team_id": "T1", "is_stranger": True}, True),
        ({"team_id": "T2", "enterprise_user": {"teams": ["T1", "T2"]}}, False),
        ({}, True),
    ],
)
def test_people_of_other_workspaces(clock: FakeClock, facts: dict[str, Any], stranger: bool) -> None:
    """Whoever is not at home in the bot's own workspace is a stranger; of an organization, several workspaces may be home."""
    profile = SlackDirectory(_StubbedUser(**facts), clock).profile("U1")
    assert (stranger, not stranger) == (profile.is_stranger, profile.is_ours)


def test_unknown_person(directory: SlackDirectory) -> None:
    """Nobody has that id."""
    with pytest.raises(KeyError):
        directory.profile("U0NOBODY")


def test_people_are_remembered_for_a_while(directory: SlackDirectory, clock: FakeClock, sandbox: Sandbox) -> None:
    """A second look within five minutes asks nobody; a later one does, also where the machine's clock was set back."""
    ada = directory.profile("U0ADA")
    sandbox.fault(method="users.info", mode="error", error="internal_error")
    assert directory.profile("U0ADA") == ada
    clock.turn_back(hours=1)
    clock.advance(minutes=6)
    with pytest.raises(Unavailable):
        directory.profile("U0ADA")


def test_members(directory: SlackDirectory) -> None:
    """Members are members, and a channel without the bot shows nobody."""
    assert directory.is_member(COMPOSERS, "U0ADA")
    assert not directory.is_member(COMPOSERS, "U0GUS")
    assert not directory.is_member("C0NOWHERE", "U0ADA")


def test_channel_names(directory: SlackDirectory) -> None:
    """A channel has a name where the bot is a member."""
    assert directory.channel_name(COMPOSERS) == "composers"
    assert directory.channel_name("C0LOUNGE") is None
    assert directory.channel_name("C0NOWHERE") is None


def test_slack_does_not_answer(directory: SlackDirectory, sandbox: Sandbox) -> None:
    """What Slack does not say is not taken for a no."""
    sandbox.fault(method="conversations.info", mode="http_500")
    with pytest.raises(Unavailable):
        directory.channel_name(COMPOSERS)
    sandbox.fault(method="conversations.members", mode="error", error="internal_error")
    with pytest.raises(Unavailable):
        directory.is_member(COMPOSERS, "U0ADA")


@pytest.mark.parametrize(
    "trouble", [{"mode": "rate_limited", "retry_after": 30}, {"mode": "slow", "seconds": 4}], ids=["limited", "slow"]
)
def test_the_door_waits_for_nobody(
    server: SandboxServer, clock: FakeClock, sandbox: Sandbox, trouble: dict[str, Any]
) -> None:
    """Where Slack limits or is slow, a look-up at the door gives up within two seconds."""
    sandbox.fault(method="users.info", **trouble)
    directory = SlackDirectory(quick_client(server.bot_token, server.api_url), clock)
    begun = time.monotonic()
    with pytest.raises(Unavailable):
        directory.profile("U0ADA")
    assert time.monotonic() - begun < 2.5


def test_download(files: SlackFiles, sandbox: Sandbox) -> None:
    """The bytes come as they were uploaded; of a larger file one byte more than allowed."""
    file = sandbox.person("ada").upload(COMPOSERS, "tide.mid", MIDI)["files"][0]
    assert files.download(file["id"], 100) == MIDI
    assert files.download(file["id"], 5) == MIDI[:6]


def test_file_that_is_gone(files: SlackFiles, sandbox: Sandbox) -> None:
    """A deleted file and one that never was are no reason to try again."""
    file = sandbox.person("ada").upload(COMPOSERS, "tide.mid", MIDI)["files"][0]
    sandbox.act("delete_file", "U0ADA", file=file["id"])
    for file_id in (file["id"], "F0NOWHERE"):
        with pytest.raises(KeyError):
            files.download(file_id, 100)


def test_web_page_as_a_file(files: SlackFiles, sandbox: Sandbox) -> None:
    """A file that somebody wrote in HTML is handed on as it is: the gate will refuse it."""
    page = b"<!DOCTYPE html><html>not a tune</html>"
    file = sandbox.person("ada").upload(COMPOSERS, "tide.mid", page, mimetype="text/html")["files"][0]
    assert files.download(file["id"], 100) == page


def test_sign_in_page(server: SandboxServer, sandbox: Sandbox) -> None:
    """Slack's sign-in page (200, HTML) in the place of a file is a failure that may pass, never a file."""
    file = sandbox.person("ada").upload(COMPOSERS, "tide.mid", MIDI)["files"][0]
    without_token = httpx.MockTransport(lambda request: httpx.get(request.url))
    with httpx.Client(transport=without_token) as http:
        files = SlackFiles(posting_client(server.bot_token, server.api_url), http)
        with pytest.raises(Unavailable, match="sign-in page"):
            files.download(file["id"], 100_000)


@pytest.mark.parametrize("mode", ["http_500", "rate_limited"])
def test_download_that_fails(files: SlackFiles, sandbox: Sandbox, mode: str) -> None:
    """A failed download is tried again later."""
    file = sandbox.person("ada").upload(COMPOSERS, "tide.mid", MIDI)["files"][0]
    sandbox.fault(method="download", mode=mode)
    with pytest.raises(Unavailable):
        files.download(file["id"], 100)


def test_a_download_of_a_byte_now_and_then_is_given_up() -> None:
    """Each byte comes in time, and the whole does not: the worker is free again after the deadline."""
    hours = iter(range(1000))
    with httpx.Client(transport=httpx.MockTransport(lambda _: httpx.Response(200, content=_trickle()))) as http:
        files = SlackFiles(
            _StubbedInfo("https://files.slack.com/tide.mid"), http, seconds=20.0, passed=lambda: 5.0 * next(hours)
        )
        with pytest.raises(Unavailable, match="not over after 20 s"):
            files.download("F1", 100_000)
    assert next(hours) < 10


def _trickle() -> Iterator[bytes]:
    for _ in range(500):
        yield b"M"


class _StubbedInfo(WebClient):
    """A client for which every file is at one address."""

    def __init__(self, address: str) -> None:
        super().__init__("xoxb-x")
        self._address = address

    def files_info(self, **_: object) -> SlackResponse:
        file = {"id": "F1", "url_private_download": self._address, "size": len(MIDI)}
        return SlackResponse(
            client=self, http_verb="POST", api_url="", req_args={}, data={"file": file}, headers={}, status_code=200
        )


@pytest.mark.parametrize(
    "address",
    ["https://drive.example.org/tide.mid", "http://files.slack.com/tide.mid", "https://notslack.com/tide.mid", ""],
)
def test_token_stays_with_slack(address: str) -> None:
    """The bot's token is never sent to another host, nor in the clear: such a file counts as absent."""
    asked: list[str] = []

    def slack(request: httpx.Request) -> httpx.Response:
        asked.append(str(request.url))
        return httpx.Response(200)

    client = _StubbedInfo(address)
    with httpx.Client(transport=httpx.MockTransport(slack)) as http, pytest.raises(KeyError):
        SlackFiles(client, http).download("F1", 100)
    assert asked == []


def test_token_goes_to_slacks_files() -> None:
    """Files live on another host of Slack's than its API."""
    seen: list[str | None] = []

    def slack(request: httpx.Request) -> httpx.Response:
        seen.append(request.headers.get("Authorization"))
        return httpx.Response(200, content=MIDI)

    with httpx.Client(transport=httpx.MockTransport(slack)) as http:
        assert (
            SlackFiles(_StubbedInfo("https://files.slack.com/files-pri/T1-F1/tide.mid"), http).download("F1", 99)
            == MIDI
        )
    assert seen == ["Bearer xoxb-x"]


@pytest.mark.parametrize("target", ["https://evil.example/tide.mid", "https://files.slack.com/other.mid"])
def test_a_redirect_is_not_followed(target: str) -> None:
    """Where Slack's host points elsewhere, nothing is asked there, even by a client that follows by itself."""
    asked: list[str] = []
    address = "https://files.slack.com/files-pri/T1-F1/tide.mid"

    def slack(request: httpx.Request) -> httpx.Response:
        asked.append(str(request.url))
        return httpx.Response(302, headers={"Location": target})

    transport = httpx.MockTransport(slack)
    with httpx.Client(transport=transport, follow_redirects=True) as http, pytest.raises(Unavailable):
        SlackFiles(_StubbedInfo(address), http).download("F1", 100)
    assert [address] == asked


def test_an_oversized_download_is_not_read_on() -> None:
    """Of a thousand parts, only those are read that show that the file is too large."""
    given: list[int] = []

    def parts() -> Iterator[bytes]:
        for number in range(1000):
            given.append(number)
            yield bytes(60)

    def slack(_: httpx.Request) -> httpx.Response:
        return httpx.Response(200, content=parts())

    with httpx.Client(transport=httpx.MockTransport(slack)) as http:
        data = SlackFiles(_StubbedInfo("https://files.slack.com/files-pri/T1-F1/tide.mid"), http).download("F1", 100)
    assert 101 == len(data)
    assert [0, 1] == given
