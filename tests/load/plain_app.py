"""What a Bolt app is without further thought: default settings, SQLite in the listener. ``python -m tests.load.plain_app API FILE SECONDS``.

Each rating is one insert and its commit, and takes ``SECONDS`` in all, as a database on another machine, or a busy disk, would.
"""

from __future__ import annotations

import sqlite3
import sys
import time
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient

from bot.rules.criteria import DEFAULT
from bot.sandbox.server import SandboxServer
from bot.usecases.judging.ratings import RatingForm
from handlers.judging import views

if TYPE_CHECKING:
    from slack_bolt import Ack


def make(api_url: str, file: Path, seconds: float) -> App:
    """The app: ``/kantor`` opens the rating modal, and submitting it writes a row."""
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS rating (judge TEXT, view TEXT, PRIMARY KEY (judge, view))")
    app = App(client=WebClient(token=SandboxServer.bot_token, base_url=api_url))
    form = RatingForm("none", "quiet jackdaw", "Plain", DEFAULT, None, 0, 1)

    def opened(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        ack()
        client.views_open(trigger_id=body["trigger_id"], view=views.rating(form))

    def rated(ack: Ack, body: dict[str, Any]) -> None:
        began = time.monotonic()
        with closing(sqlite3.connect(file, timeout=10)) as connection, connection:
            connection.execute("INSERT INTO rating VALUES (?, ?)", (body["user"]["id"], body["view"]["id"]))
        time.sleep(max(0.0, seconds - (time.monotonic() - began)))
        ack()

    app.command("/kantor")(opened)
    app.view("rate")(rated)
    return app


def main() -> None:
    """Serve until killed."""
    api_url, file, seconds = sys.argv[1:]
    handler = SocketModeHandler(make(api_url, Path(file), float(seconds)), SandboxServer.app_token)
    handler.start()  # type: ignore[no-untyped-call]  # Bolt's adapter is not typed


if __name__ == "__main__":
    main()
