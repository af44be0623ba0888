"""The running bot, seen by whoever runs it."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from bot.sandbox.server import SandboxServer
from tests.makers.databases import database_of_a_bot
from tests.makers.stage import BotProcess, eventually, free_port, settings_for

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.processes


def test_a_bot_says_that_it_is_ready_and_that_it_has_lost_slack(tmp_path: Path) -> None:
    """Ready when database, objects, the connection and the judge are there; alive all the time; no secret in any page."""
    address = f"127.0.0.1:{free_port()}"

    def parts() -> dict[str, Any]:
        try:
            return dict(httpx.get(f"http://{address}/readyz", trust_env=False, timeout=30).json()["parts"])
        except httpx.TransportError:
            return {}

    with database_of_a_bot() as url, SandboxServer() as server:
        settings = settings_for(server, tmp_path, KANTOR_DATABASE_URL=url, KANTOR_METRICS_ADDRESS=address)
        bot = BotProcess(settings, tmp_path / "run.log")
        bot.start()
        try:
            known = {"database", "objects", "slack"} | (set() if url else {"model"})
            assert dict.fromkeys(known, "ok") == eventually(
                lambda: found if set((found := parts()).values()) == {"ok"} else {}, "readiness", 60
            )
            pages = "".join(
                httpx.get(f"http://{address}/{page}", trust_env=False, timeout=30).text
                for page in ("readyz", "metrics")
            )
            assert [] == [word for word in (server.bot_token, server.app_token, url or "xoxb") if word in pages]
            server.stop()
            eventually(lambda: parts().get("slack") == "there is no connection", "the loss of Slack", 60)
            assert 200 == httpx.get(f"http://{address}/healthz", trust_env=False, timeout=30).status_code
            assert 0 == bot.stop()
        finally:
            bot.kill()


def test_two_bots_on_one_machine_are_no_accident(tmp_path: Path) -> None:
    """Where the port is taken the log says so, and the bot goes on."""
    with socket.socket() as taken, SandboxServer() as server:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        bot = BotProcess(settings_for(server, tmp_path, KANTOR_METRICS_ADDRESS=address), tmp_path / "run.log")
        bot.start()
        try:
            eventually(lambda: "event='running'" in (tmp_path / "run.log").read_text("utf-8"), "the bot", 60)
            assert 0 == bot.stop()
        finally:
            bot.kill()
    assert f"KANTOR_METRICS_ADDRESS={address} cannot be listened at" in (tmp_path / "run.log").read_text("utf-8")
