"""Metadata of messages: an event of the app, and work objects by the types of `@slack/types`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from slack_sdk import WebClient

from bot.sandbox.api_chat import metadata
from bot.sandbox.shapes import SlackError

if TYPE_CHECKING:
    from bot.sandbox.client import Sandbox
    from bot.sandbox.server import SandboxServer

ENTITY: dict[str, Any] = {
    "entity_type": "slack#/entities/item",
    "url": "https://example.com/rain",
    "external_ref": {"id": "rain", "type": "piece"},
    "entity_payload": {"attributes": {"title": {"text": "Rain"}, "product_name": "Kantor"}, "fields": {}},
}
EVENT = {"event_type": "heard", "event_payload": {"times": 3}}


@pytest.mark.parametrize("told", [EVENT, {"entities": [ENTITY]}, EVENT | {"entities": [ENTITY]}])
def test_what_slack_takes_is_kept(told: dict[str, Any]) -> None:
    """An event, work objects, or both."""
    assert told == metadata(told)


@pytest.mark.parametrize("told", [
    {}, [], "x", {"event_type": "x"}, {"event_payload": {}}, {"entities": []}, {"entities": [1]},
    {"entities": [ENTITY | {"url": ""}]}, {"entities": [ENTITY | {"colour": "red"}]},
    {"entities": [ENTITY | {"external_ref": {}}]}, {"entities": [ENTITY | {"entity_payload": {}}]},
    {"entities": [ENTITY | {"entity_payload": {"attributes": {"title": "Rain"}}}]},
])  # fmt: skip
def test_what_slack_does_not_take_is_refused(told: Any) -> None:
    """Without a title, an address, a reference, or with a key that nobody knows."""
    with pytest.raises(SlackError, match="invalid_metadata_format"):
        metadata(told)


def test_a_work_object_stays_with_its_message(server: SandboxServer, sandbox: Sandbox) -> None:
    """And comes back where metadata are asked for."""
    sandbox.reset()
    client = WebClient(token=server.bot_token, base_url=server.api_url)
    posted = client.chat_postMessage(channel="C0COMPOSERS", text="Rain", metadata={"entities": [ENTITY]})
    told = client.conversations_history(
        channel="C0COMPOSERS", include_all_metadata=True, oldest=posted["ts"], inclusive=True
    )
    assert {"entities": [ENTITY]} == told["messages"][0]["metadata"]
