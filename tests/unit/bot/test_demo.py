"""The demo's supervisor: what it deletes, what it starts, and that nothing is left running."""

from __future__ import annotations

import os
import pty
import signal
import socket
import subprocess
import sys
from typing import TYPE_CHECKING

import psutil
import pytest

from bot.demo.seed import MARK
from bot.demo.supervisor import WORKSPACE, Child, prepare_folder, run_demo, stop
from bot.errors import ConfigurationError
from bot.sandbox.server import SandboxServer
from tests.makers.pages import free_port
from tests.makers.postgres import postgres_database
from tests.makers.stage import eventually

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.processes


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


def test_reset_empties_no_database_that_somebody_has_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It says what to do, before anything is deleted; the demo's own folder stays, too."""
    (tmp_path / "demo-postgres").mkdir()
    (tmp_path / "demo-postgres" / WORKSPACE).write_text("kept", encoding="utf-8")
    with postgres_database() as url:
        monkeypatch.setenv("KANTOR_DATABASE_URL", url)
        with pytest.raises(ConfigurationError, match="--reset does not empty the database"):
            run_demo(free_port(), tmp_path / "demo", reset=True, postgres=True)
    assert "kept" == (tmp_path / "demo-postgres" / WORKSPACE).read_text(encoding="utf-8")


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
    command = (sys.executable, "-m", "bot.tethered", "sandbox", "--port", str(port), "--data", str(tmp_path / "s.db"))
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL) as child:
        eventually(lambda: answers(port), "the workspace")
        assert child.stdin is not None
        child.stdin.close()
        assert 0 == child.wait(10)


class Demo:
    """``kantor demo`` in a terminal of its own, or with its words in a pipe."""

    def __init__(self, folder: Path, *options: str, terminal: bool) -> None:
        self.reader, writer = pty.openpty() if terminal else os.pipe()
        command = (sys.executable, "-m", "bot", "demo", "--port", str(free_port()), "--data", str(folder), *options)
        # A session of its own, whose terminal this is: Ctrl-C there reaches the whole foreground.
        lead = ["setsid", "--ctty"] if terminal else []
        heard = writer if terminal else subprocess.DEVNULL
        self.process = subprocess.Popen(
            (*lead, *command), stdin=heard, stdout=writer, stderr=writer, start_new_session=not terminal
        )
        os.close(writer)

    def hear(self, until: str = "") -> str:
        """What it says until these words have come, or else until its end."""
        heard = ""
        while not until or until not in heard:
            try:
                piece = os.read(self.reader, 65_536)
            except OSError:  # a terminal whose other side is gone
                piece = b""
            if not piece:
                break
            heard += piece.decode().replace("\r", "")
        return heard

    def stop(self, how: str) -> None:
        """As a person at the terminal, a script or a service manager does it."""
        if how == "ctrl-c":
            os.write(self.reader, b"\x03")
        else:
            self.process.send_signal(signal.SIGINT if how == "interrupt" else signal.SIGTERM)


@pytest.mark.parametrize(
    "how", ["terminate", *(pytest.param(how, marks=pytest.mark.slow) for how in ("ctrl-c", "interrupt"))]
)
def test_a_stop_right_after_the_welcome_is_quiet(tmp_path: Path, how: str) -> None:
    """Events are in flight, and compositions being checked: one sentence, no traceback, no complaint, and nobody is left."""
    demo = Demo(tmp_path / "demo", terminal=how == "ctrl-c")
    try:
        assert "Ctrl-C stops; the next start goes on from there.\n\n" in demo.hear("from there.\n\n")
        everybody = psutil.Process(demo.process.pid).children(recursive=True)
        demo.stop(how)
        said = demo.hear().removeprefix("^C")
        assert "\nStopping. The next start goes on from here; --reset starts anew.\n" == said
        assert 0 == demo.process.wait(60)
    finally:
        demo.process.kill()
        demo.process.wait()
        os.close(demo.reader)
    assert len(everybody) >= 2
    assert [] == [one for one in everybody if one.is_running() and one.status() != psutil.STATUS_ZOMBIE]


@pytest.mark.slow
def test_a_demo_on_postgresql_leaves_no_server_behind(tmp_path: Path) -> None:
    """Its server is started with it, keeps its data beside the demo's folder, and is stopped with it; a worker does the jobs."""
    demo = Demo(tmp_path / "demo", "--postgres", terminal=False)
    try:
        assert "Kantor's demo contest is open" in demo.hear("from there.\n\n")
        running = psutil.Process(demo.process.pid).children()
        assert {"sandbox", "run", "worker"} < {each.cmdline()[3] for each in running}
        server = psutil.Process(
            int((tmp_path / "demo-server" / "postmaster.pid").read_text(encoding="utf-8").split()[0])
        )
        demo.stop("terminate")
        demo.hear()
        assert 0 == demo.process.wait(60)
    finally:
        demo.process.kill()
        demo.process.wait()
        os.close(demo.reader)
    assert not server.is_running() or server.status() == psutil.STATUS_ZOMBIE


def test_a_bot_that_was_killed_is_one_line(tmp_path: Path) -> None:
    """It is started again, and nobody reads of anything that it left behind."""
    demo = Demo(tmp_path / "demo", terminal=False)
    try:
        demo.hear("from there.\n\n")
        bot = next(
            each
            for each in psutil.Process(demo.process.pid).children()
            if each.cmdline()[-2:] == ["bot.tethered", "run"]
        )
        eventually(lambda: any("spawn_main" in str(each.cmdline()) for each in bot.children()), "its helpers")
        bot.kill()
        assert "child_restarted" in demo.hear("\n")
        demo.stop("terminate")
        assert "leaked" not in demo.hear()
    finally:
        demo.process.kill()
        demo.process.wait()
        os.close(demo.reader)


def stubborn() -> Child:
    """A process that takes no notice of SIGTERM."""
    code = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(flush=True); signal.pause()"
    process = subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdout is not None
    process.stdout.readline()
    process.stdout.close()
    return Child((), process=process)


def obedient() -> Child:
    """One that ends when it is asked."""
    process = subprocess.Popen([sys.executable, "-c", "import signal; signal.pause()"], stdin=subprocess.PIPE)
    return Child((), process=process)


@pytest.mark.parametrize("bot_obeys", [True, False])
def test_both_are_asked_before_either_is_killed(*, bot_obeys: bool) -> None:
    """A bot that hangs costs the sandbox its peaceful end no more than the other way round."""
    bot, sandbox = (obedient(), stubborn()) if bot_obeys else (stubborn(), obedient())
    stop(bot, sandbox, seconds=2.0)
    assert bot.process is not None
    assert sandbox.process is not None
    codes = {True: -signal.SIGTERM, False: -signal.SIGKILL}
    assert (codes[bot_obeys], codes[not bot_obeys]) == (bot.process.returncode, sandbox.process.returncode)


def test_a_child_that_is_asked_to_stop_says_nothing(tmp_path: Path) -> None:
    """Its watch on the supervisor still reads at that moment; Python must not die of that."""
    port = free_port()
    command = (sys.executable, "-m", "bot.tethered", "sandbox", "--port", str(port), "--data", str(tmp_path / "s.db"))
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=subprocess.DEVNULL, stderr=pipe, text=True) as child:
        eventually(lambda: answers(port), "the workspace")
        child.terminate()
        assert child.stderr is not None
        assert "" == child.stderr.read()
        assert 0 == child.wait(10)
