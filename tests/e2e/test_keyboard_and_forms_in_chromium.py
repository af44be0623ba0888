"""The sandbox's page without a mouse, after a refusal, after a reload: focus, Escape, scroll, names."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

from playwright.sync_api import Locator, Page, expect
from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler

from handlers.slack.clients import hang_up
from tests.e2e.test_sandbox_page_in_chromium import COMPOSERS, client_of, field, page_of, plain, text_block, workspace

if TYPE_CHECKING:
    from collections.abc import Iterator

    from slack_bolt import Ack
    from slack_sdk import WebClient

LONG = [text_block(f"Line {number} of what to know\nand more\nand more") for number in range(12)]
NAME = field("name", "Name", {"type": "plain_text_input"})
SECOND = field("second", "Second", {"type": "plain_text_input"})


def view(title: str, blocks: list[dict[str, Any]], *, submit: bool = True) -> dict[str, Any]:
    """A modal of the app."""
    known = {"type": "modal", "callback_id": "form", "title": plain(title), "blocks": blocks}
    return known | ({"submit": plain("Save")} if submit else {})


@contextlib.contextmanager
def form_of_an_app() -> Iterator[tuple[Page, Locator]]:
    """Ada before a form that refuses "Taken", goes on to another form after "Next", and says thank you after anything else."""
    with workspace() as (sandbox, browser):
        app = App(client=client_of(sandbox))

        @app.command("/kantor")
        def command(ack: Ack, command: dict[str, Any], client: WebClient) -> None:
            ack()
            client.views_open(trigger_id=command["trigger_id"], view=view("First", [*LONG, NAME]))

        @app.view("form")
        def submitted(ack: Ack, view: dict[str, Any]) -> None:
            name = view["state"]["values"].get("name", {}).get("v", {}).get("value")
            if name == "Taken":
                ack(response_action="errors", errors={"name": "That name is taken."})
            else:
                ack(response_action="update", view=after(name))

        handler = SocketModeHandler(app, sandbox.app_token)
        handler.connect()  # type: ignore[no-untyped-call]  # Bolt leaves it untyped
        page = page_of(browser, sandbox, "U0ADA")
        box = page.get_by_role("textbox", name="Message #composers")
        box.fill("/kantor new")
        box.press("Enter")
        yield page, page.get_by_role("dialog")
        hang_up(handler)


def after(name: str | None) -> dict[str, Any]:
    """What follows a form."""
    return view("Another", [*LONG, SECOND]) if name == "Next" else view("Done", [text_block("Thank you")], submit=False)


def test_focus_and_escape_after_a_refusal_and_after_thank_you() -> None:
    """A refused submit leads to the field that was refused; after "Thank you" the way out has the focus; Escape leaves."""
    with form_of_an_app() as (page, form):
        name = form.get_by_label("Name", exact=True)
        name.fill("Taken")
        form.get_by_role("button", name="Save").click()
        expect(form.get_by_role("alert")).to_have_text("That name is taken.")
        expect(name).to_be_focused()
        name.fill("Free")
        expect(name).not_to_have_attribute("aria-errormessage", "")
        assert name.get_attribute("aria-errormessage") is None
        form.get_by_role("button", name="Save").click()
        expect(form).to_contain_text("Thank you")
        expect(form.get_by_role("button", name="Close")).to_be_focused()
        page.keyboard.press("Escape")
        expect(form).to_be_hidden()
        expect(page.get_by_role("textbox", name="Message #composers")).to_be_focused()


def test_another_form_in_the_same_window_shows_its_top() -> None:
    """However far the one before was scrolled; its first field has the focus."""
    with form_of_an_app() as (_, form):
        form.get_by_label("Name", exact=True).fill("Next")
        form.get_by_role("button", name="Save").click()
        expect(form.get_by_role("heading", name="Another")).to_be_visible()
        expect(form.get_by_label("Second")).to_be_focused()
        assert form.locator(".modal-body").evaluate("body => body.scrollTop") == 0


def test_a_reload_keeps_what_was_filled_in() -> None:
    """The form is open at Slack still, and so is what somebody typed."""
    with form_of_an_app() as (page, form):
        form.get_by_label("Name", exact=True).fill("Spring")
        page.reload()
        expect(form.get_by_label("Name", exact=True)).to_have_value("Spring")


def test_the_newest_message_is_two_keys_away() -> None:
    """However many messages stand before: the page's first stop leads to the newest, and Tab to its button."""
    with workspace() as (sandbox, browser):
        button = {"type": "button", "text": plain("Rate"), "action_id": "rate"}
        for number in range(20):
            blocks = [text_block(f"Piece {number}"), {"type": "actions", "elements": [button]}]
            client_of(sandbox).chat_postMessage(channel=COMPOSERS, text="Piece", blocks=blocks)
        page = page_of(browser, sandbox, "U0ADA", f"#{COMPOSERS}")
        jump = page.get_by_role("button", name="Jump to the newest message")
        jump.focus()
        jump.press("Enter")
        page.keyboard.press("Tab")
        expect(page.get_by_role("article").last.get_by_role("button", name="Rate")).to_be_focused()


