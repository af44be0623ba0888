"""The running bot, seen by whoever runs it."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot.sandbox.server import SandboxServer
from tests.makers.databases import database_of_a_bot, on_postgres
from tests.makers.pieces import melody
from tests.makers.stage import BotProcess, Theatre, eventually, free_port, listens, settings_for

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


def figures(address: str) -> dict[tuple[str, tuple[str, ...]], float]:
    """What a process shows, by name and labels."""
    text = httpx.get(f"http://{address}/metrics", trust_env=False, timeout=30).text
    samples = [sample for family in text_string_to_metric_families(text) for sample in family.samples]
    return {(sample.name, tuple(sample.labels.values())): sample.value for sample in samples}


def test_a_composition_leaves_its_marks_in_the_figures(tmp_path: Path) -> None:
    """Acknowledged, looked at by a child, its card sent once; another file refused; and in the end nothing waits."""
    address = f"127.0.0.1:{free_port()}"
    with Theatre.opened(tmp_path, KANTOR_METRICS_ADDRESS=address) as theatre:
        theatre.contest()
        theatre.submit(theatre.ada, melody(1), "dawn.mid")
        theatre.submit(theatre.ben, b"MThd, and then nothing", "nothing.mid")

        def settled() -> dict[tuple[str, tuple[str, ...]], float]:
            shown = figures(address)
            waits = shown["kantor_jobs", ("queued",)] + shown["kantor_jobs", ("running",)]
            waits += shown["kantor_outbox_letters", ("pending",)] + shown["kantor_outbox_letters", ("claimed",)]
            return {} if waits else shown

        shown = eventually(settled, "an empty queue")
    assert 1.0 == shown["kantor_letters_total", ("card", "files", "sent")]
    assert 0.0 == shown["kantor_outbox_oldest_seconds", ()]
    acked = {labels[0] for name, labels in shown if name == "kantor_ack_seconds_count"}
    assert {"command", "event", "view_submission"} <= acked
    if not on_postgres():  # there another process does the jobs
        assert 2.0 == shown["kantor_job_seconds_count", ("check_submission", "done")]
        assert 2.0 == shown["kantor_judge_seconds_count", ("inspect",)]
        assert 1.0 == sum(value for (name, _), value in shown.items() if name == "kantor_files_refused_total")


def test_who_only_looks_needs_no_bot_and_no_token(tmp_path: Path) -> None:
    """``kantor web``: database and files, and what waits there."""
    address = f"127.0.0.1:{free_port()}"
    environment = {**os.environ, "KANTOR_DATA": str(tmp_path / "var"), "KANTOR_METRICS_ADDRESS": address}
    looking = subprocess.Popen((sys.executable, "-m", "bot", "web"), env=environment, stderr=subprocess.DEVNULL)
    try:
        eventually(lambda: listens(address), "the page", 60)
        eventually(lambda: httpx.get(f"http://{address}/readyz", trust_env=False, timeout=30).is_success, "it", 60)
        shown = figures(address)
        assert (1.0, 0.0) == (shown["kantor_database_up", ()], shown["kantor_jobs", ("queued",)])
        assert ("kantor_slack_connected", ()) not in shown
        again = subprocess.run(
            (sys.executable, "-m", "bot", "web"), env=environment, capture_output=True, text=True, check=False
        )
        assert (2, True) == (again.returncode, "KANTOR_METRICS_ADDRESS is empty, or it is taken" in again.stderr)
    finally:
        looking.terminate()
        assert 0 == looking.wait(15)
