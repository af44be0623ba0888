"""Slack's newer blocks: fields, limits and surfaces as its types and pages have them, and a workspace to which they have not come yet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.sandbox.shapes import SlackError
from bot.sandbox.validate import Validator
from tests.makers import newer_blocks as n

if TYPE_CHECKING:
    from bot.sandbox.client import Sandbox
    from bot.sandbox.server import SandboxServer

ROOM = "C0COMPOSERS"
VALIDATOR = Validator(lambda _: True)


def problems(*blocks: Any) -> list[str]:
    """What Slack would say of a message of these blocks."""
    try:
        VALIDATOR.blocks(list(blocks))
    except SlackError as refusal:
        return list(refusal.fields["errors"])
    return []


def chart(**changes: Any) -> dict[str, Any]:
    return n.BAR | {"chart": n.BAR["chart"] | changes}


def rows(*given: Any) -> dict[str, Any]:
    return n.DATA_TABLE | {"rows": list(given), "row_header_column_index": 0}


HEAD = [n.raw("A"), n.raw("B")]
ROW = [n.raw("x"), n.number(1)]
POINT = {"label": "Mon", "value": 1}
AXIS = {"categories": ["Mon"]}
BELOW_A_CARD = {"type": "static_select"}
REFUSED: list[tuple[dict[str, Any], str]] = [
    (rows(HEAD), "no fewer than 2 items allowed [json-pointer:/blocks/0/rows]"),
    (rows(*[HEAD] * 102), "no more than 101 items allowed [json-pointer:/blocks/0/rows]"),
    (rows(HEAD, [n.raw("x")]), "must have as many cells as the first row: 2 [json-pointer:/blocks/0/rows/1]"),
    (rows([n.rich("A"), n.raw("B")], ROW), "unsupported type: rich_text [json-pointer:/blocks/0/rows/0/0/type]"),
    (rows(HEAD, [n.raw("x" * 10_000), n.raw("x")]), "must be less than 10001 characters in all [json-pointer:/blocks/0/rows]"),
    (rows(HEAD, [n.raw("x"), {"type": "raw_number", "text": "1"}]), "must be a number [json-pointer:/blocks/0/rows/1/1/value]"),
    (rows(HEAD, [n.raw("x"), {"type": "raw_number", "value": 1}]), "must be more than 0 characters [json-pointer:/blocks/0/rows/1/1/text]"),
    (rows(HEAD, [n.raw("x"), n.raw("y") | {"bold": True}]), "invalid additional property: bold [json-pointer:/blocks/0/rows/1/1]"),
    (n.DATA_TABLE | {"page_size": 101}, "must be between 1 and 100 [json-pointer:/blocks/0/page_size]"),
    (n.DATA_TABLE | {"row_header_column_index": 3}, "must be between 0 and 2 [json-pointer:/blocks/0/row_header_column_index]"),
    (n.DATA_TABLE | {"caption": None}, "missing required field: caption [json-pointer:/blocks/0]"),
    (n.BAR | {"title": "x" * 51}, "must be less than 51 characters [json-pointer:/blocks/0/title]"),
    (chart(type="radar"), "unsupported type: radar [json-pointer:/blocks/0/chart/type]"),
    (chart(type=["bar"]), "unsupported type: ['bar'] [json-pointer:/blocks/0/chart/type]"),
    (chart(series=[]), "no fewer than 1 items allowed [json-pointer:/blocks/0/chart/series]"),
    (chart(series=[n.series(str(at), 1, 2, 3) for at in range(7)]), "no more than 6 items allowed [json-pointer:/blocks/0/chart/series]"),
    (chart(series=[n.series("Judy", 1, 2, 3)] * 2), "must be unique [json-pointer:/blocks/0/chart/series/1/name]"),
    (chart(series=[n.series("x" * 21, 1, 2, 3)]), "must be less than 21 characters [json-pointer:/blocks/0/chart/series/0/name]"),
    (chart(series=[{"name": "Judy", "data": [POINT]}]), "must have one value for each category [json-pointer:/blocks/0/chart/series/0/data]"),
    (
        chart(series=[{"name": "Judy", "data": [POINT | {"value": "1"}]}], axis_config=AXIS),
        "must be a number [json-pointer:/blocks/0/chart/series/0/data/0/value]",
    ),
    (chart(axis_config=n.AXES | {"x_label": "x" * 51}), "must be less than 51 characters [json-pointer:/blocks/0/chart/axis_config/x_label]"),
    (chart(segments=[POINT]), "invalid additional property: segments [json-pointer:/blocks/0/chart]"),
    (
        n.PIE | {"chart": {"type": "pie", "segments": [POINT | {"value": 0}]}},
        "must be more than 0 [json-pointer:/blocks/0/chart/segments/0/value]",
    ),
    (
        n.PIE | {"chart": {"type": "pie", "segments": [POINT] * 7}},
        "no more than 6 items allowed [json-pointer:/blocks/0/chart/segments]",
    ),
    ({"type": "card", "subtitle": n.words("x")}, "must provide one of hero_image, title, actions, body [json-pointer:/blocks/0]"),
    (n.CARD | {"title": n.plain("x")}, "unsupported type: plain_text [json-pointer:/blocks/0/title/type]"),
    (n.CARD | {"body": n.words("x" * 201)}, "must be less than 201 characters [json-pointer:/blocks/0/body/text]"),
    (n.CARD | {"actions": [BELOW_A_CARD]}, "unsupported type: static_select [json-pointer:/blocks/0/actions/0/type]"),
    (n.CARD | {"icon": n.button("x")}, "unsupported type: button [json-pointer:/blocks/0/icon/type]"),
    (n.CAROUSEL | {"elements": [n.CARD] * 11}, "no more than 10 items allowed [json-pointer:/blocks/0/elements]"),
    (n.CAROUSEL | {"elements": [n.TASK]}, "unsupported type: task_card [json-pointer:/blocks/0/elements/0/type]"),
    (n.CAROUSEL | {"elements": [n.CARD | {"colour": 1}]}, "invalid additional property: colour [json-pointer:/blocks/0/elements/0]"),
    (n.CONTAINER | {"title": None}, "missing required field: title [json-pointer:/blocks/0]"),
    (n.CONTAINER | {"width": "huge"}, "must be one of: narrow, standard, wide, full [json-pointer:/blocks/0/width]"),
    (n.CONTAINER | {"child_blocks": [n.CONTAINER]}, "unsupported type: container [json-pointer:/blocks/0/child_blocks/0/type]"),
    (n.CONTAINER | {"child_blocks": [{"type": "section"}]}, "missing required field: text [json-pointer:/blocks/0/child_blocks/0]"),
    (n.CONTAINER | {"is_collapsible": False, "default_collapsed": True}, "needs is_collapsible [json-pointer:/blocks/0/default_collapsed]"),
    (n.CONTEXT_ACTIONS | {"elements": [n.button("x")]}, "unsupported type: button [json-pointer:/blocks/0/elements/0/type]"),
    (n.TASK | {"status": "done"}, "must be one of: pending, in_progress, complete, error [json-pointer:/blocks/0/status]"),
    (n.TASK | {"details": n.words("x")}, "unsupported type: mrkdwn [json-pointer:/blocks/0/details/type]"),
    (n.TASK | {"sources": [{"type": "url", "url": "https://example.com"}]}, "missing required field: text [json-pointer:/blocks/0/sources/0]"),
    (n.PLAN | {"tasks": [n.CARD]}, "unsupported type: card [json-pointer:/blocks/0/tasks/0/type]"),
    (n.ALERT, "unsupported type: alert [json-pointer:/blocks/0/type]"),
]  # fmt: skip


@pytest.mark.parametrize("block", [*n.IN_MESSAGES, n.LINE, n.AREA], ids=lambda block: block["type"])
def test_what_slack_takes_passes(block: dict[str, Any]) -> None:
    """With all that its types know, and with the words at their limits."""
    assert [] == problems(block)


@pytest.mark.parametrize("block", n.EVERY, ids=lambda block: block["type"])
def test_a_key_that_slack_does_not_know_is_refused(block: dict[str, Any]) -> None:
    """A newer block is no longer waved through."""
    assert "invalid additional property: colour [json-pointer:/blocks/0]" in problems(block | {"colour": "red"})


@pytest.mark.parametrize(("block", "problem"), REFUSED, ids=[problem for _, problem in REFUSED])
def test_what_slack_refuses_is_refused_with_a_pointer(block: dict[str, Any], problem: str) -> None:
    """One fault, one sentence."""
    given = {key: value for key, value in block.items() if value is not None}
    assert [problem] == problems(given)


def test_two_charts_a_message() -> None:
    """A third one is refused."""
    assert [] == problems(n.BAR, n.PIE)
    assert ["no more than 2 data_visualization blocks allowed [json-pointer:/blocks/2]"] == problems(
        n.BAR, n.PIE, n.LINE
    )


@pytest.mark.parametrize("surface", ["modal", "home"])
@pytest.mark.parametrize("block", n.EVERY, ids=lambda block: block["type"])
def test_each_block_on_its_surfaces(surface: str, block: dict[str, Any]) -> None:
    """Alerts in modals alone; cards and carousels in messages and Home; all others in messages alone."""
    view = {"type": surface, "blocks": [block]} | ({"title": n.plain("x")} if surface == "modal" else {})
    allowed = {"alert": ["modal"], "card": ["home"], "carousel": ["home"]}.get(block["type"], [])
    try:
        VALIDATOR.view(view, surface)
    except SlackError:
        assert surface not in allowed
    else:
        assert surface in allowed


def test_buttons_inside_of_newer_blocks_reach_the_app(server: SandboxServer, sandbox: Sandbox) -> None:
    """In a card, in a card of a carousel, in a container and below an answer: each has its ids, and can be pressed."""
    sandbox.reset()
    client = WebClient(token=server.bot_token, base_url=server.api_url)
    ts = client.chat_postMessage(channel=ROOM, text="x", blocks=list(n.IN_MESSAGES))["ts"]
    (message,) = [one for one in sandbox.all_messages(ROOM) if one["ts"] == ts]
    card, carousel, container, below = message["blocks"][3:7]
    assert all(one["block_id"] for one in (card, *carousel["elements"], *container["child_blocks"]))
    places = [card, carousel["elements"][2], container["child_blocks"][1], below, below]
    elements = [card["actions"][0], places[1]["actions"][0], places[2]["elements"][0], *below["elements"]]
    for block, element in zip(places, elements, strict=True):
        asked = {"block_id": block["block_id"], "action_id": element["action_id"], "action": {}}
        answer = sandbox.http.post(
            "/sandbox/act/action",
            json={"as": "U0ADA", "container": {"type": "message", "channel": ROOM, "ts": ts}} | asked,
        ).json()
        # The press is known, and no app is there to hear it.
        assert answer["error"] == "timeout", answer


def test_a_workspace_to_which_a_block_has_not_come_yet(server: SandboxServer, sandbox: Sandbox) -> None:
    """As in a phased roll-out: `invalid_blocks`, in a message and at a response URL, until it has come."""
    sandbox.reset()
    client = WebClient(token=server.bot_token, base_url=server.api_url)
    sandbox.without_blocks("data_table")
    with pytest.raises(SlackApiError) as refusal:
        client.chat_postMessage(channel=ROOM, text="x", blocks=[n.DATA_TABLE])
    assert refusal.value.response["error"] == "invalid_blocks"
    assert refusal.value.response["errors"] == ["unsupported type: data_table [json-pointer:/blocks/0/type]"]
    client.chat_postMessage(channel=ROOM, text="x", blocks=[n.BAR])
    sandbox.without_blocks()
    client.chat_postMessage(channel=ROOM, text="x", blocks=[n.DATA_TABLE])
    sandbox.without_blocks("data_table")
    sandbox.reset()
    client.chat_postMessage(channel=ROOM, text="x", blocks=[n.DATA_TABLE])
