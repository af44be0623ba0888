"""What a person sees who sits at a terminal: a progress bar, and a question before a contest is judged again."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.makers.pieces import melody
from tests.unit.bot.test_cli_rejudge import counted, folder

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.processes

pty = pytest.importorskip("pty", reason="no terminals on this system")
__all__ = ["folder"]  # the fixture


def at_terminal(*arguments: str, typed: str = "", **environment: str) -> str:
    """Run ``kantor`` with a terminal on all three streams; all that it showed, without colours."""
    ours, theirs = pty.openpty()
    command = (sys.executable, "-m", "bot", *arguments)
    own = {"COLUMNS": "160", "TERM": "xterm", **environment}
    process = subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, env={**os.environ, **own})
    os.close(theirs)
    os.write(ours, typed.encode())
    shown = bytearray()
    while True:
        try:
            shown += os.read(ours, 65_536)
        except OSError:  # the other end is closed: it has ended
            break
    os.close(ours)
    assert 0 == process.wait(30), shown.decode()
    return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", shown.decode())


def test_many_files_show_a_progress_bar(tmp_path: Path) -> None:
    """It says what goes on, and the table follows."""
    for number in range(30):
        (tmp_path / f"{number}.mid").write_bytes(melody(number))
    shown = at_terminal("judge", str(tmp_path))
    assert "Listening" in shown
    assert "How much like Bach?" in shown


@pytest.mark.parametrize(("typed", "count"), [("y\n", 4), ("no\n", 2), ("\n", 2)])
def test_who_rejudges_is_asked(folder: Path, typed: str, count: int) -> None:
    """Yes lets all new verdicts count; anything else changes nothing."""
    shown = at_terminal("rejudge", "bach-jam", typed=typed, KANTOR_DATA=str(folder))
    assert "Let all 2 new verdicts count? [y/N]" in shown
    assert count == len(counted(folder))
