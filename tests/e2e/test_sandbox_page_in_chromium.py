"""The sandbox's page in a real browser, against the real sandbox: what people see, and what an app gets back."""

from __future__ import annotations

import contextlib
import queue
import re
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import Browser, Page, expect
from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient

from bot.sandbox.client import Sandbox
from bot.sandbox.server import SandboxServer
from handlers.slack.clients import hang_up
from tests.makers import newer_blocks as newer
from tests.makers.shared_browser import shared_browser

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from slack_bolt import Ack

MIDI = b"MThd\x00\x00\x00\x06\x00\x00\x00\x01\x01\xe0MTrk\x00\x00\x00\x04\x00\xff\x2f\x00"
PATIENCE_MS = 60_000
COMPOSERS = "C0COMPOSERS"


@contextlib.contextmanager
def workspace(manifest: Path | None = None) -> Iterator[tuple[SandboxServer, Browser]]:
    """A sandbox of its own, and a browser without windows."""
    browser = shared_browser()
    with SandboxServer(manifest=manifest) as sandbox:
        try:
            yield sandbox, browser
        finally:
            for window in browser.contexts:
                window.close()


def page_of(browser: Browser, sandbox: SandboxServer, person: str, place: str = "") -> Page:
    """A window of its own in which somebody looks at a place of the workspace."""
    page = browser.new_context().new_page()
    page.set_default_timeout(PATIENCE_MS)
    page.goto(f"{sandbox.base_url}/?as={person}{place}")
    page.get_by_role("button", name="Switch person").wait_for()
    return page


def client_of(sandbox: SandboxServer) -> WebClient:
    return WebClient(token=sandbox.bot_token, base_url=sandbox.api_url)


def text_block(text: str) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}


def plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text}


def options(*texts: str) -> list[dict[str, Any]]:
    return [{"text": plain(text), "value": text[0]} for text in texts]


def field(block_id: str, label: str, element: dict[str, Any], *, optional: bool = False) -> dict[str, Any]:
    element = element | {"action_id": "v"}
    return {"type": "input", "block_id": block_id, "label": plain(label), "element": element, "optional": optional}


FORM = {
    "type": "modal",
    "callback_id": "form",
    "title": plain("New contest"),
    "submit": plain("Create"),
    "blocks": [
        field("name", "Name", {"type": "plain_text_input"}),
        field("zone", "Time zone", {"type": "static_select", "options": options("Berlin", "Lisbon")}),
        field("score", "Score", {"type": "radio_buttons", "options": options("4 - Now we're rocking", "3 - Nice")}),
        field("extras", "Extras", {"type": "checkboxes", "options": options("Board", "Comment")}),
        field("judges", "Judges", {"type": "multi_users_select", "initial_users": ["U0JUDY"]}),
        field("deadline", "Deadline", {"type": "datetimepicker"}),
        field("limit", "Limit", {"type": "number_input", "is_decimal_allowed": False, "min_value": "1"}),
        field("rules", "Rules", {"type": "plain_text_input", "multiline": True}, optional=True),
    ],
}


def fill_in(page: Page) -> None:
    """Fill in the form by the names that people read."""
    form = page.get_by_role("dialog", name="New contest")
    form.get_by_label("Time zone").fill("lis")
    page.get_by_role("option", name="Lisbon").click()
    form.get_by_role("radiogroup", name="Score").get_by_role("radio", name="4 - Now we're rocking").check()
    form.get_by_role("checkbox", name="Board").check()
    form.get_by_label("Judges").click()
    page.get_by_role("option", name="Jack").click()
    form.get_by_label("Judges").press("Escape")
    form.get_by_label("Deadline date").fill("2026-12-01")
    form.get_by_label("Deadline time").fill("15:00")
    form.get_by_label("Limit").fill("3")


