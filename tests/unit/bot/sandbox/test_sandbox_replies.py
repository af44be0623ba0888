"""Response URLs, view stacks, mentions, reactions, and plain values turned into Slack's state."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.webhook import WebhookClient

from bot.sandbox.client import NoSuchFieldError, filled
from bot.sandbox.forms import complete_state, refusals

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from slack_bolt import Ack, App
    from slack_sdk import WebClient

    from bot.sandbox.client import Sandbox

    Connect = Callable[[App], AbstractContextManager[None]]

ROOM = "C0COMPOSERS"


def plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text}


def options(*values: str) -> list[dict[str, Any]]:
    return [{"text": plain(value.upper()), "value": value} for value in values]


def entry(block_id: str, kind: str, **more: Any) -> dict[str, Any]:
    return {
        "type": "input",
        "block_id": block_id,
        "label": plain("x"),
        "element": {"type": kind, "action_id": block_id, **more},
    }


def ephemeral_button(app: App, urls: list[str]) -> None:
    """Answer the command with a button that only its person sees, and keep the address that a press brings."""
    button = {"type": "button", "action_id": "press", "text": plain("Press")}

    @app.command("/kantor")
    def shows(ack: Ack) -> None:
        ack(text="press", blocks=[{"type": "actions", "elements": [button]}])

    @app.action("press")
    def pressed(ack: Ack, body: dict[str, Any]) -> None:
        urls.append(body["response_url"])
        ack()


def test_response_url_replaces_and_deletes_what_one_person_sees(app: App, sandbox: Sandbox, connected: Connect) -> None:
    """An ephemeral message is replaced and deleted at its response URL; an answer in_channel is for all."""
    urls: list[str] = []
    ephemeral_button(app, urls)
    with connected(app):
        ada = sandbox.person("ada")
        ada.command(ROOM, "/kantor x")
        ada.click(ada.wait_for_ephemeral(ROOM, "press"), "press")
        hook = WebhookClient(urls[0])
        hook.send_dict({"text": "replaced", "replace_original": True})
        replaced = [one["text"] for one in ada.ephemerals(ROOM)]
        hook.send_dict({"delete_original": True})
        hook.send_dict({"text": "for all", "response_type": "in_channel"})

    assert (replaced, ada.ephemerals(ROOM)) == (["replaced"], [])
    assert sandbox.person("ben").messages(ROOM)[-1]["text"] == "for all"


def test_response_url_is_good_for_five_uses_and_half_an_hour(app: App, sandbox: Sandbox, connected: Connect) -> None:
    """The sixth use, and a use after thirty minutes, are refused."""
    urls: list[str] = []
    ephemeral_button(app, urls)
    with connected(app):
        ada = sandbox.person("ada")
        ada.command(ROOM, "/kantor x")
        message = ada.wait_for_ephemeral(ROOM, "press")
        ada.click(message, "press")
        first = [WebhookClient(urls[0]).send_dict({"text": "again", "replace_original": False}) for _ in range(6)]
        ada.click(message, "press")
        sandbox.advance(1801)
        late = WebhookClient(urls[1]).send_dict({"text": "late"})

    assert [one.status_code for one in first] == [200] * 5 + [404]
    assert ("used_url" in first[5].body, "expired_url" in late.body) == (True, True)


def test_view_stack_holds_three(app: App, sandbox: Sandbox, connected: Connect) -> None:
    """A fourth view is refused; closing the topmost shows the one below; ids tell root and previous."""
    button = {"type": "button", "action_id": "more", "text": plain("More")}
    view = {"type": "modal", "title": plain("Level"), "blocks": [{"type": "actions", "elements": [button]}]}
    errors: list[str] = []

    @app.command("/kantor")
    def opens(ack: Ack, command: dict[str, str], client: WebClient) -> None:
        ack()
        client.views_open(trigger_id=command["trigger_id"], view=view)

    @app.action("more")
    def pushes(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        try:
            client.views_push(trigger_id=body["trigger_id"], view=view)
        except SlackApiError as error:
            errors.append(error.response["error"])
        ack()

    with connected(app):
        ada = sandbox.person("ada")
        ada.command(ROOM, "/kantor x")
        ada.wait_for_view("Level")
        for _ in range(3):
            ada.click(ada.views()[-1], "more")
        first, second, third = ada.views()
        ada.close(third)

    assert errors == ["push_limit_reached"]
    assert (third["root_view_id"], third["previous_view_id"]) == (first["id"], second["id"])
    assert [one["id"] for one in ada.views()] == [first["id"], second["id"]]


def test_mentions_and_reactions(app: App, sandbox: Sandbox, connected: Connect) -> None:
    """A mention of the bot is an app_mention; a reaction shows on the message, once."""
    heard: list[str] = []

    @app.event("app_mention")
    def mentioned(event: dict[str, Any], client: WebClient) -> None:
        heard.append(event["text"])
        client.reactions_add(channel=event["channel"], timestamp=event["ts"], name="wave")

    with connected(app):
        ada = sandbox.person("ada")
        message = ada.say(ROOM, "hello @kantor")
        shown = ada.wait_for_message(ROOM, lambda one: "reactions" in one)
        with pytest.raises(SlackApiError, match="already_reacted"):
            app.client.reactions_add(channel=ROOM, timestamp=message["ts"], name="wave")
        link = app.client.chat_getPermalink(channel=ROOM, message_ts=message["ts"])["permalink"]

    assert heard == ["hello <@U0KANTOR>"]
    assert shown["reactions"] == [{"name": "wave", "users": ["U0KANTOR"], "count": 1}]
    assert f"/archives/{ROOM}/p" in link


def test_an_update_without_blocks_keeps_them(web: WebClient, sandbox: Sandbox) -> None:
    """chat.update with a text alone keeps the blocks; an empty list takes them away."""
    ts = web.chat_postMessage(channel=ROOM, text="one", blocks=[{"type": "divider"}])["ts"]
    web.chat_update(channel=ROOM, ts=ts, text="two")
    kept = sandbox.all_messages(ROOM)[0]["blocks"]
    web.chat_update(channel=ROOM, ts=ts, text="three", blocks=[])

    assert ([one["type"] for one in kept], sandbox.all_messages(ROOM)[0]["blocks"]) == (["divider"], [])


FORM = {
    "blocks": [
        entry("radio", "radio_buttons", options=options("a", "b")),
        entry("boxes", "checkboxes", options=options("a", "b", "c")),
        entry("select", "static_select", options=options("a", "b"), initial_option=options("b")[0]),
        entry("people", "multi_users_select"),
        entry("place", "conversations_select"),
        entry("day", "datepicker"),
        entry("hour", "timepicker"),
        entry("moment", "datetimepicker"),
        entry("count", "number_input", is_decimal_allowed=False, min_value="1", max_value="5"),
        entry("mail", "email_text_input"),
    ]
}


def test_plain_values_become_state() -> None:
    """Values by block or action id turn into Slack's shapes; an option is found by its value or its text."""
    moment = dt.datetime(2026, 12, 24, 18, 0, tzinfo=dt.UTC)
    values = {"radio": "a", "boxes": ["A", "c"], "people": ["U0ADA"], "place": ROOM, "day": moment.date()}
    values |= {"hour": dt.time(9, 5), "moment": moment, "count": 3, "mail": "ada@example.com"}
    state = filled(FORM, values)
    shown = {block: next(value for key, value in told[block].items() if key != "type") for block, told in state.items()}

    assert shown == {
        "radio": options("a")[0],
        "boxes": options("a", "c"),
        "select": options("b")[0],
        "people": ["U0ADA"],
        "place": ROOM,
        "day": "2026-12-24",
        "hour": "09:05",
        "moment": int(moment.timestamp()),
        "count": "3",
        "mail": "ada@example.com",
    }
    assert refusals(FORM["blocks"], complete_state(FORM["blocks"], state)) == {}


@pytest.mark.parametrize("values", [{"nothing": 1}, {"radio": "z"}])
def test_unknown_fields_are_named(values: dict[str, Any]) -> None:
    """A field or an option that is not there is an error that names those which are."""
    with pytest.raises(NoSuchFieldError, match=r"radio|'a', 'b'"):
        filled(FORM, values)


@pytest.mark.parametrize(
    ("values", "text"),
    [
        ({"count": 9}, "Please enter a number of 5 or less."),
        ({"count": 0}, "Please enter a number of 1 or more."),
        ({"count": "x"}, "Please enter a valid number."),
        ({"mail": "nobody"}, "Please enter a valid email address."),
    ],
)
def test_values_that_the_client_refuses(values: dict[str, Any], text: str) -> None:
    """A number out of its range and a wrong address are refused beside their field."""
    found = refusals(FORM["blocks"], complete_state(FORM["blocks"], filled(FORM, values)))
    assert text == found[next(iter(values))]
