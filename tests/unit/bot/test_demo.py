"""The demo's supervisor: what it deletes, what it starts, and that nothing is left running."""

from __future__ import annotations

import socket
import subprocess
import sys
from typing import TYPE_CHECKING

import psutil
import pytest

from bot.demo.seed import MARK
from bot.demo.supervisor import WORKSPACE, prepare_folder, run_demo
from bot.errors import ConfigurationError
from bot.sandbox.server import SandboxServer
from tests.makers.pages import free_port
from tests.makers.stage import eventually

if TYPE_CHECKING:
    from pathlib import Path


def demo_folder(folder: Path, *, finished: bool) -> Path:
    """A folder as a demo leaves it, seeded to the end or not."""
    folder.mkdir()
    (folder / WORKSPACE).write_bytes(b"the workspace")
    if finished:
        (folder / MARK).touch()
    return folder


def answers(port: int) -> bool:
    """Whether somebody listens there."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@pytest.mark.parametrize("reset", [True, False])
def test_a_folder_that_is_no_demos_is_refused_and_left_alone(tmp_path: Path, *, reset: bool) -> None:
    """``--data ~/music --reset`` must not cost anybody their music."""
    song = tmp_path / "song.txt"
    song.write_text("mine", encoding="utf-8")
    with pytest.raises(ConfigurationError, match="--data"):
        prepare_folder(tmp_path, reset=reset)
    assert "mine" == song.read_text(encoding="utf-8")


def test_a_second_start_keeps_everything_and_reset_nothing(tmp_path: Path) -> None:
    """Going on is the default; --reset starts anew."""
    folder = demo_folder(tmp_path / "demo", finished=True)
    prepare_folder(folder, reset=False)
    assert (folder / WORKSPACE).exists()
    prepare_folder(folder, reset=True)
    assert [] == list(folder.iterdir())


def test_a_first_start_that_was_interrupted_begins_anew(tmp_path: Path) -> None:
    """Half a contest would be in the way of the next start."""
    folder = demo_folder(tmp_path / "demo", finished=False)
    prepare_folder(folder, reset=False)
    assert [] == list(folder.iterdir())


def test_a_port_in_use_is_a_sentence(tmp_path: Path) -> None:
    """And nothing is started, made or deleted."""
    with SandboxServer() as server, pytest.raises(ConfigurationError, match="is taken"):
        run_demo(int(server.base_url.rpartition(":")[2]), tmp_path / "demo", reset=True)
    assert not (tmp_path / "demo").exists()


def test_the_workspace_listens_on_loopback_only() -> None:
    """Nobody else on the network can be Olive."""
    with SandboxServer() as server:
        port = int(server.base_url.rpartition(":")[2])
        listening = [
            one.laddr for one in psutil.Process().net_connections("tcp") if one.laddr.port == port and not one.raddr
        ]
    assert {"127.0.0.1"} == {address.ip for address in listening}


def test_a_child_ends_when_its_supervisor_does(tmp_path: Path) -> None:
    """However the supervisor went: its end of the pipe closes."""
    port = free_port()
    command = (sys.executable, "-m", "bot.child", "sandbox", "--port", str(port), "--data", str(tmp_path / "s.db"))
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL) as child:
        eventually(lambda: answers(port), 30, "the workspace")
        assert child.stdin is not None
        child.stdin.close()
        assert 0 == child.wait(10)


def test_a_child_that_is_asked_to_stop_says_nothing(tmp_path: Path) -> None:
    """Its watch on the supervisor still reads at that moment; Python must not die of that."""
    port = free_port()
    command = (sys.executable, "-m", "bot.child", "sandbox", "--port", str(port), "--data", str(tmp_path / "s.db"))
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=subprocess.DEVNULL, stderr=pipe, text=True) as child:
        eventually(lambda: answers(port), 30, "the workspace")
        child.terminate()
        assert child.stderr is not None
        assert "" == child.stderr.read()
        assert 0 == child.wait(10)