def test_people_talk_live_and_unread_messages_are_marked() -> None:
    """What one person writes appears for another at once, as text and never as markup, and is marked until it was seen."""
    with workspace() as (sandbox, browser):
        ada, ben = page_of(browser, sandbox, "U0ADA"), page_of(browser, sandbox, "U0BEN", "#C0LOUNGE")
        ada.get_by_role("textbox", name="Message #composers").fill("*Hello* @Ben <img src=x onerror=alert(1)>")
        ada.get_by_role("button", name="Send").click()
        link = ben.get_by_role("navigation").get_by_role("link", name="composers")
        expect(link).to_contain_text("1 unread")
        link.click()
        message = ben.get_by_role("log", name="#composers").get_by_role("article").last
        expect(message).to_contain_text("Hello @Ben <img src=x onerror=alert(1)>")
        expect(message.locator("strong").last).to_have_text("Hello")
        expect(link).not_to_contain_text("unread")
        ben.get_by_role("button", name="Switch person").click()
        ben.get_by_role("menuitem", name="Cleo").click()
        expect(ben.get_by_role("button", name="Switch person (you are Cleo)")).to_be_visible()
        assert "as=U0CLEO" in ben.url


def test_files_go_to_channels_and_threads_and_come_back() -> None:
    """A file goes out by the button and by drag and drop; a sound gets a player, a MIDI file a card to download."""
    with workspace() as (sandbox, browser):
        page = page_of(browser, sandbox, "U0ADA")
        main, thread = page.get_by_role("main"), page.get_by_role("complementary", name="Thread")
        main.get_by_label("Attach files").set_input_files(
            {"name": "walk.mid", "mimeType": "audio/midi", "buffer": MIDI}
        )
        main.get_by_role("button", name="Send").click()
        card = main.get_by_role("link", name="walk.mid")
        with page.expect_download() as download:
            card.click()
        assert download.value.path().read_bytes() == MIDI
        main.get_by_role("article").first.hover()
        main.get_by_role("link", name="Reply in thread").click()
        carried = page.evaluate_handle(
            "() => { const carried = new DataTransfer(); carried.items.add(new File(['ID3'], 'walk.mp3', {type: 'audio/mpeg'})); return carried; }"
        )
        thread.dispatch_event("drop", {"dataTransfer": carried})
        thread.get_by_role("textbox", name="Reply in thread").press("Enter")
        expect(thread.get_by_label("walk.mp3", exact=True)).to_have_attribute("controls", "")
        expect(main.get_by_role("link", name="1 reply")).to_be_visible()


def test_a_form_shows_errors_beside_its_fields_and_gives_slacks_state() -> None:
    """A modal opened by a command keeps what was filled in over errors, and its state reaches the app in Slack's shapes."""
    answers: queue.Queue[dict[str, Any]] = queue.Queue()
    with workspace() as (sandbox, browser):
        app = App(client=client_of(sandbox), signing_secret=sandbox.signing_secret)

        @app.command("/kantor")
        def command(ack: Ack, command: dict[str, Any], client: WebClient) -> None:
            if command["text"] == "help":
                ack(text="Ask me anything.")
                return
            ack()
            client.views_open(trigger_id=command["trigger_id"], view=FORM)

        @app.view("form")
        def submitted(ack: Ack, view: dict[str, Any]) -> None:
            answers.put(view["state"]["values"])
            if view["state"]["values"]["name"]["v"]["value"] == "Taken":
                ack(response_action="errors", errors={"name": "That name is taken."})
            else:
                ack()

        handler = SocketModeHandler(app, sandbox.app_token)
        handler.connect()  # type: ignore[no-untyped-call]  # Bolt leaves it untyped
        page = page_of(browser, sandbox, "U0ADA")
        box = page.get_by_role("textbox", name="Message #composers")
        box.fill("/ka")
        expect(page.get_by_role("option", name="/kantor")).to_be_visible()
        box.fill("/kantor help")
        box.press("Enter")
        expect(page.get_by_role("article").filter(has_text="Only visible to you")).to_contain_text("Ask me anything.")
        box.fill("/kantor new")
        box.press("Enter")
        form = page.get_by_role("dialog", name="New contest")
        form.get_by_role("button", name="Create").click()
        expect(form.get_by_role("alert").first).to_have_text("Please complete this required field.")
        fill_in(page)
        form.get_by_label("Name", exact=True).fill("Taken")
        form.get_by_role("button", name="Create").click()
        expect(form.get_by_role("alert")).to_have_text("That name is taken.")
        answers.get(timeout=5)
        form.get_by_label("Name", exact=True).fill("Spring")
        form.get_by_role("button", name="Create").click()
        expect(form).to_be_hidden()
        values = {block: next(iter(state.values())) for block, state in answers.get(timeout=5).items()}
        hang_up(handler)
    assert values["name"] == {"type": "plain_text_input", "value": "Spring"}
    assert values["zone"]["selected_option"]["value"] == "L"
    assert values["score"]["selected_option"]["value"] == "4"
    assert [one["value"] for one in values["extras"]["selected_options"]] == ["B"]
    assert values["judges"] == {"type": "multi_users_select", "selected_users": ["U0JUDY", "U0JACK"]}
    assert values["deadline"] == {"type": "datetimepicker", "selected_date_time": 1_796_133_600}  # 15:00 in Berlin
    assert values["limit"] == {"type": "number_input", "value": "3"}
    assert values["rules"] == {"type": "plain_text_input", "value": None}


