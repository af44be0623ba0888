"""A plain app on bolt-python: a modal by command and by shortcut, whose submission is told in the channel."""

import os
from typing import Any

from slack_bolt import Ack, App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient

app = App(token=os.environ["SLACK_BOT_TOKEN"])
FIELD = {"type": "plain_text_input", "action_id": "words"}
LABEL = {"type": "plain_text", "text": "Words"}


def ask(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
    """Open the modal."""
    ack()
    view = {
        "type": "modal",
        "callback_id": "asked",
        "title": {"type": "plain_text", "text": "Ask"},
        "submit": {"type": "plain_text", "text": "Send"},
        "blocks": [{"type": "input", "block_id": "words", "label": LABEL, "element": FIELD}],
    }
    client.views_open(trigger_id=body["trigger_id"], view=view)


app.command("/ask")(ask)
app.shortcut("ask")(ask)


@app.view("asked")
def asked(ack: Ack, view: dict[str, Any], client: WebClient) -> None:
    """Tell what was asked."""
    ack()
    words = view["state"]["values"]["words"]["words"]["value"]
    client.chat_postMessage(channel="C0COMPOSERS", text=f"Asked: {words}")


SocketModeHandler(app, os.environ["SLACK_APP_TOKEN"]).start()  # type: ignore[no-untyped-call]  # Bolt leaves it untyped
