"""Reading what people have sent, from the sandbox's history."""

from __future__ import annotations

import json
from contextlib import closing
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from structlog.testing import capture_logs

from bot.errors import RateLimited, Unavailable
from bot.sandbox.client import Sandbox
from bot.sandbox.server import SandboxServer
from bot.usecases.submissions.absences import Room
from handlers.slack.clients import posting_client
from handlers.slack.mailbox import SlackMailbox
from tests.unit.handlers.conftest import MANIFEST

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

COMPOSERS = "C0COMPOSERS"
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


@pytest.fixture
def server() -> Iterator[SandboxServer]:
    """A workspace of its own for each test, which answers 429 where Slack would."""
    with SandboxServer(manifest=MANIFEST, rate_limits=True) as running:
        yield running


def mailbox(server: SandboxServer, pause: Callable[[float], bool] = lambda _: True) -> SlackMailbox:
    """The workspace's files; where Slack asks to wait, we are asked to stop."""
    return SlackMailbox(posting_client(server.bot_token, server.api_url), pause)


def room(channel_id: str = COMPOSERS, *, is_dm: bool = False, begun: datetime = LONG_AGO) -> Room:
    """Where to look."""
    return Room(channel_id, is_dm=is_dm, begun=begun)


def moment(message: dict[str, Any]) -> datetime:
    """When Slack had it."""
    return datetime.fromtimestamp(float(message["ts"]), UTC)


def calls(sandbox: Sandbox, method: str) -> list[dict[str, Any]]:
    """The arguments of each call."""
    return [line["args"] for line in sandbox.log() if line["name"] == method]


def test_files_of_people_in_order(server: SandboxServer, sandbox: Sandbox) -> None:
    """Those after the moment, whatever was said between them, each file of a message; not the bot's own."""
    ada, ben = sandbox.person("ada"), sandbox.person("ben")
    before = ada.upload(COMPOSERS, "before.mid", b"1")
    ben.upload(COMPOSERS, "one.mid", b"2")
    ada.say(COMPOSERS, "nice")
    ada.upload_together(COMPOSERS, {"two.mid": b"3", "three.mid": b"4"})
    client = posting_client(server.bot_token, server.api_url)
    client.files_upload_v2(channel=COMPOSERS, content="5", filename="own.mid")
    found = mailbox(server).uploads(room(), moment(before))
    assert [("one.mid", "U0BEN"), ("two.mid", "U0ADA"), ("three.mid", "U0ADA")] == [
        (upload.filename, upload.user_id) for upload in found
    ]
    assert not any(upload.is_dm for upload in found)


def test_what_is_read_is_what_would_have_been_told(server: SandboxServer, sandbox: Sandbox) -> None:
    """A message that was answered meanwhile is still none of a thread, and its file has the same mark either way."""
    ada = sandbox.person("ada")
    message = ada.upload(COMPOSERS, "one.mid", b"1")
    (told,) = mailbox(server).uploads(room(), LONG_AGO)
    ada.say(COMPOSERS, "by the way", thread_ts=message["ts"])
    (again,) = mailbox(server).uploads(room(), LONG_AGO)
    assert told == again
    assert (None, message["ts"]) == (again.thread_ts, again.message_ts)


def test_files_in_threads(server: SandboxServer, sandbox: Sandbox) -> None:
    """Of an old message that was answered since; a thread that nobody wrote to since is not asked for."""
    ada, ben = sandbox.person("ada"), sandbox.person("ben")
    quiet, parent = ada.say(COMPOSERS, "a quiet thread"), ada.say(COMPOSERS, "send your pieces here")
    ben.upload(COMPOSERS, "old.mid", b"1", thread_ts=quiet["ts"])
    earlier = ben.upload(COMPOSERS, "early.mid", b"2", thread_ts=parent["ts"])
    ben.upload(COMPOSERS, "new.mid", b"3", thread_ts=parent["ts"])
    (found,) = mailbox(server).uploads(room(), moment(earlier))
    assert ("new.mid", parent["ts"]) == (found.filename, found.thread_ts)
    assert [parent["ts"]] == [asked["ts"] for asked in calls(sandbox, "conversations.replies")]


