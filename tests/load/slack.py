"""The sandbox as a process of its own: ``python -m tests.load.slack FILE PORT on|off``, until SIGTERM."""

from __future__ import annotations

import inspect
import signal
import sys
import threading
from pathlib import Path

from bot.sandbox.server import SandboxServer
from tests.makers.stage import MANIFEST


def main() -> None:
    """Serve the workspace of that file on that port, with Slack's rate limits on or off."""
    file, port, limits = sys.argv[1:]
    asked = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: asked.set())
    # XXX until the sandbox has them
    more = {"rate_limits": limits == "on"} if "rate_limits" in inspect.signature(SandboxServer).parameters else {}
    with SandboxServer(Path(file), int(port), MANIFEST, **more):
        asked.wait()


if __name__ == "__main__":
    main()