def test_home_and_messages_of_an_app_that_is_away() -> None:
    """The Home tab shows what the app published, its messages are a tab away, and an app that is away is said to be."""
    with workspace() as (sandbox, browser):
        client = client_of(sandbox)
        button = {"type": "button", "text": plain("Get my account"), "action_id": "account"}
        blocks = [text_block("Good *afternoon*"), {"type": "actions", "elements": [button]}]
        client.views_publish(user_id="U0ADA", view={"type": "home", "blocks": blocks})
        channel = client.conversations_open(users="U0ADA")["channel"]["id"]
        client.chat_postMessage(channel=channel, text="Hello :tada:")
        page = page_of(browser, sandbox, "U0ADA", "#app")
        expect(page.get_by_role("tabpanel", name="Home")).to_contain_text("Good afternoon")
        page.get_by_role("button", name="Get my account").click()
        expect(page.get_by_role("alert")).to_contain_text("Try again?")
        expect(page.get_by_text("Kantor is not connected right now.")).to_be_visible()
        page.get_by_role("tab", name="Messages").click()
        expect(page.get_by_role("log", name="Kantor").get_by_role("article")).to_contain_text("Hello 🎉")


def test_two_people_side_by_side_and_a_channel_to_join() -> None:
    """Side by side each window is somebody else; who finds a channel and joins it is announced there to the other."""
    with workspace() as (sandbox, browser):
        with Sandbox(sandbox.base_url) as slack:
            slack.create_channel("finale", ["ada"], by="ada")
        page = browser.new_context(viewport={"width": 1600, "height": 800}).new_page()
        page.set_default_timeout(PATIENCE_MS)
        page.goto(f"{sandbox.base_url}/side?as=U0ADA&beside=U0BEN")
        ada, ben = (page.frame_locator(f"iframe >> nth={index}") for index in (0, 1))
        ada.get_by_role("link", name="finale").click()
        ben.get_by_role("button", name="Add a channel").press("Enter")
        ben.get_by_role("menuitem", name="Browse channels").press("Enter")
        ben.get_by_role("searchbox", name="Search channels").fill("fin")
        ben.get_by_role("button", name="Join #finale").click()
        expect(ada.get_by_role("log", name="#finale").get_by_role("article").last).to_contain_text("joined #finale.")
        ben.get_by_role("textbox", name="Message #finale").fill("Here I am")
        ben.get_by_role("textbox", name="Message #finale").press("Enter")
        expect(ada.get_by_role("article").filter(has_text="Here I am")).to_be_visible()
        ben.get_by_role("button", name="Switch person").click()
        ben.get_by_role("menuitem", name="Judy").click()
        expect(page.get_by_text("Ada and Judy")).to_be_visible()
        assert page.url.endswith("/side?as=U0ADA&beside=U0JUDY")