def test_threads_older_than_the_contest_are_not_asked_for(server: SandboxServer, sandbox: Sandbox) -> None:
    """The history is read back to the contest's beginning, and no further."""
    ada = sandbox.person("ada")
    parent = ada.say(COMPOSERS, "last year's thread")
    begun = ada.say(COMPOSERS, "a contest begins")
    ada.upload(COMPOSERS, "new.mid", b"1", thread_ts=parent["ts"])
    assert [] == list(mailbox(server).uploads(room(begun=moment(begun)), moment(begun)))
    assert [] == calls(sandbox, "conversations.replies")


def test_direct_messages(server: SandboxServer, sandbox: Sandbox) -> None:
    """All that there are, and what was sent there."""
    ada, ben = sandbox.person("ada"), sandbox.person("ben")
    dms = [ada.open_dm(), ben.open_dm()]
    ben.upload(dms[1], "secret.mid", b"1")
    assert sorted(dms) == sorted(mailbox(server).direct_messages() or ())
    (found,) = mailbox(server).uploads(room(dms[1], is_dm=True), LONG_AGO)
    assert ("secret.mid", True, dms[1]) == (found.filename, found.is_dm, found.channel_id)


def test_every_page_is_read_at_slacks_pace(server: SandboxServer, sandbox: Sandbox) -> None:
    """Sixty pages of one message each: Slack allows fifty a minute, and the rest follows after the wait that it asks for."""
    ada = sandbox.person("ada")
    for number in range(60):
        ada.upload(COMPOSERS, f"{number}.mid", b"1")
    waits: list[float] = []

    def wait(seconds: float) -> bool:
        waits.append(seconds)
        sandbox.advance(seconds)
        return False

    client = posting_client(server.bot_token, server.api_url)
    found = SlackMailbox(client, wait, page=1).uploads(room(), LONG_AGO)
    assert [f"{number}.mid" for number in range(60)] == [upload.filename for upload in found]
    assert waits


def test_whoever_waits_for_slack_can_be_stopped(server: SandboxServer, sandbox: Sandbox) -> None:
    """A stop does not wait a minute for the next page."""
    sandbox.fault(method="conversations.history", mode="rate_limited", retry_after=60)
    with pytest.raises(RateLimited):
        mailbox(server).uploads(room(), LONG_AGO)


def test_an_outage_is_told(server: SandboxServer, sandbox: Sandbox) -> None:
    """Whoever asked must ask again."""
    sandbox.fault(method="conversations.history", mode="http_500")
    with pytest.raises(Unavailable):
        mailbox(server).uploads(room(), LONG_AGO)


def test_rooms_that_the_bot_cannot_see_are_empty(server: SandboxServer) -> None:
    """It was removed from the channel, or the channel is gone: there is nothing to be read."""
    assert [] == list(mailbox(server).uploads(room("C0LOUNGE"), LONG_AGO))
    assert [] == list(mailbox(server).uploads(room("C0NOWHERE"), LONG_AGO))


def test_a_missing_scope_is_a_warning_once(tmp_path: Path) -> None:
    """An app that was installed before this scope was needed: direct messages are left out, and the log says so."""
    manifest = json.loads(MANIFEST.read_text(encoding="utf-8"))
    manifest["oauth_config"]["scopes"]["bot"].remove("im:read")
    file = tmp_path / "manifest.json"
    file.write_text(json.dumps(manifest), encoding="utf-8")
    with SandboxServer(manifest=file) as server, closing(Sandbox(server.base_url)) as sandbox, capture_logs() as logs:
        sandbox.person("ada").open_dm()
        box = mailbox(server)
        assert [None, None] == [box.direct_messages() for _ in range(2)]
        assert [] == list(box.uploads(room(), LONG_AGO))
    assert ["im:read"] == [line["scope"] for line in logs if line["log_level"] == "warning"]
