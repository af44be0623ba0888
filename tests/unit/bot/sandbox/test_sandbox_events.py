"""Events reach the app, are delivered again for six minutes, whether an app is there or not, and go wrong on demand."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

from slack_bolt import App
from slack_sdk.errors import SlackApiError

from bot.sandbox.client import Sandbox, awaited
from bot.sandbox.server import SandboxServer

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager
    from pathlib import Path

    from slack_sdk import WebClient

    Connect = Callable[[App], AbstractContextManager[None]]

ROOM = "C0COMPOSERS"


def listening(app: App) -> list[dict[str, Any]]:
    """Collect the bodies of all message events."""
    bodies: list[dict[str, Any]] = []

    @app.event("message")
    def heard(body: dict[str, Any]) -> None:
        bodies.append(body)

    return bodies


def deliveries(sandbox: Sandbox) -> list[tuple[int, str]]:
    lines = [line for line in sandbox.log() if line["kind"] == "delivery" and line["state"] != "not_connected"]
    return [(line["args"]["retry_attempt"], line["state"]) for line in lines]


def lose(sandbox: Sandbox, attempt: int) -> None:
    """Wait for an attempt, and let its three seconds pass."""
    sandbox.wait_for_log(lambda line: line["args"].get("retry_attempt") == attempt)
    sandbox.advance(3)
    sandbox.wait_for_log(lambda line: line["args"].get("retry_attempt") == attempt and line["state"] == "lost")


def acked(sandbox: Sandbox, count: int) -> None:
    awaited(
        lambda: sum(state == "acked" for _, state in deliveries(sandbox)) >= count or None,
        5,
        lambda: f"{count} acked deliveries; seen: {deliveries(sandbox)}",
    )


def test_message_event_has_slacks_shape(app: App, sandbox: Sandbox, connected: Connect) -> None:
    """A person's message arrives with channel, type of channel, ids and its blocks."""
    bodies = listening(app)
    with connected(app):
        message = sandbox.person("ada").say(ROOM, "Hello @Ben & <all>, see https://example.com/a.")
        body = awaited(lambda: bodies[0] if bodies else None, 5, lambda: "the event")

    event = body["event"]
    assert event["text"] == "Hello <@U0BEN> &amp; &lt;all&gt;, see <https://example.com/a>."
    assert (event["channel"], event["channel_type"], event["user"]) == (ROOM, "channel", "U0ADA")
    assert (event["ts"], event["event_ts"]) == (message["ts"], message["ts"])
    assert (body["type"], body["authorizations"][0]["user_id"]) == ("event_callback", "U0KANTOR")


def test_app_hears_only_where_its_bot_is(app: App, sandbox: Sandbox, connected: Connect) -> None:
    """A message in a channel without the bot, or between two people, is no event; its DM is one."""
    bodies = listening(app)
    with connected(app):
        ada = sandbox.person("ada")
        ada.say("C0LOUNGE", "unheard")
        ada.say(ada.open_dm("ben"), "unheard too")
        ada.say(ada.open_dm(), "heard")
        body = awaited(lambda: bodies[0] if bodies else None, 5, lambda: "the event")

    assert (body["event"]["text"], body["event"]["channel_type"]) == ("heard", "im")


def test_own_messages_are_echoed(app: App, sandbox: Sandbox, connected: Connect) -> None:
    """What the app posts comes back as an event, with its bot_id and without its metadata."""
    metadata = {"event_type": "key", "event_payload": {"n": 1}}
    with connected(app):
        app.client.chat_postMessage(channel=ROOM, text="mine", metadata=metadata)
        line = sandbox.wait_for_log(lambda one: one["kind"] == "delivery" and one["state"] == "acked")

    event = line["args"]["payload"]["event"]
    assert (event["text"], event["bot_id"], "metadata" in event) == ("mine", "B0KANTOR", False)
    assert sandbox.all_messages(ROOM)[-1]["metadata"] == metadata


def test_unacked_event_comes_again(app: App, sandbox: Sandbox, connected: Connect) -> None:
    """Without an ack an event comes at once, after a minute and after five, with the same id, and then no more."""

    @app.event("message")
    def silent() -> None:
        pass

    sandbox.fault(event="message", mode="lose", times=4)
    with connected(app):
        sandbox.person("ada").say(ROOM, "lost")
        for attempt, wait in enumerate((0, 60, 300)):
            lose(sandbox, attempt)
            if wait:
                sandbox.advance(wait - 1)
                assert len(deliveries(sandbox)) == attempt + 1
                sandbox.advance(1)
        lose(sandbox, 3)
        sandbox.advance(10_000)
        lines = [line for line in sandbox.log() if line["kind"] == "delivery"]

    assert [line["args"]["retry_attempt"] for line in lines] == [0, 1, 2, 3]
    assert len({line["args"]["payload"]["event_id"] for line in lines}) == 1


