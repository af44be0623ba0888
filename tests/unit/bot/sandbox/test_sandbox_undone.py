"""What Slack can do and the sandbox does not is refused: `ok: true` says that it was done."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from slack_sdk.errors import SlackApiError

from bot.sandbox.arguments import demand_done

if TYPE_CHECKING:
    from slack_sdk import WebClient

    from bot.sandbox.client import Sandbox

ROOM = "C0COMPOSERS"


@pytest.mark.parametrize(
    ("method", "args"),
    [
        ("chat.postMessage", {"attachments": [{"text": "old"}]}),
        ("chat.postMessage", {"markdown_text": "# New"}),
        ("chat.postMessage", {"reply_broadcast": True}),
        ("chat.postMessage", {"username": "Somebody else"}),
        ("chat.postEphemeral", {"user": "U0ADA", "attachments": [{"text": "old"}]}),
        ("chat.update", {"ts": "1.0", "markdown_text": "# New"}),
        ("conversations.open", {"users": "U0ADA", "prevent_creation": True}),
    ],
)
def test_undone_is_refused(method: str, args: dict[str, Any], web: WebClient, sandbox: Sandbox) -> None:
    """The refusal names the argument, and nothing is posted."""
    with pytest.raises(SlackApiError) as failure:
        web.api_call(method, json={"channel": ROOM} | args)
    answer = failure.value.response

    assert answer["error"] == "not_supported"
    assert list(args)[-1] in answer["response_metadata"]["messages"][0]
    assert sandbox.all_messages(ROOM) == []


def test_not_asked_for_is_no_matter(web: WebClient) -> None:
    """What clients send by default asks for nothing."""
    posted = web.api_call(
        "chat.postMessage", params={"channel": ROOM, "text": "x", "attachments": "[]", "parse": "none"}
    )
    demand_done("response_url", {"text": "x", "reply_broadcast": False})
    assert posted["ok"]


def test_an_upload_into_several_channels(web: WebClient) -> None:
    """It would reach the first of them alone."""
    with pytest.raises(SlackApiError, match="not_supported"):
        web.files_completeUploadExternal(files=[{"id": "F1"}], channels=[ROOM, "C0GENERAL"])


def test_archived_channels_can_be_left_out(web: WebClient, sandbox: Sandbox) -> None:
    """`exclude_archived` does what it says."""
    sandbox.person("ada").archive(ROOM)
    listed = [
        {one["id"] for one in web.conversations_list(exclude_archived=told)["channels"]} for told in (False, True)
    ]
    assert listed[0] - listed[1] == {ROOM}
