#!/usr/bin/env bash
# slack_sdk 3.47.0 (PyPI): how large an answer its built-in Socket Mode client can send.
#
# Found: a frame of 65,535 bytes arrives; one byte more is never sent. The client writes the length of each frame above 125 bytes as 16 bits, and has no branch for the 64 bits that
# RFC 6455 (5.2) has for longer ones, so struct raises "'H' format requires 0 <= number <= 65535" out of Connection.send. The acknowledgement of a modal with a view of that size is lost, and the person reads
# "We had some trouble connecting". It comes earlier than it sounds: slack_sdk writes JSON in ASCII, in which each Cyrillic or Japanese character takes six bytes, so 11,000 of them do.
# Receiving has no such limit. An app acknowledges with a small view, and sends the large one by views.update (people report that Slack's own end takes 20 KiB a frame in any case).
#
# Run 2026-11-30 on Python 3.11.7. Output:
#   65535 bytes: arrived
#   65536 bytes: struct.error: 'H' format requires 0 <= number <= 65535
#   received: 70000 bytes
# Fails (exit 1) if that changes. Takes about 15 seconds; nothing is sent to Slack.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install -q --disable-pip-version-check slack-sdk==3.47.0 websockets==15.0.1
cat >"$folder/frames.py" <<'PYTHON'
import logging
import struct
import sys
import threading
from queue import Empty, Queue

from slack_sdk.socket_mode.builtin.connection import Connection, ConnectionState
from websockets.sync.server import serve

arrived, received = Queue(), Queue()


def other_side(socket):
    socket.send("y" * 70_000)
    for text in socket:
        arrived.put(len(text))


with serve(other_side, "127.0.0.1", 0, compression=None) as server:
    threading.Thread(target=server.serve_forever, daemon=True).start()
    port = server.socket.getsockname()[1]
    ours = Connection(
        url=f"ws://127.0.0.1:{port}/",
        logger=logging.getLogger("ours"),
        ping_interval=60,
        on_message_listener=lambda text: received.put(len(text)),
    )
    ours.connect()
    threading.Thread(target=ours.run_until_completion, args=(ConnectionState(),), daemon=True).start()
    seen = []
    for size in (65_535, 65_536):
        try:
            ours.send("x" * size)
            seen.append((size, "arrived" if arrived.get(timeout=10) == size else "arrived otherwise"))
        except struct.error as error:
            seen.append((size, f"struct.error: {error}"))
        except Empty:
            seen.append((size, "did not arrive"))
    come = received.get(timeout=10)
    ours.close()
    server.shutdown()
for size, what in seen:
    print(f"{size} bytes: {what}")
print(f"received: {come} bytes")
if seen[0] != (65_535, "arrived") or not seen[1][1].startswith("struct.error") or come != 70_000:
    sys.exit("It behaves differently now: look again.")
PYTHON
"$folder/venv/bin/python" "$folder/frames.py"
