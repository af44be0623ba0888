"""The image, as far as it can be made without Docker: the Dockerfile's own RUN and COPY, and what comes of them beside a sandbox."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path

import pytest
import yaml

from bot.sandbox.server import SandboxServer
from tests.makers.image import Builder, Container, clean_root, packages, require_tools
from tests.makers.pieces import melody
from tests.makers.stage import CHANNEL, MANIFEST, Stage, eventually, settings_for

ROOT = Path(__file__).parents[2]
LOCKS = ("requirements-setup.lock", "requirements-build.lock", "requirements.lock")


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def answer(port: int, path: str) -> int:
    """The status of a page of the bot's own; 0 where nobody listens."""
    with closing(HTTPConnection("127.0.0.1", port, timeout=10)) as connection:
        try:
            connection.request("GET", path)
        except OSError:
            return 0
        with connection.getresponse() as response:
            return response.status


KEEP = """
import os, subprocess, sys, time, urllib.request
from bot.adapters.buckets import S3Objects
from bot.errors import ConfigurationError

subprocess.run(("ip", "link", "set", "lo", "up"), check=True)
health, bucket, *command = sys.argv[1:]
store = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def soon(look):
    until = time.monotonic() + 60
    while True:
        try:
            return look()
        except (OSError, ConfigurationError):
            if time.monotonic() > until:
                raise
            time.sleep(0.2)


try:
    soon(lambda: urllib.request.urlopen(health, timeout=5))
    assert [] == soon(lambda: S3Objects(bucket).below("a"))  # a moment later the bucket is there, too
    S3Objects(bucket).put("a/piece.mid", b"MThd")
    assert [b"MThd"] == [S3Objects(bucket).get(key) for key in S3Objects(bucket).below("a")]
    os.environ["AWS_SECRET_ACCESS_KEY"] = "other"
    try:
        S3Objects(bucket).get("a/piece.mid")
    except ConfigurationError as error:
        print(error)
finally:
    store.kill()
    store.wait()
"""


@pytest.mark.slow
@pytest.mark.processes
def test_the_object_store_of_compose_keeps_what_kantor_puts_there(tmp_path: Path) -> None:
    """SeaweedFS, started with the very arguments of compose.yaml, has the bucket, is healthy where Compose asks, and wants the keys."""
    services = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))["services"]
    objects, bot = services["objects"], services["bot"]["environment"]
    arguments = [f"-dir={tmp_path}" if each == "-dir=/data" else each for each in objects["command"]]
    assert arguments != objects["command"]
    health = objects["healthcheck"]["test"][-1]
    here = bot["AWS_ENDPOINT_URL"].replace("//objects:", "//127.0.0.1:")
    told = {"AWS_ACCESS_KEY_ID": "kantor", "AWS_SECRET_ACCESS_KEY": "secret-of-ours", "AWS_ENDPOINT_URL": here}
    python, weed = Path(sys.executable), Path(sys.executable).with_name("weed")
    done = subprocess.run(
        ("unshare", "--net", python, "-c", KEEP, health, bot["KANTOR_OBJECTS_URL"], weed, *arguments),
        env={**os.environ, **told, "AWS_DEFAULT_REGION": bot["AWS_DEFAULT_REGION"]},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert 0 == done.returncode, done.stderr
    assert "asked with a wrong secret" in done.stdout


@pytest.mark.slow
@pytest.mark.processes
@pytest.mark.timeout(2400)
def test_what_the_dockerfile_makes_runs_closed(tmp_path: Path) -> None:
    """In a clean Debian root, without a network: a bot that judges, is healthy, and may write /data and /tmp alone."""
    require_tools()
    base, wheels = clean_root(tmp_path / "base"), packages(tmp_path / "wheels", *(ROOT / lock for lock in LOCKS))
    image = Builder(ROOT, base, wheels, tmp_path).build()
    assert not (image.root / "kantor/bin/pip").exists()
    assert not (image.root / "src").exists()

    port = free_port()
    with SandboxServer(manifest=MANIFEST) as server:
        stage = Stage(server, settings_for(server, tmp_path))
        told = {
            "SLACK_BOT_TOKEN": server.bot_token,
            "SLACK_APP_TOKEN": server.app_token,
            "SLACK_API_URL": server.api_url,
            "KANTOR_METRICS_ADDRESS": f"127.0.0.1:{port}",
        }
        container = Container(image, told, tmp_path / "run.log")
        try:
            stage.slack.wait_connected()
            eventually(lambda: answer(port, "/readyz") == 200, "readiness")
            assert 200 == answer(port, "/healthz")
            assert 0 == container.inside(*image.health).returncode
            assert 0 != container.inside("/usr/bin/env", "KANTOR_METRICS_ADDRESS=127.0.0.1:1", *image.health).returncode

            status = container.status()
            assert {"10001"} == set(status["Uid"].split())
            assert ("0000000000000000", "1") == (status["CapEff"], status["NoNewPrivs"])
            for folder, may in (
                ("/", False),
                ("/kantor", False),
                ("/etc", False),
                ("/var/tmp", False),
                ("/data", True),
                ("/tmp", True),
            ):
                assert may is (container.inside("/bin/touch", f"{folder}/written").returncode == 0), folder
            doctor = container.inside("kantor", "doctor")
            assert 0 == doctor.returncode, doctor.stdout

            assert stage.new_contest()["ok"]
            stage.close_all(stage.olive)
            stage.next_phase()
            message = stage.submit(stage.ada, melody(3, bars=8))
            (card,) = stage.answered(CHANNEL, message["ts"])
            assert ["png", "mp3"] == [each["filetype"] for each in card["files"]]
            assert 0 == container.stop()
        finally:
            stage.slack.close()
            container.kill()
