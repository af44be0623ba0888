#!/usr/bin/env bash
# Pebble 5.2.3 (PyPI), ProcessPool.schedule(..., timeout=N): "a task that takes longer is ended".
#
# Found: the time is measured by time.time(). Where the machine's clock is set back while a task runs (NTP after a sleep, a person, a restored
# virtual machine), the task has that much longer: with the clock an hour back, a time-out of 2 s ends it after an hour and 2 s. A pool whose
# time-outs guard against hanging parsers then does not guard. time.monotonic() in both places would mend it; until then whoever depends on the
# time-out needs an alarm of their own in the child.
#
# The script lets time.time() of the pool's own process say an hour less from one moment on, which is what a set clock does to it, and waits
# four times the time-out. Run 2026-11-29 on Python 3.11.7, Linux:
#   clock left alone: ended after 2.0 s
#   clock set back:   still running after 8 s
# Fails (exit 1) if either changes. Takes about 20 seconds.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install -q --disable-pip-version-check pebble==5.2.3
cat >"$folder/clock.py" <<'PYTHON'
import sys
import time

from pebble import ProcessPool

TIMEOUT, PATIENCE = 2, 8
real = time.time


def ended_after(set_back):
    """Seconds until the time-out ended the task; None where it had not after PATIENCE."""
    with ProcessPool(max_workers=1) as pool:
        pool.schedule(time.sleep, args=[0.1]).result()
        began = time.monotonic()
        future = pool.schedule(time.sleep, args=[60], timeout=TIMEOUT)
        time.sleep(0.5)
        if set_back:
            time.time = lambda: real() - 3600
        while not future.done() and time.monotonic() - began < PATIENCE:
            time.sleep(0.05)
        ended, waited = future.done(), time.monotonic() - began
        time.time = real
        pool.stop()
        pool.join()
    return waited if ended else None


if __name__ == "__main__":
    plain, back = ended_after(False), ended_after(True)
    print("clock left alone: " + ("not ended" if plain is None else f"ended after {plain:.1f} s"))
    print("clock set back:   " + (f"still running after {PATIENCE} s" if back is None else f"ended after {back:.1f} s"))
    sys.exit(0 if plain is not None and plain < PATIENCE / 2 and back is None else 1)
PYTHON
"$folder/venv/bin/python" "$folder/clock.py"
