"""axe on every surface of the sandbox's page, in light and dark, wide and narrow: nothing to report."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]  # it has no types
from playwright.sync_api import Page, expect
from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler

from handlers.slack.clients import hang_up
from tests.e2e.test_sandbox_page_in_chromium import (
    COMPOSERS,
    FORM,
    PATIENCE_MS,
    client_of,
    plain,
    text_block,
    workspace,
)
from tests.makers import newer_blocks as newer
from tests.makers.pages import ROOT

if TYPE_CHECKING:
    from playwright.sync_api import Browser
    from slack_bolt import Ack
    from slack_sdk import WebClient

    from bot.sandbox.server import SandboxServer

# Where there is room for one pane at a time, the list of channels and a thread stand without the main one and its heading.
PAGE_WIDE = {rule: {"enabled": False} for rule in ("landmark-one-main", "page-has-heading-one")}
RULES = {"label-content-name-mismatch": {"enabled": True}}
WIDE, NARROW = (1280, 800), (360, 640)
LOOKS = pytest.mark.parametrize(
    ("scheme", "size"),
    [
        pytest.param("light", WIDE, id="light-1280"),
        pytest.param("dark", NARROW, id="dark-360"),
        pytest.param("light", NARROW, id="light-360", marks=pytest.mark.slow),
        pytest.param("dark", WIDE, id="dark-1280", marks=pytest.mark.slow),
    ],
)


def faults(page: Page, where: str) -> list[str]:
    """What axe has to say of a page: the rule, and what it is about."""
    page.wait_for_timeout(250)  # what fades in has its true colours then
    narrow = (page.viewport_size or {"width": 0})["width"] == NARROW[0]
    rules = RULES | (PAGE_WIDE if narrow else {})
    found = Axe().run(page, options={"resultTypes": ["violations"], "rules": rules}).response["violations"]
    return [f"{where}: {one['id']}: {node['html'][:160]}" for one in found for node in one["nodes"]]


def looked_at(browser: Browser, size: tuple[int, int], scheme: Any) -> Page:
    """A window of that size, in the light or in the dark."""
    width, height = size
    page = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme).new_page()
    page.set_default_timeout(PATIENCE_MS)
    return page


def filled(sandbox: SandboxServer) -> tuple[WebClient, str]:
    """A workspace with something of everything; the client, and a message with a thread."""
    client = client_of(sandbox)
    button = {"type": "button", "text": plain("Rate"), "action_id": "rate"}
    people = {"type": "users_select", "action_id": "who", "placeholder": plain("Who")}
    actions = {"type": "actions", "elements": [button, people]}
    image = {"type": "image", "image_url": f"{sandbox.base_url}/static/icon.svg", "alt_text": "A board"}
    words = text_block(
        "*Hello* <@U0ADA> in <#C0COMPOSERS>, `code`, _soon_ :tada:\n> quoted\n•  one\n<https://a.example|a link>"
    )
    first = client.chat_postMessage(channel=COMPOSERS, text="All", blocks=[words, actions, image])["ts"]
    client.chat_postMessage(
        channel=COMPOSERS, text="Newer", blocks=[newer.CARD, newer.CONTAINER, newer.CONTEXT_ACTIONS]
    )
    client.chat_postMessage(channel=COMPOSERS, text="Board", blocks=[newer.DATA_TABLE, newer.BAR, newer.PIE])
    client.chat_postMessage(channel=COMPOSERS, text="A reply", thread_ts=first)
    client.views_publish(user_id="U0ADA", view={"type": "home", "blocks": [words, actions]})
    client.chat_postMessage(channel=client.conversations_open(users="U0ADA")["channel"]["id"], text="Hello :tada:")
    return client, str(first)


@LOOKS
def test_pages(size: tuple[int, int], scheme: str) -> None:
    """Channel, thread, Home, the app's messages, the list of channels, the wire, two people side by side."""
    with workspace() as (sandbox, browser):
        _, thread = filled(sandbox)
        page = looked_at(browser, size, scheme)
        found: list[str] = []
        for place in ("", f"#{COMPOSERS}", f"#{COMPOSERS}/{thread}", "#app", "#app/messages"):
            page.goto("about:blank")
            page.goto(f"{sandbox.base_url}/?as=U0ADA{place}")
            page.locator(".switcher, .pane-header").filter(visible=True).first.wait_for()
            found += faults(page, place or "channels")
        page.goto(f"{sandbox.base_url}/wire")
        page.get_by_role("listitem").first.click()
        found += faults(page, "wire")
        page.goto(f"{sandbox.base_url}/side?as=U0ADA&beside=U0BEN")
        page.frame_locator("iframe >> nth=1").get_by_role("main").wait_for()
        found += faults(page, "side")
    assert "\n".join(sorted(set(found))) == ""