def test_retry_carries_its_number(app: App, sandbox: Sandbox, connected: Connect) -> None:
    """The delivery after a lost one says that it is the first retry, and why."""
    bodies = listening(app)
    sandbox.fault(event="message", mode="lose")
    with connected(app):
        sandbox.person("ada").say(ROOM, "lost once")
        sandbox.wait_for_log(lambda line: line["name"] == "message")
        sandbox.advance(3)
        awaited(lambda: bodies or None, 5, lambda: "the retry")
        acked(sandbox, 1)
        line = sandbox.log()[-1]

    assert (line["args"]["retry_attempt"], line["args"]["retry_reason"]) == (1, "timeout")


def test_doubled_event_arrives_twice(app: App, sandbox: Sandbox, connected: Connect) -> None:
    """A doubled delivery carries the same event id twice."""
    bodies = listening(app)
    sandbox.fault(event="message", mode="double", match="twice")
    with connected(app):
        sandbox.person("ada").say(ROOM, "once")
        sandbox.person("ada").say(ROOM, "twice")
        awaited(lambda: len(bodies) == 3 or None, 5, lambda: f"three deliveries, seen {len(bodies)}")

    assert sorted(body["event"]["text"] for body in bodies) == ["once", "twice", "twice"]
    assert len({body["event_id"] for body in bodies}) == 2


def missed(sandbox: Sandbox, events: int, attempt: int) -> None:
    """Wait until so many deliveries have found no app at that attempt."""
    awaited(
        lambda: sum(line["args"]["retry_attempt"] == attempt for line in unheard(sandbox)) == events or None,
        5,
        lambda: f"{events} deliveries in vain, attempt {attempt}; seen: {unheard(sandbox)}",
    )


def unheard(sandbox: Sandbox) -> list[dict[str, Any]]:
    return [line for line in sandbox.log() if line["kind"] == "delivery" and line["state"] == "not_connected"]


def test_an_absent_app_gets_the_retries(app: App, sandbox: Sandbox, connected: Connect) -> None:
    """What happens while no app is connected comes with the next retry after it connects."""
    bodies = listening(app)
    for number in range(3):
        sandbox.person("ada").say(ROOM, f"early {number}")
    missed(sandbox, 3, 1)
    with connected(app):
        sandbox.advance(59)
        assert [] == deliveries(sandbox)
        sandbox.advance(1)
        awaited(lambda: len(bodies) == 3 or None, 5, lambda: f"three events, seen {len(bodies)}")
        reasons = {line["args"]["retry_reason"] for line in sandbox.log() if line["state"] == "acked"}

    assert sorted(body["event"]["text"] for body in bodies) == ["early 0", "early 1", "early 2"]
    assert {"connection_failed"} == reasons


def test_an_app_that_stays_away_loses_events(app: App, sandbox: Sandbox, connected: Connect) -> None:
    """After six minutes without an app an event is lost for good; the message stays in the channel's history."""
    bodies = listening(app)
    lost = sandbox.person("ada").say(ROOM, "lost")
    for attempt, wait in ((1, 60), (2, 300)):
        missed(sandbox, 1, attempt)
        sandbox.advance(wait)
    missed(sandbox, 1, 3)
    with connected(app):
        sandbox.advance(10_000)
        sandbox.person("ada").say(ROOM, "heard")
        acked(sandbox, 1)
        history = app.client.conversations_history(channel=ROOM)["messages"]

    assert ["heard"] == [body["event"]["text"] for body in bodies]
    assert lost["ts"] in {message["ts"] for message in history}


def test_retries_go_on_after_a_restart_of_the_sandbox(tmp_path: Path) -> None:
    """What was not delivered yet is not forgotten, and no try is given back."""
    file = tmp_path / "workspace.db"
    with SandboxServer(file) as server, Sandbox(server.base_url) as sandbox:
        sandbox.person("ada").say(ROOM, "early")
        missed(sandbox, 1, 1)
    with SandboxServer(file) as server, Sandbox(server.base_url) as sandbox:
        sandbox.advance(60)
        missed(sandbox, 1, 2)
        sandbox.advance(300)
        missed(sandbox, 1, 3)
        assert {2, 3} == {line["args"]["retry_attempt"] for line in unheard(sandbox)}


def test_acks_and_deliveries_with_two_connections(web: WebClient, sandbox: Sandbox, connected: Connect) -> None:
    """Two connections share the events: each event reaches exactly one of them."""
    first, second = App(client=web), App(client=web)
    heard = [listening(first), listening(second)]
    with connected(first), connected(second):
        for number in range(20):
            sandbox.person("ada").say(ROOM, f"n{number}")
        acked(sandbox, 20)

    texts = sorted(body["event"]["text"] for bodies in heard for body in bodies)
    assert texts == sorted(f"n{number}" for number in range(20))
    assert all(heard)