def test_options_and_files_of_a_form_and_the_wire() -> None:
    """An app's own options and the files of a form reach it, and the wire shows each delivery with its ack and each call with its answer."""
    answers: queue.Queue[dict[str, Any]] = queue.Queue()
    piece = field("piece", "Piece", {"type": "external_select", "min_query_length": 1})
    midi = field("midi", "MIDI", {"type": "file_input", "filetypes": ["mid"], "max_files": 1})
    with workspace() as (sandbox, browser):
        app = App(client=client_of(sandbox), signing_secret=sandbox.signing_secret)

        @app.command("/kantor")
        def command(ack: Ack, command: dict[str, Any], client: WebClient) -> None:
            ack()
            client.views_open(trigger_id=command["trigger_id"], view=FORM | {"blocks": [piece, midi]})

        @app.options("v")
        def suggested(ack: Ack, payload: dict[str, Any]) -> None:
            ack(options=options("Ode to Joy") if payload["value"].startswith("od") else [])

        @app.view("form")
        def submitted(ack: Ack, view: dict[str, Any]) -> None:
            answers.put(view["state"]["values"])
            ack()

        handler = SocketModeHandler(app, sandbox.app_token)
        handler.connect()  # type: ignore[no-untyped-call]  # Bolt leaves it untyped
        page = page_of(browser, sandbox, "U0ADA")
        box = page.get_by_role("textbox", name="Message #composers")
        box.fill("/kantor new")
        box.press("Enter")
        form = page.get_by_role("dialog", name="New contest")
        form.get_by_label("Piece").fill("od")
        page.get_by_role("option", name="Ode to Joy").click()
        form.get_by_label("MIDI").set_input_files({"name": "a.txt", "mimeType": "text/plain", "buffer": b"a"})
        expect(form.get_by_role("alert")).to_have_text("Only these files fit here: mid.")
        form.get_by_label("MIDI").set_input_files({"name": "walk.mid", "mimeType": "audio/midi", "buffer": MIDI})
        expect(form.get_by_role("button", name="Remove walk.mid")).to_be_visible()
        form.get_by_role("button", name="Create").click()
        expect(form).to_be_hidden()
        expect(box).to_be_focused()
        values = answers.get(timeout=5)
        client_of(sandbox).api_call("chat.postMessage", json={"channel": COMPOSERS, "text": "Thanks"})
        page.goto(f"{sandbox.base_url}/wire")
        lines = page.get_by_role("listitem")
        expect(lines.filter(has_text="view_submission")).to_have_text(re.compile(r"Ada · New contestacked\d.* ms$"))
        page.get_by_role("radio", name="Calls").check()
        page.get_by_label("Show lines with").fill("thanks")
        expect(lines).to_have_text(re.compile(r"chat\.postMessage#composers · Thanksok\d.* ms$"))
        lines.click()
        expect(lines.get_by_role("region", name="Answer")).to_contain_text('"ok": true')
        hang_up(handler)
    assert values["piece"]["v"]["selected_option"]["value"] == "O"
    assert [one["name"] for one in values["midi"]["v"]["files"]] == ["walk.mid"]


def test_the_page_turns_and_sorts_data_tables_and_draws_charts() -> None:
    """The reader chooses the order by a heading and turns the pages; a chart says its numbers to screen readers, too."""
    with workspace() as (sandbox, browser):
        client = client_of(sandbox)
        client.chat_postMessage(channel=COMPOSERS, text="Board", blocks=[newer.DATA_TABLE, newer.BAR, newer.PIE])
        page = page_of(browser, sandbox, "U0ADA", f"#{COMPOSERS}")
        table = page.get_by_role("table", name="Leaderboard of Winter Jam")
        names = table.get_by_role("rowheader")
        expect(names).to_have_text(["Piece 1", "Piece 2", "Piece 3"])
        page.get_by_role("button", name="Next rows").click()
        expect(names).to_have_text(["Piece 4", "Piece 5", "Piece 6"])
        expect(page.get_by_text("4 to 6 of 7")).to_be_visible()
        table.get_by_role("button", name="Score").click()
        expect(names).to_have_text(["Piece 7", "Piece 6", "Piece 5"])
        expect(table.get_by_role("columnheader", name="Score")).to_have_attribute("aria-sort", "ascending")
        table.get_by_role("button", name="Score").click()
        expect(names).to_have_text(["Piece 1", "Piece 2", "Piece 3"])
        expect(page.get_by_role("table", name="Ratings a day")).to_contain_text("Judy")
        expect(page.get_by_role("figure", name="Who was heard")).to_contain_text("Ada · 49%")


def test_numbers_in_a_table_stand_below_each_other() -> None:
    """To the right, with their heading; so does a dash among them. Words stay on the left."""
    with workspace() as (sandbox, browser):
        head, first, second = newer.DATA_TABLE["rows"][:3]
        rows = [head, first, [*second[:2], newer.raw("-")]]
        client_of(sandbox).chat_postMessage(channel=COMPOSERS, text="Board", blocks=[newer.DATA_TABLE | {"rows": rows}])
        table = page_of(browser, sandbox, "U0ADA", f"#{COMPOSERS}").get_by_role(
            "table", name="Leaderboard of Winter Jam"
        )
        for number in (
            table.get_by_role("columnheader", name="Place"),
            table.get_by_role("columnheader", name="Score"),
            table.get_by_role("cell", name="4.9"),
            table.get_by_role("cell", name="-"),
        ):
            expect(number).to_have_css("text-align", "end")
        expect(table.get_by_role("rowheader", name="Piece 1")).to_have_css("text-align", "start")


