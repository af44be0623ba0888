"""The log of the wire shows that something was said, and no password with it."""

from __future__ import annotations

import json

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sandbox.journal import HIDDEN, veiled
from bot.sandbox.server import SandboxServer

SECRET = "pw-4711"
TEXT = {"type": "mrkdwn", "text": f"```{SECRET}```"}
FIELD = {"type": "plain_text_input", "action_id": "lines", "initial_value": SECRET}


@pytest.mark.parametrize(
    "said",
    [
        {"blocks": [{"type": "section", "block_id": "your_password", "text": TEXT}]},
        {"view": {"blocks": [{"type": "input", "block_id": "Secrets", "element": FIELD}]}},
        {"view": {"blocks": [{"type": "input", "block_id": "b1", "element": FIELD | {"action_id": "passwords"}}]}},
        {"view": {"state": {"values": {"private_note": {"x": {"type": "plain_text_input", "value": SECRET}}}}}},
        {"view": {"state": {"values": {"b1": {"the_secret": {"type": "plain_text_input", "value": SECRET}}}}}},
        {"actions": [{"type": "plain_text_input", "block_id": "b1", "action_id": "password", "value": SECRET}]},
    ],
)
@pytest.mark.parametrize("packed", [False, True])
def test_what_says_that_it_is_secret_is_hidden(said: dict[str, object], packed: bool) -> None:
    """As a dictionary and, as slack_sdk sends views and blocks, as JSON; the original is untouched."""
    told = {key: json.dumps(value) if packed and key != "actions" else value for key, value in said.items()}
    before = json.dumps(told)
    shown = json.dumps(veiled(told))
    assert (False, True) == (SECRET in shown, HIDDEN in shown)
    assert before == json.dumps(told)


def test_a_veiled_block_keeps_its_shape() -> None:
    """Texts stay texts and lists lists, so that the log can still be held against Slack's types."""
    note = {
        "type": "input",
        "block_id": "private_note",
        "optional": True,
        "label": {"type": "plain_text", "text": "Note"},
    }
    note |= {"element": {"type": "plain_text_input", "max_length": 9, "initial_value": SECRET}}
    assert veiled(note) == note | {
        "label": {"type": "plain_text", "text": HIDDEN},
        "element": {"type": "plain_text_input", "max_length": 9, "initial_value": HIDDEN},
    }


@given(
    st.recursive(
        st.none() | st.integers() | st.text(), lambda some: st.lists(some) | st.dictionaries(st.text("abc_"), some)
    )
)
def test_all_else_is_shown_as_it_is(said: object) -> None:
    """Nothing is lost of what names no secret."""
    assert said == veiled(said)


def test_the_log_is_read_through_the_veil() -> None:
    """What an app posts in such a block is done, and its line of the log has the block's name alone, in the call and in the answer."""
    blocks = [{"type": "section", "block_id": "password", "text": TEXT}]
    with SandboxServer() as server, httpx.Client(base_url=server.base_url) as http:
        asked = {"channel": "C0COMPOSERS", "text": "Here", "blocks": blocks}
        token = {"Authorization": f"Bearer {server.bot_token}"}
        answer = http.post("/api/chat.postMessage", json=asked, headers=token).json()
        log = http.get("/sandbox/control/log").text
    assert (True, True) == (answer["ok"], SECRET in json.dumps(answer["message"]["blocks"]))
    assert (False, True) == (SECRET in log, '"block_id":"password"' in log)
