"""`kantor sandbox` as people start it, beside its document: what docs/sandbox.md says, works."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from typer.main import get_command
from typer.testing import CliRunner

from bot.cli import app
from bot.sandbox.client import Sandbox, awaited
from bot.sandbox.faults import CALL_MODES, DELIVERY_MODES, SHARE_MODES
from bot.sandbox.seeds import Seed
from bot.sandbox.server import SandboxServer
from bot.sandbox.shapes import BOT_TOKEN

if TYPE_CHECKING:
    from collections.abc import Iterator

DOCUMENT = (Path(__file__).parents[4] / "docs/sandbox.md").read_text(encoding="utf-8")


def example(language: str) -> str:
    """The first example in a language."""
    found = re.search(rf"```{language}\n(.*?)```", DOCUMENT, re.DOTALL)
    assert found is not None
    return found.group(1)


@contextmanager
def started(folder: Path, *options: str) -> Iterator[tuple[Sandbox, int]]:
    """`kantor sandbox` in a process of its own."""
    with SandboxServer() as probe:
        port = int(probe.base_url.rsplit(":", 1)[1])
    command = (sys.executable, "-m", "bot", "sandbox", "--port", str(port), "--data", str(folder / "s.db"), *options)
    with (folder / "output").open("wb") as output, subprocess.Popen(command, stdout=output) as process:
        try:
            with Sandbox(f"http://127.0.0.1:{port}") as sandbox:
                awaited(lambda: there(sandbox), 30, lambda: "the sandbox to start")
                yield sandbox, port
        finally:
            process.terminate()


def there(sandbox: Sandbox) -> bool | None:
    try:
        return bool(sandbox.state("")["ok"])
    except httpx.ConnectError:
        return None


def test_alone_with_the_document_s_example(tmp_path: Path) -> None:
    """It prints what an app needs, limits calls, has the seed's people, and the document's app answers in it."""
    seed = tmp_path / "people.json"
    seed.write_text(example("json"), encoding="utf-8")
    with started(tmp_path, "--seed", str(seed)) as (sandbox, port):
        code = (
            example("python")
            .replace("8181", str(port))
            .replace("SocketModeHandler(app", "handler = SocketModeHandler(app")
        )
        names: dict[str, object] = {"__name__": "example"}
        exec(code.replace(".start()", ", ping_interval=0.5)\nhandler.connect()").replace('"), ping', '", ping'), names)
        sandbox.wait_connected()
        kim = sandbox.person("kim")
        kim.command("studio", "/kantor")
        said = kim.wait_for_ephemeral("studio", "Hello")["text"]
        web = WebClient(token=BOT_TOKEN, base_url=f"http://127.0.0.1:{port}/api/")
        heard = [bool(web.conversations_list()["ok"]) for _ in range(20)]
        with pytest.raises(SlackApiError, match="ratelimited"):
            web.conversations_list()
        hang_up(names["handler"], sandbox)
    printed = (tmp_path / "output").read_text(encoding="utf-8")

    assert (said, heard) == ("Hello <@U0KIM>!", [True] * 20)
    assert [] == [word for word in (f"{port}/api/", "xoxb-", "xapp-", "sandbox-signing-secret") if word not in printed]


def hang_up(handler: object, sandbox: Sandbox) -> None:
    """Close a handler at once; see conftest.py."""
    client = handler.client  # type: ignore[attr-defined]  # the example's SocketModeHandler
    client.auto_reconnect_enabled = False
    sandbox.disconnect("cut")
    awaited(lambda: None if client.is_connected() else True, 5, lambda: "the socket to close")
    client.message_processor.event.set()
    client.enqueue_message("{}")
    client.close()


def test_wrong_seed_is_told(tmp_path: Path) -> None:
    """A seed file that makes no sense ends the command with a sentence."""
    seed = tmp_path / "people.json"
    seed.write_text('{"people": [{"handle": "kim"}]}', encoding="utf-8")
    result = CliRunner().invoke(app, ["sandbox", "--port", "0", "--data", str(tmp_path / "s.db"), "--seed", str(seed)])
    assert result.exit_code == 2
    assert "A person needs handle and name" in result.output


def test_document_names_everything(server: SandboxServer) -> None:
    """Each option, each order of the control API and each mode of a fault stands in the document; its seed is a good one."""
    group: Any = get_command(app)
    options = [name for option in group.commands["sandbox"].params for name in (*option.opts, *option.secondary_opts)]
    orders = httpx.post(f"{server.base_url}/sandbox/control/nonsense").json()["text"]
    words = [
        *orders.removeprefix("The orders are ").rstrip(".").split(", "),
        *CALL_MODES,
        *DELIVERY_MODES,
        *SHARE_MODES,
    ]
    missing = [word for word in words if f"`{word}`" not in DOCUMENT and f"/{word}`" not in DOCUMENT]

    assert [] == [word for word in set(options) - {"--rate-limits"} if f"`{word}`" not in DOCUMENT]
    assert [] == missing
    assert [one["name"] for one in Seed.told(json.loads(example("json"))).people] == ["kim", "lee", "pat"]