@pytest.mark.parametrize(
    "names", ["Morning Tide in the Harbour, With Rain by Ada Lovelace", "#winter-jam-ada-" + "Tide" * 20]
)
def test_a_wide_board_shows_its_last_column(names: str) -> None:
    """A long name is broken into lines: nothing is cut at the table's edge."""
    with workspace() as (sandbox, browser):
        heads = ("Place", "Composition", "Round", "Score (1-5)", "First round", "Ratings")
        cells = ("🥇 1.", names, "Preliminary", "4.52", "4.33", "12")
        rows = [[newer.raw(text) for text in line] for line in (heads, cells)]
        client_of(sandbox).chat_postMessage(channel=COMPOSERS, text="Board", blocks=[newer.DATA_TABLE | {"rows": rows}])
        table = page_of(browser, sandbox, "U0ADA", f"#{COMPOSERS}").get_by_role(
            "table", name="Leaderboard of Winter Jam"
        )
        expect(table.get_by_role("columnheader", name="Ratings")).to_be_visible()
        assert table.evaluate("table => table.parentElement.scrollWidth <= table.parentElement.clientWidth")


def test_buttons_of_newer_blocks_are_told_to_the_app() -> None:
    """In a card, in a container and below an answer."""
    pressed: queue.Queue[str] = queue.Queue()
    with workspace() as (sandbox, browser):
        app = App(client=client_of(sandbox))

        @app.action(re.compile("go|open|feedback|bin"))
        def press(ack: Ack, action: dict[str, Any]) -> None:
            ack()
            pressed.put(f"{action['action_id']} {action['value']}")

        handler = SocketModeHandler(app, sandbox.app_token)
        handler.connect()  # type: ignore[no-untyped-call]  # Bolt leaves it untyped
        blocks = [newer.CARD, newer.CONTAINER, newer.CONTEXT_ACTIONS]
        app.client.chat_postMessage(channel=COMPOSERS, text="Newer", blocks=blocks)
        page = page_of(browser, sandbox, "U0ADA", f"#{COMPOSERS}")
        for name in ("Listen", "Open round one", "Bad answer", "Throw away"):
            page.get_by_role("button", name=name).click()
            expect(page.get_by_role("button", name=name)).not_to_have_attribute("aria-busy", "true")
        told = [pressed.get(timeout=8) for _ in range(4)]
        hang_up(handler)
    assert ["go Listen", "open Open round one", "feedback bad", "bin x"] == told


def test_people_react_and_edit_in_the_page() -> None:
    """A reaction from the menu, taken away by a click; an own message edited, and marked so."""
    with workspace() as (sandbox, browser), Sandbox(sandbox.base_url) as director:
        director.person("ada").say(COMPOSERS, "Hello *all* & <@U0BEN>")
        ada, ben = (page_of(browser, sandbox, who, f"#{COMPOSERS}") for who in ("U0ADA", "U0BEN"))
        said = ben.get_by_role("article").filter(has_text="Hello")
        said.hover()
        said.get_by_role("button", name="Add reaction").click()
        ben.get_by_role("menuitem", name=":tada:").click()
        pill = said.get_by_role("list", name="Reactions").get_by_role("button")
        expect(pill).to_have_attribute("aria-pressed", "true")
        expect(said.get_by_role("button", name="Edit message")).to_have_count(0)
        pill.click()
        expect(pill).to_have_count(0)
        own = ada.get_by_role("article").filter(has_text="Hello")
        own.hover()
        own.get_by_role("button", name="Edit message").click()
        box = ada.get_by_role("textbox", name="Edit message")
        expect(box).to_have_value("Hello *all* & @Ben")
        box.fill("Goodbye @ben")
        ada.get_by_role("button", name="Save").click()
        expect(ada.get_by_role("article").filter(has_text="Goodbye @Ben")).to_contain_text("(edited)")
