"""A real Bolt app over the real socket: commands, modals, buttons, homes."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import pytest

from bot.sandbox.client import SandboxError, awaited

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from slack_bolt import Ack, App, Respond
    from slack_sdk import WebClient

    from bot.sandbox.client import Sandbox

    Connect = Callable[[App], AbstractContextManager[None]]

ROOM = "C0COMPOSERS"


def plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text}


def modal(*blocks: dict[str, Any], title: str = "Form", **fields: Any) -> dict[str, Any]:
    return {
        "type": "modal",
        "callback_id": "form",
        "title": plain(title),
        "submit": plain("Send"),
        "blocks": list(blocks),
        **fields,
    }


def field(block_id: str, element: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": "input", "block_id": block_id, "label": plain(block_id), "element": element, **more}


NAME = field("name", {"type": "plain_text_input", "action_id": "name_input", "max_length": 10})
BUTTONS = [
    {"type": "actions", "elements": [{"type": "button", "action_id": "choose", "text": plain(one), "value": one}]}
    for one in ("left", "right")
]


def test_command_is_answered_to_its_person_alone(app: App, sandbox: Sandbox, connected: Connect) -> None:
    """The text of an ack appears as an ephemeral message, and nobody else sees it."""

    @app.command("/kantor")
    def status(ack: Ack, command: dict[str, str]) -> None:
        ack(f"{command['channel_name']} {command['user_name']} {command['text']}")

    with connected(app):
        ada = sandbox.person("ada")
        ada.command(ROOM, "/kantor judges add @Judy")
        answer = ada.wait_for_ephemeral(ROOM, "judges")

    assert answer["text"] == "composers ada judges add <@U0JUDY|judy>"
    assert sandbox.person("ben").ephemerals(ROOM) == []


def test_modal_from_command_to_submission(app: App, sandbox: Sandbox, connected: Connect) -> None:
    """A modal's fields reach the app in Slack's shapes: numbers as text, nothing as null, initial values kept."""
    seen: list[dict[str, Any]] = []
    form = modal(
        NAME,
        field("count", {"type": "number_input", "action_id": "n", "is_decimal_allowed": False}),
        field("note", {"type": "plain_text_input", "action_id": "note_input"}, optional=True),
        field("day", {"type": "datepicker", "action_id": "d", "initial_date": "2026-12-24"}),
        private_metadata="kept",
    )

    @app.command("/kantor")
    def opens(ack: Ack, command: dict[str, str], client: WebClient) -> None:
        ack()
        client.views_open(trigger_id=command["trigger_id"], view=form)

    @app.view("form")
    def submitted(ack: Ack, view: dict[str, Any]) -> None:
        seen.append(view)
        ack()

    with connected(app):
        ada = sandbox.person("ada")
        ada.command(ROOM, "/kantor new")
        view = ada.wait_for_view("Form")
        answer = ada.submit(view, {"name": "Aria", "n": 3})

    assert answer == {"ok": True, "response_action": None}
    assert ada.views() == []
    assert seen[0]["state"]["values"] == {
        "name": {"name_input": {"type": "plain_text_input", "value": "Aria"}},
        "count": {"n": {"type": "number_input", "value": "3"}},
        "note": {"note_input": {"type": "plain_text_input", "value": None}},
        "day": {"d": {"type": "datepicker", "selected_date": "2026-12-24"}},
    }
    assert (seen[0]["private_metadata"], seen[0]["root_view_id"]) == ("kept", seen[0]["id"])


def test_submission_is_refused_as_by_slacks_client(app: App, sandbox: Sandbox, connected: Connect) -> None:
    """Missing and too long answers never reach the app; its own errors stand beside the fields, and the modal stays."""

    @app.command("/kantor")
    def opens(ack: Ack, command: dict[str, str], client: WebClient) -> None:
        ack()
        client.views_open(trigger_id=command["trigger_id"], view=modal(NAME))

    @app.view("form")
    def refused(ack: Ack) -> None:
        ack(response_action="errors", errors={"name": "Taken."})

    with connected(app):
        ada = sandbox.person("ada")
        ada.command(ROOM, "/kantor new")
        view = ada.wait_for_view("Form")
        answers = [ada.submit(view, {"name": text})["errors"] for text in ("", "longer than ten", "fine")]

    assert answers == [
        {"name": "Please complete this required field."},
        {"name": "Please use no more than 10 characters."},
        {"name": "Taken."},
    ]
    assert [one["id"] for one in ada.views()] == [view["id"]]


@pytest.mark.parametrize(("action", "titles"), [("push", ["Form", "Next"]), ("update", ["Next"]), ("clear", [])])
def test_response_action(action: str, titles: list[str], app: App, sandbox: Sandbox, connected: Connect) -> None:
    """What an ack of a submission orders happens to the person's stack of modals."""

    @app.command("/kantor")
    def opens(ack: Ack, command: dict[str, str], client: WebClient) -> None:
        ack()
        client.views_open(trigger_id=command["trigger_id"], view=modal(NAME))

    @app.view("form")
    def next_view(ack: Ack) -> None:
        ack(response_action=action, view=None if action == "clear" else modal(NAME, title="Next"))

    with connected(app):
        ada = sandbox.person("ada")
        ada.command(ROOM, "/kantor new")
        answer = ada.submit(ada.wait_for_view("Form"), {"name": "x"})

    assert answer["response_action"] == action
    assert [one["title"]["text"] for one in ada.views()] == titles


