"""What the sandbox's page keeps as it is: words that people typed, the focus of a redrawn block, a half-written message."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from playwright.sync_api import expect
from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler

from handlers.slack.clients import hang_up
from tests.e2e.test_sandbox_page_in_chromium import COMPOSERS, client_of, page_of, workspace

if TYPE_CHECKING:
    from slack_bolt import Ack
    from slack_sdk import WebClient


def typed(text: str) -> dict[str, Any]:
    """Somebody's words, which are to stay words."""
    return {"type": "plain_text", "text": text, "emoji": False}


def test_plain_words_are_no_emoji_unless_they_may_be() -> None:
    """A header and a button with ``emoji: false`` show ``:tada:`` as it was typed; without it Slack draws the emoji."""
    with workspace() as (sandbox, browser):
        blocks: list[dict[str, Any]] = [
            {"type": "header", "text": typed("Mine :tada:")},
            {"type": "header", "text": {"type": "plain_text", "text": "Ours :tada:"}},
            {"type": "actions", "elements": [{"type": "button", "text": typed("Rate :tada:"), "action_id": "rate"}]},
        ]
        client_of(sandbox).chat_postMessage(channel=COMPOSERS, text="x", blocks=blocks)
        message = page_of(browser, sandbox, "U0ADA").get_by_role("article").last
        expect(message.get_by_role("heading")).to_have_text(["Mine :tada:", "Ours 🎉"])
        expect(message.get_by_role("button", name="Rate :tada:")).to_be_visible()


def test_a_half_written_message_outlives_a_reload() -> None:
    """Each place keeps its own draft, for each person apart; what was sent is gone from it."""
    with workspace() as (sandbox, browser):
        page = page_of(browser, sandbox, "U0ADA")
        box = page.get_by_role("textbox", name="Message #composers")
        box.fill("Half a thought")
        page.reload()
        expect(box).to_have_value("Half a thought")
        page.goto(f"{sandbox.base_url}/?as=U0BEN")
        expect(box).to_have_value("")
        page.goto(f"{sandbox.base_url}/?as=U0ADA")
        box.press("Enter")
        expect(page.get_by_role("article").last).to_contain_text("Half a thought")
        page.reload()
        expect(box).to_have_value("")


def button(action: str, text: str) -> dict[str, Any]:
    """A button of that name."""
    return {"type": "button", "action_id": action, "value": "x", "text": typed(text)}


def row(*buttons: dict[str, Any]) -> dict[str, Any]:
    """A row of them."""
    return {"type": "actions", "elements": list(buttons)}


def test_a_redrawn_block_keeps_the_focus_on_its_action() -> None:
    """Home and messages are drawn anew once a button was pressed: the focus stays on it, also below a window that it opened."""
    with workspace() as (sandbox, browser):
        client, app = client_of(sandbox), App(client=client_of(sandbox))
        home: dict[str, Any] = {"type": "home", "blocks": [row(button("on", "Pause"), button("off", "Leave"))]}
        client.views_publish(user_id="U0ADA", view=home)
        sent = client.chat_postMessage(channel=COMPOSERS, text="x", blocks=home["blocks"])

        @app.action("off")
        def leave(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
            ack()
            again = [{"type": "divider"}, row(button("on", "Pause"), button("off", "Leave again"))]
            if body["container"]["type"] == "message":
                view = {"type": "modal", "title": typed("Sure?"), "blocks": [{"type": "divider"}]}
                client.views_open(trigger_id=body["trigger_id"], view=view)
                client.chat_update(channel=COMPOSERS, ts=str(sent["ts"]), text="y", blocks=again)
            else:
                client.views_publish(user_id="U0ADA", view={"type": "home", "blocks": again})

        handler = SocketModeHandler(app, sandbox.app_token)
        handler.connect()  # type: ignore[no-untyped-call]  # Bolt leaves it untyped
        page = page_of(browser, sandbox, "U0ADA", "#app")
        page.get_by_role("button", name="Leave", exact=True).press("Enter")
        expect(page.get_by_role("button", name="Leave again")).to_be_focused()
        page.goto(f"{sandbox.base_url}/?as=U0ADA#{COMPOSERS}")
        page.get_by_role("button", name="Leave", exact=True).press("Enter")
        page.get_by_role("dialog", name="Sure?").press("Escape")
        expect(page.get_by_role("button", name="Leave again")).to_be_focused()
        hang_up(handler)


GROW = """(log) => {
    log.querySelector("article:last-child .body").style.height = "600px";
    log.dispatchEvent(new Event("scroll"));
}"""
DISTANCE = "(log) => log.scrollHeight - log.scrollTop - log.clientHeight"


def test_the_newest_message_stays_in_sight_while_pictures_arrive() -> None:
    """What grows is no scrolling of the reader's; who has scrolled up stays there."""
    with workspace() as (sandbox, browser):
        client = client_of(sandbox)
        for number in range(30):
            client.chat_postMessage(channel=COMPOSERS, text=f"{number}\n\n\nlines")
        log = page_of(browser, sandbox, "U0ADA").get_by_role("log", name="#composers")
        expect(log.get_by_role("article")).to_have_count(30)
        log.evaluate(GROW)
        log.page.wait_for_timeout(200)
        assert log.evaluate(DISTANCE) < 5
        log.hover()
        log.page.mouse.wheel(0, -400)
        log.page.wait_for_timeout(300)
        client.chat_postMessage(channel=COMPOSERS, text="One more")
        expect(log.get_by_role("article")).to_have_count(31)
        assert log.evaluate(DISTANCE) > 200