@LOOKS
def test_what_lies_above_the_page(size: tuple[int, int], scheme: str) -> None:
    """A form, also refused and with its list of options open; a menu, a question, an enlarged picture, the shortcuts."""
    with workspace() as (sandbox, browser):
        client, _ = filled(sandbox)
        app = App(client=client)

        @app.command("/kantor")
        def command(ack: Ack, command: dict[str, Any], client: WebClient) -> None:
            ack()
            client.views_open(trigger_id=command["trigger_id"], view=FORM)

        handler = SocketModeHandler(app, sandbox.app_token)
        handler.connect()  # type: ignore[no-untyped-call]  # Bolt leaves it untyped
        page = looked_at(browser, size, scheme)
        page.goto(f"{sandbox.base_url}/?as=U0ADA#{COMPOSERS}")
        found: list[str] = []
        page.get_by_role("button", name="Switch person").filter(visible=True).first.click()
        expect(page.get_by_role("menu")).to_be_visible()
        found += faults(page, "menu")
        page.keyboard.press("Escape")
        page.get_by_role("button", name="Enlarge A board").click()
        expect(page.get_by_role("dialog")).to_be_visible()
        found += faults(page, "picture")
        page.keyboard.press("Escape")
        box = page.get_by_role("textbox", name="Message #composers")
        box.fill("/")
        expect(page.get_by_role("option").first).to_be_visible()
        found += faults(page, "commands")
        box.fill("/kantor new")
        box.press("Enter")
        form = page.get_by_role("dialog", name="New contest")
        expect(form).to_be_visible()
        found += faults(page, "form")
        form.get_by_role("button", name="Create").click()
        expect(form.get_by_role("alert").first).to_be_visible()
        found += faults(page, "refused form")
        form.get_by_label("Time zone").click()
        expect(page.get_by_role("option").first).to_be_visible()
        found += faults(page, "options")
        hang_up(handler)
    assert "\n".join(sorted(set(found))) == ""


@LOOKS
def test_the_pages_own_windows(size: tuple[int, int], scheme: str) -> None:
    """Questions, the form of a new channel, the channel browser, the menus of shortcuts, reactions and a message's editor."""
    with workspace(ROOT / "manifest.json") as (sandbox, browser):
        filled(sandbox)
        page = looked_at(browser, size, scheme)
        page.goto(f"{sandbox.base_url}/?as=U0ADA#{COMPOSERS}")
        box = page.get_by_role("textbox", name="Message #composers")
        box.fill("Mine")
        box.press("Enter")
        mine = page.get_by_role("article").filter(has_text="Mine").last
        found: list[str] = []
        for button, above in (
            ("Delete message", page.get_by_role("dialog", name="Delete message")),
            ("Add reaction", page.get_by_role("menu")),
            ("More actions", page.get_by_role("menu", name="More actions")),
            ("Edit message", page.get_by_role("textbox", name="Edit message")),
        ):
            mine.hover()
            mine.get_by_role("button", name=button).click()
            expect(above).to_be_visible()
            found += faults(page, button)
            page.keyboard.press("Escape")
            expect(above).to_be_hidden()
        page.get_by_role("button", name="Shortcuts").click()
        expect(page.get_by_role("menu", name="Shortcuts")).to_be_visible()
        found += faults(page, "shortcuts")
        page.keyboard.press("Escape")
        if size == NARROW:
            page.get_by_role("link", name="Back to channels").click()
        for entry in ("Create a channel", "Browse channels"):
            page.get_by_role("button", name="Add a channel").click()
            page.get_by_role("menuitem", name=entry).click()
            expect(page.get_by_role("dialog", name=entry)).to_be_visible()
            found += faults(page, entry)
            page.keyboard.press("Escape")
    assert "\n".join(sorted(set(found))) == ""
