#!/usr/bin/env bash
# slack_bolt 1.30.0 (PyPI) over HTTP: a slash command with the word "payload" anywhere in what somebody typed.
#
# Found: Bolt looks for the letters "payload" in the whole form before it looks for the field of that name (which interactivity has, and commands have not). Where
# somebody types "/weather payload of the balloon", the form is read as an interaction without one: the parsed body is empty, no listener matches, and
# Slack gets 404, which the person reads as a failure of the app. So does a user or a channel whose name has that word. "/weather pay load" is answered. Socket Mode is
# not touched: its commands come as JSON. An app that serves HTTP itself mends it by parsing the form by itself and handing Bolt a BoltRequest with the dictionary as body in mode "socket_mode".
#
# Run 2026-11-29 on Python 3.11.7. Output:
#   /weather berlin: 200, parsed text 'berlin'
#   /weather payload of the balloon: 404, parsed text None
#   the same as in Socket Mode: 200, parsed text 'payload of the balloon'
# Fails (exit 1) if that changes. Takes about 10 seconds; nothing is sent to Slack.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install -q --disable-pip-version-check slack-bolt==1.30.0 slack-sdk==3.47.0
cat >"$folder/weather.py" <<'PYTHON'
import logging
import sys
from urllib.parse import urlencode

from slack_bolt import App, BoltRequest
from slack_bolt.authorization import AuthorizeResult

logging.disable(logging.CRITICAL)


def authorize():
    return AuthorizeResult(enterprise_id=None, team_id="T1", bot_user_id="U0", bot_id="B0", bot_token="xoxb-0")


app = App(signing_secret="for nobody", authorize=authorize, request_verification_enabled=False, process_before_response=True)


@app.command("/weather")
def weather(ack):
    ack("sunny")


def form(text):
    return {"command": "/weather", "text": text, "user_id": "U1", "team_id": "T1", "channel_id": "C1", "response_url": "https://example.com"}


def asked(told, request):
    status, text = app.dispatch(request).status, request.body.get("text")
    print(f"{told}: {status}, parsed text {text!r}")
    return status, text


headers = {"content-type": "application/x-www-form-urlencoded"}
plain, said = "berlin", "payload of the balloon"
answers = [
    asked(f"/weather {plain}", BoltRequest(body=urlencode(form(plain)), headers=headers)),
    asked(f"/weather {said}", BoltRequest(body=urlencode(form(said)), headers=headers)),
    asked("the same as in Socket Mode", BoltRequest(body=form(said), mode="socket_mode")),
]
if answers != [(200, plain), (404, None), (200, said)]:
    sys.exit("It behaves differently now: look again.")
PYTHON
"$folder/venv/bin/python" "$folder/weather.py"
