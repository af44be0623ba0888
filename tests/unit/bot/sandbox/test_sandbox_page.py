"""What the page reads: a person's state, live updates, and a server that stops and goes on."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from slack_sdk import WebClient

from bot.sandbox.client import Sandbox, SandboxError
from bot.sandbox.server import PortBusyError, SandboxServer

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ROOM = "C0COMPOSERS"


@contextmanager
def stream(base_url: str, person: str, since: int) -> Iterator[Iterator[dict[str, Any]]]:
    """Read a person's live updates."""
    with (
        httpx.Client(timeout=5) as client,
        client.stream("GET", f"{base_url}/sandbox/stream", params={"as": person, "since": since}) as answer,
    ):
        yield (json.loads(line.removeprefix("data: ")) for line in answer.iter_lines() if line.startswith("data: "))


def test_state_shows_only_what_a_person_may_see(sandbox: Sandbox) -> None:
    """The guest is in no channel; Ada sees hers and her DM, and not the DM of others."""
    sandbox.person("ben").open_dm()
    ada = sandbox.person("ada")
    dm = ada.open_dm()
    state = ada.state()

    assert sandbox.person("gus").state()["channels"] == []
    assert [one["id"] for one in state["channels"]] == ["C0GENERAL", ROOM, "C0LOUNGE", dm]
    assert state["channels"][3]["user"] == "U0KANTOR"
    assert (state["me"]["id"], state["bot"]["connected"], state["home"], state["views"]) == ("U0ADA", False, None, [])
    assert state["commands"][0]["command"] == "/kantor"


def test_live_updates_begin_after_seq(server: SandboxServer, sandbox: Sandbox) -> None:
    """A stream gives what happened since, and what happens next, to those who may see it."""
    seq = sandbox.state("ben")["seq"]
    ada = sandbox.person("ada")
    ada.say(ada.open_dm(), "for the bot alone")
    ada.say(ROOM, "one")
    with stream(server.base_url, "U0BEN", seq) as happenings:
        first = next(happenings)
        ada.say(ROOM, "two", thread_ts=first["message"]["ts"])
        second, third = next(happenings), next(happenings)

    assert (first["type"], first["channel"], first["message"]["text"]) == ("message", ROOM, "one")
    assert (second["message"]["text"], second["message"]["thread_ts"]) == ("two", first["message"]["ts"])
    assert (third["type"], third["message"]["reply_count"]) == ("message_changed", 1)


def test_unknown_seq_asks_for_the_whole_state(server: SandboxServer) -> None:
    """A page from before a restart is told to read everything again."""
    with stream(server.base_url, "U0ADA", 999) as happenings:
        assert next(happenings)["type"] == "reset"


def test_ephemeral_and_ephemeral_alone(server: SandboxServer, sandbox: Sandbox) -> None:
    """An ephemeral message reaches its person's stream and state, and no one else's."""
    web = WebClient(token=server.bot_token, base_url=server.api_url)
    with stream(server.base_url, "U0ADA", 0) as happenings:
        web.chat_postEphemeral(channel=ROOM, user="U0ADA", text="between us")
        happening = next(happenings)

    assert (happening["type"], happening["message"]["text"]) == ("ephemeral", "between us")
    assert sandbox.person("ada").ephemerals("composers")[0]["is_ephemeral"]
    assert sandbox.person("ben").ephemerals("composers") == []


def test_refused_acts_say_why(sandbox: Sandbox) -> None:
    """What a person cannot do is refused with a sentence for them."""
    with pytest.raises(SandboxError, match="not in that channel"):
        sandbox.person("ada").say(sandbox.create_channel("elsewhere", []), "hello")
    with pytest.raises(SandboxError, match="deactivated"):
        sandbox.person("dina").say(ROOM, "hello")
    with pytest.raises(SandboxError, match="already a channel"):
        sandbox.create_channel("composers", [])