def test_nothing_points_at_what_is_not_there() -> None:
    """Every `aria-controls` names something, on each tab of the app and before and after a list of options is open."""
    with workspace() as (sandbox, browser):
        channel = client_of(sandbox).conversations_open(users="U0ADA")["channel"]["id"]
        people = {"type": "users_select", "action_id": "who", "placeholder": plain("Who")}
        client_of(sandbox).chat_postMessage(
            channel=channel, text="Who?", blocks=[{"type": "actions", "elements": [people]}]
        )
        page = page_of(browser, sandbox, "U0ADA", "#app/messages")
        box = page.get_by_role("combobox", name="Who")
        expect(box).to_be_visible()
        assert nowhere(page) == []
        box.click()
        expect(page.get_by_role("option", name="Ben")).to_be_visible()
        assert nowhere(page) == []
        box.press("Escape")
        page.get_by_role("tab", name="Home").click()
        expect(page.get_by_role("tabpanel", name="Home")).to_be_visible()
        assert nowhere(page) == []


def nowhere(page: Page) -> list[str]:
    """What `aria-controls` names and the page does not have."""
    named: list[str] = page.evaluate(
        "() => [...document.querySelectorAll('[aria-controls]')].map((node) => node.getAttribute('aria-controls'))"
        ".filter((id) => !document.getElementById(id))"
    )
    return named


def test_a_quotation_mark_in_the_name_of_a_file_stays() -> None:
    """In the message and in the download."""
    with workspace() as (sandbox, browser):
        page = page_of(browser, sandbox, "U0ADA")
        main = page.get_by_role("main")
        main.get_by_label("Attach files").set_input_files(
            {"name": 'my "walk".mid', "mimeType": "audio/midi", "buffer": b"MThd"}
        )
        main.get_by_role("button", name="Send").click()
        expect(main.get_by_role("link", name='my "walk".mid')).to_be_visible()


def test_pictures_on_a_dark_page_have_a_rim_of_its_colour() -> None:
    """A board's white paper is dimmed there, and not in the light."""
    with workspace() as (sandbox, browser):
        page = page_of(browser, sandbox, "U0ADA")
        image = {"type": "image", "image_url": f"{sandbox.base_url}/static/icon.svg", "alt_text": "A board"}
        client_of(sandbox).chat_postMessage(channel=COMPOSERS, text="Board", blocks=[image])
        picture = page.get_by_role("button", name="Enlarge A board").get_by_role("img")
        expect(picture).to_have_css("filter", "none")
        page.emulate_media(color_scheme="dark")
        expect(picture).to_have_css("filter", "brightness(0.85)")