def test_an_acknowledgement_larger_than_a_frame_ends_the_connection(
    app: App, sandbox: Sandbox, connected: Connect
) -> None:
    """As Slack does it: the person reads of trouble with the connection, and the app is connected anew."""
    sent = threading.Event()

    @app.command("/kantor")
    def opens(ack: Ack, command: dict[str, str], client: WebClient) -> None:
        ack()
        client.views_open(trigger_id=command["trigger_id"], view=modal(NAME))

    @app.view("form")
    def next_view(ack: Ack) -> None:
        parts = [{"type": "section", "text": {"type": "plain_text", "text": "x" * 3000}} for _ in range(7)]
        ack(response_action="push", view=modal(*parts, title="Next"))
        sent.set()

    with connected(app):
        ada = sandbox.person("ada")
        ada.command(ROOM, "/kantor new")
        answer = ada.submit(ada.wait_for_view("Form"), {"name": "x"})
        assert sent.is_set()
        assert not answer["ok"]
        assert [one["title"]["text"] for one in ada.views()] == ["Form"]
        sandbox.wait_connected()


def test_button_answers_at_its_response_url(app: App, sandbox: Sandbox, connected: Connect) -> None:
    """A button's value, message and channel reach the app, and respond() replaces the message for all."""
    bodies: list[dict[str, Any]] = []

    @app.action("choose")
    def chosen(ack: Ack, body: dict[str, Any], action: dict[str, Any], respond: Respond) -> None:
        ack()
        bodies.append(body)
        respond(f"chose {action['value']}", replace_original=True)

    with connected(app):
        app.client.chat_postMessage(channel=ROOM, text="Left or right?", blocks=BUTTONS)
        ada = sandbox.person("ada")
        message = ada.wait_for_message(ROOM, "Left or right?")
        ada.click(message, "choose", "right")
        changed = sandbox.person("ben").wait_for_message(ROOM, "chose right")

    assert changed["ts"] == message["ts"]
    assert bodies[0]["container"] == {
        "type": "message",
        "message_ts": message["ts"],
        "channel_id": ROOM,
        "is_ephemeral": False,
    }
    assert bodies[0]["actions"][0]["block_id"] == message["blocks"][1]["block_id"]
    assert bodies[0]["channel"] == {"id": ROOM, "name": "composers"}