def test_app_reconnects_after_a_cut(app: App, sandbox: Sandbox, connected: Connect) -> None:
    """A cut socket is opened again by Bolt, and what happened meanwhile arrives."""
    bodies = listening(app)
    with connected(app):
        sandbox.disconnect("cut")
        sandbox.person("ada").say(ROOM, "meanwhile")
        sandbox.wait_for_log(lambda line: line["args"].get("retry_attempt") == 1 or line["state"] == "acked")
        sandbox.wait_connected()
        sandbox.advance(60)
        awaited(lambda: bodies or None, 10, lambda: "the event after the reconnect")

    assert bodies[0]["event"]["text"] == "meanwhile"


def test_held_call_is_applied_when_released(web: WebClient, sandbox: Sandbox) -> None:
    """hold_before: nothing is posted until the release, and then the answer comes."""
    fault = sandbox.fault(method="chat.postMessage", mode="hold_before", match="held")
    answers: list[bool] = []
    thread = threading.Thread(
        target=lambda: answers.append(bool(web.chat_postMessage(channel=ROOM, text="held")["ok"]))
    )
    thread.start()
    sandbox.wait_for_log(lambda line: line["state"] == "held")
    before = sandbox.all_messages(ROOM)
    sandbox.release(fault)
    thread.join(5)

    assert (before, answers) == ([], [True])
    assert [one["text"] for one in sandbox.all_messages(ROOM)] == ["held"]


def test_held_calls_of_dead_callers(server: Any, sandbox: Sandbox) -> None:
    """A caller that dies while held: its call is dropped with hold_before, and stands with hold_after."""
    import httpx  # noqa: PLC0415 - only here: a client whose patience can be short

    sandbox.fault(method="chat.postMessage", mode="hold_before", match="first")
    sandbox.fault(method="chat.postMessage", mode="hold_after", match="second")
    headers = {"Authorization": f"Bearer {server.bot_token}"}
    for text in ("first", "second"):
        with httpx.Client(timeout=0.2, headers=headers) as client:
            try:
                client.post(f"{server.api_url}chat.postMessage", json={"channel": ROOM, "text": text})
            except httpx.ReadTimeout:
                continue
    states = [sandbox.wait_for_log(lambda line, s=state: line["state"] == s) for state in ("dropped", "unanswered")]  # type: ignore[misc]  # a lambda's default

    assert [line["args"]["text"] for line in states] == ["first", "second"]
    assert [one["text"] for one in sandbox.all_messages(ROOM)] == ["second"]


def test_unheard_ack_brings_the_event_again(app: App, sandbox: Sandbox, connected: Connect) -> None:
    """hold_after on a delivery: the app acts on the event, its ack is not heard, and the event comes again."""
    bodies = listening(app)
    sandbox.fault(event="message", mode="hold_after")
    with connected(app):
        sandbox.person("ada").say(ROOM, "twice")
        awaited(lambda: bodies or None, 5, lambda: "the first delivery")
        sandbox.advance(3)
        awaited(lambda: len(bodies) == 2 or None, 5, lambda: "the second delivery")

    assert bodies[0]["event_id"] == bodies[1]["event_id"]


def test_held_event_comes_when_released(app: App, sandbox: Sandbox, connected: Connect) -> None:
    """hold_before on a delivery: the app hears nothing before the release."""
    bodies = listening(app)
    fault = sandbox.fault(event="message", mode="hold_before", match="held")
    with connected(app):
        sandbox.person("ada").say(ROOM, "held")
        sandbox.person("ada").say(ROOM, "free")
        awaited(lambda: bodies or None, 5, lambda: "the free one")
        before = [body["event"]["text"] for body in bodies]
        sandbox.release(fault)
        awaited(lambda: len(bodies) == 2 or None, 5, lambda: "the held one")

    assert (before, bodies[1]["event"]["text"]) == (["free"], "held")


def test_held_call_is_dropped_by_a_reset(web: WebClient, sandbox: Sandbox) -> None:
    """What is held when the sandbox begins anew is never applied."""
    sandbox.fault(method="chat.postMessage", mode="hold_before")
    failures: list[str] = []

    def post() -> None:
        try:
            web.chat_postMessage(channel=ROOM, text="held")
        except SlackApiError as error:
            failures.append(str(error.response.status_code))

    thread = threading.Thread(target=post)
    thread.start()
    sandbox.wait_for_log(lambda line: line["state"] == "held")
    sandbox.reset()
    thread.join(5)

    assert (failures, sandbox.all_messages(ROOM)) == (["499"], [])
