"""One clock for a sandbox and the bot beside it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from bot.adapters.clock import SandboxClock, SystemClock
from bot.errors import ConfigurationError
from bot.sandbox.client import Sandbox
from bot.sandbox.server import SandboxServer
from bot.settings import Settings
from bot.wiring import clock_of

if TYPE_CHECKING:
    from pathlib import Path

HOURS = 50 * 3600.0
CLOSE = timedelta(minutes=10)
"""However slow the machine is."""


def test_the_bot_lives_at_the_sandboxs_time(tmp_path: Path) -> None:
    """By the control API both clocks are moved on at once, and what has passed with them; a restart of the sandbox changes nothing."""
    file, workspace = tmp_path / "clock", tmp_path / "slack.db"
    with SandboxServer(workspace, clock_file=file) as server, Sandbox(server.base_url) as slack:
        clock = SandboxClock(file)
        before, passed = clock.now(), clock.elapsed()
        there = slack.advance(HOURS)
        assert timedelta(hours=50) <= clock.now() - before < timedelta(hours=50) + CLOSE
        assert timedelta(hours=50) <= clock.elapsed() - passed < timedelta(hours=50) + CLOSE
        assert abs(there - clock.now().timestamp()) < CLOSE.total_seconds()
    file.unlink()
    with SandboxServer(workspace, clock_file=file):
        assert timedelta(hours=50) <= SandboxClock(file).now() - before


def test_beside_the_real_slack_the_bot_has_the_machines_time(tmp_path: Path) -> None:
    """Without the setting it is the machine's; with it nobody but a sandbox on this machine is taken."""
    assert isinstance(clock_of(Settings()), SystemClock)
    file = tmp_path / "clock"
    with pytest.raises(ConfigurationError, match="Slack has its own time"):
        clock_of(Settings(KANTOR_SANDBOX_CLOCK=file))
    beside = Settings(KANTOR_SANDBOX_CLOCK=file, SLACK_API_URL="http://127.0.0.1:8181/api/")
    assert SandboxClock(file) == clock_of(beside)