def test_home_is_published_when_opened(app: App, sandbox: Sandbox, connected: Connect) -> None:
    """Opening Home tells the app, whose view then is there; its buttons work and their trigger opens a modal."""

    @app.event("app_home_opened")
    def opened(event: dict[str, Any], client: WebClient) -> None:
        client.views_publish(user_id=event["user"], view={"type": "home", "blocks": BUTTONS})

    @app.action("choose")
    def chosen(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        ack()
        client.views_open(trigger_id=body["trigger_id"], view=modal(NAME, title=body["view"]["type"]))

    with connected(app):
        ada = sandbox.person("ada")
        ada.open_home()
        ada.click(ada.wait_for_home("left"), "choose", "left")
        view = ada.wait_for_view("home")

    assert view["previous_view_id"] is None


def test_hash_conflict_and_kept_answers(app: App, sandbox: Sandbox, connected: Connect) -> None:
    """An update with a stale hash is refused; one with the right hash keeps the view's id and place."""
    opened: list[Any] = []

    @app.command("/kantor")
    def opens(ack: Ack, command: dict[str, str], client: WebClient) -> None:
        ack()
        opened.append(client.views_open(trigger_id=command["trigger_id"], view=modal(NAME))["view"])

    with connected(app):
        ada = sandbox.person("ada")
        ada.command(ROOM, "/kantor new")
        first = ada.wait_for_view("Form")
        app.client.views_update(view_id=first["id"], hash=first["hash"], view=modal(NAME, title="Second"))
        second = ada.wait_for_view("Second")
        with pytest.raises(Exception, match="hash_conflict"):
            app.client.views_update(view_id=first["id"], hash=first["hash"], view=modal(NAME))

    assert second["id"] == first["id"]
    assert second["hash"] != first["hash"]


def test_trigger_is_good_for_three_seconds_and_once(app: App, sandbox: Sandbox, connected: Connect) -> None:
    """A second use and a late use of a trigger id are refused in Slack's words."""
    triggers: list[str] = []

    @app.command("/kantor")
    def keeps(ack: Ack, command: dict[str, str]) -> None:
        triggers.append(command["trigger_id"])
        ack()

    with connected(app):
        ada = sandbox.person("ada")
        ada.command(ROOM, "/kantor one")
        app.client.views_open(trigger_id=triggers[0], view=modal(NAME))
        with pytest.raises(Exception, match="exchanged_trigger_id"):
            app.client.views_open(trigger_id=triggers[0], view=modal(NAME))
        ada.command(ROOM, "/kantor two")
        sandbox.advance(3.1)
        with pytest.raises(Exception, match="expired_trigger_id"):
            app.client.views_open(trigger_id=triggers[1], view=modal(NAME))


def test_unanswered_command_is_told_to_the_person(app: App, sandbox: Sandbox, connected: Connect) -> None:
    """Three seconds without an ack end in Slack's error, and the log says so."""
    released = threading.Event()

    @app.command("/kantor")
    def dawdles(ack: Ack) -> None:
        released.wait(10)
        ack()

    failures: list[SandboxError] = []

    def order() -> None:
        try:
            sandbox.person("ada").command(ROOM, "/kantor help")
        except SandboxError as error:
            failures.append(error)

    with connected(app):
        thread = threading.Thread(target=order)
        thread.start()
        sandbox.wait_for_log(lambda line: line["name"] == "slash_command")
        sandbox.advance(3)
        thread.join(5)
        released.set()

    assert [one.text for one in failures] == ['/kantor failed with the error "operation_timeout"']
    assert sandbox.wait_for_log(lambda line: line["state"] == "timed_out")["name"] == "slash_command"


def test_interactions_without_an_app_fail_at_once(sandbox: Sandbox) -> None:
    """Where no app is connected, the person is told immediately."""
    with pytest.raises(SandboxError, match="dispatch_failed"):
        sandbox.person("ada").command(ROOM, "/kantor help")


def test_commands_not_in_threads_and_not_of_others(sandbox: Sandbox) -> None:
    """A command in a thread, and one that no app has, are refused as by Slack."""
    ada = sandbox.person("ada")
    with pytest.raises(SandboxError, match="not supported in threads"):
        ada.command(ROOM, "/kantor help", thread_ts="1.0")
    with pytest.raises(SandboxError, match="/other is not a valid command"):
        ada.command(ROOM, "/other help")


def test_view_closed_is_told_where_asked_for(app: App, sandbox: Sandbox, connected: Connect) -> None:
    """Closing a modal with notify_on_close reaches the app, without what was filled in; nor do inputs without dispatch_action tell."""
    closed: list[dict[str, Any]] = []

    @app.command("/kantor")
    def opens(ack: Ack, command: dict[str, str], client: WebClient) -> None:
        ack()
        client.views_open(trigger_id=command["trigger_id"], view=modal(NAME, notify_on_close=True))

    @app.view_closed("form")
    def gone(ack: Ack, body: dict[str, Any]) -> None:
        closed.append(body)
        ack()

    with connected(app):
        ada = sandbox.person("ada")
        ada.command(ROOM, "/kantor new")
        view = ada.wait_for_view("Form")
        ada.click(view, "name_input", "typed")
        ada.close(view)
        body = awaited(lambda: closed[0] if closed else None, 5, lambda: "view_closed")

    assert (body["type"], body["is_cleared"]) == ("view_closed", False)
    assert body["view"]["state"]["values"] == {}
    assert all(line["name"] != "block_actions" for line in sandbox.log())


def test_options_of_an_external_select(app: App, sandbox: Sandbox, connected: Connect) -> None:
    """The app is asked for the options that fit what was typed."""
    select = field("who", {"type": "external_select", "action_id": "find", "min_query_length": 1})

    @app.command("/kantor")
    def opens(ack: Ack, command: dict[str, str], client: WebClient) -> None:
        ack()
        client.views_open(trigger_id=command["trigger_id"], view=modal(select))

    @app.options("find")
    def options(ack: Ack, payload: dict[str, Any]) -> None:
        ack(options=[{"text": plain(payload["value"] + "!"), "value": "v"}])

    with connected(app):
        ada = sandbox.person("ada")
        ada.command(ROOM, "/kantor new")
        found = ada.suggest(ada.wait_for_view("Form"), "find", "ab")

    assert [one["text"]["text"] for one in found] == ["ab!"]
