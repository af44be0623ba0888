"""What stands in a terminal, or in a file of logs: our lines and those of libraries read alike."""

from __future__ import annotations

import contextlib
import os
import re
import subprocess
import sys

import pytest

SPEAK = """
import logging, structlog
from bot.logs import configure_logs
configure_logs("WARNING")
structlog.get_logger().info("quiet")
structlog.get_logger().warning("ours", child="run")
logging.getLogger("slack_bolt").warning("theirs %s", 1)
try:
    1 / 0
except ZeroDivisionError:
    logging.getLogger("slack_sdk").exception("broken")
"""


def test_libraries_log_in_our_format() -> None:
    """Each line has its time, its level, what happened and whose it is; a fault keeps its trace."""
    said = subprocess.run([sys.executable, "-c", SPEAK], capture_output=True, text=True, check=True).stderr
    whole = [re.sub(r"timestamp='[^']+Z' ", "", line) for line in said.splitlines()]
    assert "level='warning' event='ours' child='run'" == whole[0]
    assert "level='warning' event='theirs 1' logger='slack_bolt'" == whole[1]
    assert re.match(r"level='error' event='broken' logger='slack_sdk' exception=.*ZeroDivisionError", whole[2])
    assert 3 == len(whole)


FORGE = r"""
import logging, structlog
from bot.logs import configure_logs
configure_logs("WARNING")
typed = "a\nlevel='error' event='forged' \x1b[2J\x1b[31m \x9b31m \r\u2028gone"
structlog.get_logger().warning("ours", reason=typed)
structlog.get_logger().warning(typed)
logging.getLogger("slack_bolt").warning("theirs %s", typed)
try:
    raise ValueError(typed)
except ValueError:
    logging.getLogger("slack_sdk").exception("broken")
    structlog.get_logger().exception("broken too")
"""


def at_a_terminal(code: str) -> str:
    """What a program says where a person looks on."""
    ours, theirs = os.openpty()
    with subprocess.Popen([sys.executable, "-c", code], stderr=theirs) as program:
        os.close(theirs)
        said = b""
        with contextlib.suppress(OSError):  # so Linux says that the other end has hung up
            while part := os.read(ours, 65536):
                said += part
        os.close(ours)
    assert 0 == program.returncode
    return said.decode()


@pytest.mark.parametrize("terminal", [False, True], ids=["file", "terminal"])
def test_nothing_typed_begins_a_line_or_steers_a_terminal(*, terminal: bool) -> None:
    """Line breaks and control characters are written with escapes, in what happened, in values and in traces."""
    run = [sys.executable, "-c", FORGE]
    said = at_a_terminal(FORGE) if terminal else subprocess.run(run, capture_output=True, text=True, check=True).stderr
    lines = said.replace("\r\n", "\n").split("\n")
    begun = [line for line in lines if line and not line.startswith("  ")]
    assert 5 == len(begun)
    assert [] == [line for line in begun if not re.match(r"(timestamp=')?\d{4}-\d\d-\d\dT", line)]
    assert [] == [line for line in lines if re.search(r"[\x00-\x1f\x7f-\x9f\u2028]", line)]


CAUSED = """
import structlog
from bot.logs import configure_logs
from bot.rules.causes import caused
configure_logs("WARNING")
with caused("Ev1"):
    structlog.get_logger().warning("heard")
structlog.get_logger().warning("of itself")
"""


def test_what_came_of_it_is_in_each_line() -> None:
    """By the same name, and only inside."""
    said = subprocess.run([sys.executable, "-c", CAUSED], capture_output=True, text=True, check=True).stderr
    first, second = said.splitlines()
    assert "cause='Ev1'" in first
    assert "cause" not in second
