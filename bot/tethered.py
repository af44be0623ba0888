"""``python -m bot.tethered ARGUMENTS``: ``kantor ARGUMENTS``, for no longer than the process that started it.

The demo's supervisor holds the other end of our standard input and writes nothing. When that ends, so has the supervisor, however it went.
"""

import os
import signal
import sys
import threading

from bot.cli import app


def end_with_parent() -> None:
    """Wait for the end of standard input, then ask this process to stop as Ctrl-C would."""
    # Not through sys.stdin: a thread that waits in there holds its lock, and Python dies of that where it ends before its parent.
    while os.read(sys.stdin.fileno(), 1024):
        pass
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    threading.Thread(target=end_with_parent, name="parent-watch", daemon=True).start()
    app(prog_name="kantor")
