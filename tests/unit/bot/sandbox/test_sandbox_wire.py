"""What official samples and bolt-js taught the sandbox, kept where neither is at hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx
import pytest

from bot.sandbox.server import SandboxServer
from tests.official.slack_wire import wire

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="module")
def log() -> Iterator[list[dict[str, Any]]]:
    """The log of a workspace in which everything has happened once."""
    with wire() as lines:
        yield lines


def sent(log: list[dict[str, Any]], name: str) -> list[dict[str, Any]]:
    """The payloads of one name that went to the app."""
    return [line["args"]["payload"] for line in log if line["kind"] == "delivery" and line["name"] == name]


def test_an_upload_address_takes_a_form_too() -> None:
    """bolt-js and curl -F post a file as a part of a form; its bytes arrive as they were."""
    with SandboxServer() as server, httpx.Client(base_url=server.base_url, trust_env=False) as http:
        bearer = {"Authorization": f"Bearer {server.bot_token}"}
        asked = {"filename": "notes.txt", "length": 5}
        told = http.post("/api/files.getUploadURLExternal", json=asked, headers=bearer).json()
        assert "OK - 5" == http.post(told["upload_url"], files={"file": ("notes.txt", b"C D E")}).text
        http.post("/api/files.completeUploadExternal", json={"files": [{"id": told["file_id"]}]}, headers=bearer)
        assert b"C D E" == http.get(f"/sandbox/control/file/{told['file_id']}").content


def test_a_used_element_is_repeated_with_what_it_began_with(log: list[dict[str, Any]]) -> None:
    """Placeholder, initial value, style and confirmation are in the action, as Slack sends them."""
    actions = {one["actions"][0]["type"]: one["actions"][0] for one in sent(log, "block_actions")}
    assert "2026-11-22" == actions["datepicker"]["initial_date"]
    assert "U0BEN" == actions["users_select"]["initial_user"]
    assert "Word" == actions["static_select"]["placeholder"]["text"]
    assert "danger" == actions["button"]["confirm"]["style"]


def test_titles_and_buttons_of_views_are_completed(log: list[dict[str, Any]]) -> None:
    """Plain texts come back with `emoji`, those of the title and the two buttons too."""
    view = sent(log, "view_submission")[0]["view"]
    assert [True, True, True] == [view[part]["emoji"] for part in ("title", "submit", "close")]


def test_a_deleted_file_names_its_channels(log: list[dict[str, Any]]) -> None:
    """The event says where the file was."""
    assert ["C0COMPOSERS"] == sent(log, "file_deleted")[0]["event"]["channel_ids"]


def test_an_updated_message_is_answered_without_its_place(log: list[dict[str, Any]]) -> None:
    """Channel and time stand beside the message in Slack's answer, not in it."""
    answer = next(line["answer"] for line in log if line["name"] == "chat.update")
    assert {"ts", "channel"} <= answer.keys()
    assert not {"ts", "thread_ts"} & answer["message"].keys()
