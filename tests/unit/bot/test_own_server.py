"""The PostgreSQL server out of a wheel: it does not outlive those who use it, however they end."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

import psutil
import pytest

from tests.makers.stage import eventually

pytestmark = pytest.mark.processes

USES = """
import sys
from pathlib import Path
from bot.demo.postgres import own_server

with own_server(Path(sys.argv[1]), temporary=sys.argv[2] == "temporary"):
    print("here", flush=True)
    sys.stdin.read()
"""


@pytest.mark.parametrize("kind", ["temporary", "kept"])
def test_a_server_ends_when_the_last_who_has_it_open_is_killed(kind: str) -> None:
    """SIGKILL, no clean-up. The first one's end leaves it running; its data are deleted where it was made for the moment."""
    with tempfile.TemporaryDirectory(prefix="kantor-server-") as place:
        folder = Path(place) / "data"
        users = [user_of(folder, kind) for _ in range(2)]
        server = psutil.Process(int((folder / "postmaster.pid").read_text(encoding="utf-8").split()[0]))
        users[0].kill()
        with pytest.raises(psutil.TimeoutExpired):
            server.wait(1)
        users[1].kill()
        eventually(lambda: not server.is_running() or server.status() == psutil.STATUS_ZOMBIE, "its end")
        eventually(lambda: folder.exists() is (kind == "kept"), "an empty place")
        for user in users:  # only now: until somebody asks how they ended, their process ids are there
            with user:
                pass


def user_of(folder: Path, kind: str) -> subprocess.Popen[str]:
    """Somebody who has it open."""
    command = (sys.executable, "-c", USES, str(folder), kind)
    user = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert user.stdout is not None
    assert "here" in user.stdout.readline()
    return user
