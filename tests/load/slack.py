"""The sandbox as a process of its own: ``python -m tests.load.slack FILE PORT on|off CLOCK [REQUEST_URL]``, until SIGTERM."""

from __future__ import annotations

import signal
import sys
import threading
from pathlib import Path

from bot.sandbox.server import SandboxServer
from tests.makers.stage import MANIFEST


def main() -> None:
    """Serve the workspace of that file on that port, with Slack's rate limits on or off, and its clock in that file.

    It reaches the app at the request URL, where one is given, and else by Socket Mode.
    """
    file, port, limits, clock, *request_url = sys.argv[1:]
    asked = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: asked.set())
    with SandboxServer(
        Path(file),
        int(port),
        MANIFEST,
        rate_limits=limits == "on",
        clock_file=Path(clock),
        request_url=request_url[0] if request_url else None,
    ):
        asked.wait()


if __name__ == "__main__":
    main()