def test_channels_are_made_joined_and_left(sandbox: Sandbox) -> None:
    """A new channel has its people and says who joined; people may know of all public channels; joining and leaving change what they see."""
    made = sandbox.create_channel("finale", ["ada", "kantor"])
    ben = sandbox.person("ben")
    ben.join(made)
    ben.say(made, "here")
    ben.leave(made)

    names = [one["name"] for one in sandbox.act("browse", "ben")["channels"]]
    assert names == ["composers", "finale", "general", "lounge"]
    assert sandbox.act("browse", "gus")["channels"] == []
    lines = [(one.get("subtype"), one["user"], one["text"]) for one in sandbox.person("ada").messages("finale")]
    assert lines == [
        *(
            ("channel_join", who, f"<@{who}> has joined the channel")
            for who in ("U0OLIVE", "U0ADA", "U0KANTOR", "U0BEN")
        ),
        (None, "U0BEN", "here"),
    ]
    assert ben.messages(made) == []


def test_second_start_goes_on(tmp_path: Path) -> None:
    """Messages, files, ids, DMs, homes and the clock are there after a restart, and the files' addresses hold."""
    path = tmp_path / "var" / "sandbox.db"
    with SandboxServer(path) as server, Sandbox(server.base_url) as sandbox:
        ada = sandbox.person("ada")
        ada.upload(ada.open_dm(), "a.bin", b"bytes", "first")
        web = WebClient(token=server.bot_token, base_url=server.api_url)
        web.views_publish(user_id="U0ADA", view={"type": "home", "blocks": [{"type": "divider"}]})
        now = sandbox.advance(1000)
    with SandboxServer(path) as server, Sandbox(server.base_url) as sandbox:
        ada = sandbox.person("ada")
        message = ada.messages("D0000001")[0]
        body = httpx.get(message["files"][0]["url_private"], headers={"Authorization": f"Bearer {server.bot_token}"})
        second = ada.upload(ROOM, "b.bin", b"more")
        home = ada.home()

        assert (message["text"], body.content, ada.open_dm()) == ("first", b"bytes", "D0000001")
        assert (second["files"][0]["id"], home is not None) == ("F0000002", True)
        assert float(second["ts"]) >= now


def test_reset_begins_anew(sandbox: Sandbox) -> None:
    """A reset leaves the seeded workspace, an empty log and the first ids."""
    ada = sandbox.person("ada")
    ada.upload(ROOM, "a.bin", b"x")
    sandbox.reset()

    assert (ada.messages(ROOM), sandbox.log()) == ([], [])
    assert ada.upload(ROOM, "a.bin", b"x")["files"][0]["id"] == "F0000001"


def test_stops_at_once_with_open_streams() -> None:
    """Open streams and held calls do not keep the server from stopping within two seconds."""
    with (
        SandboxServer() as server,
        stream(server.base_url, "U0ADA", 0) as happenings,
        Sandbox(server.base_url) as sandbox,
    ):
        sandbox.person("ada").say(ROOM, "x")
        next(happenings)
        began = time.monotonic()
        server.stop()
        took = time.monotonic() - began
        rest = list(happenings)

    assert (took < 2, rest) == (True, [])


def test_foreground_stops_cleanly_on_a_signal(tmp_path: Path) -> None:
    """`run` prints nothing and ends with status 0 within two seconds of a SIGTERM, with a stream open."""
    with SandboxServer() as probe:
        port = int(probe.base_url.rsplit(":", 1)[1])
    code = "import sys; from pathlib import Path; from bot.sandbox.server import run; run(Path(sys.argv[1]), int(sys.argv[2]), None)"
    command = [sys.executable, "-W", "error", "-c", code, str(tmp_path / "s.db"), str(port)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as process:
        transport = httpx.HTTPTransport(retries=6)
        with httpx.Client(transport=transport, timeout=10) as client:
            state = client.get(f"http://127.0.0.1:{port}/sandbox/state").json()
            with stream(f"http://127.0.0.1:{port}", "U0ADA", 0):
                began = time.monotonic()
                process.send_signal(signal.SIGTERM)
                output, _ = process.communicate(timeout=10)
                took = time.monotonic() - began

    assert (state["me"]["id"], process.returncode, output, took < 2) == ("U0OLIVE", 0, b"", True)


def test_busy_port_is_a_sentence(server: SandboxServer) -> None:
    """A port that is taken says so."""
    port = int(server.base_url.rsplit(":", 1)[1])
    with pytest.raises(PortBusyError, match=f"Port {port}"):
        SandboxServer(port=port)
