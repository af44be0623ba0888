"""What stands in a terminal, or in a file of logs: our lines and those of libraries read alike."""

from __future__ import annotations

import re
import subprocess
import sys

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
