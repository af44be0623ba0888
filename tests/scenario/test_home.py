"""The Home tab, by role, while things happen."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from bot.sandbox.client import said
from handlers.commands import BUTTONS
from tests.makers.pieces import melody
from tests.makers.stage import CHANNEL, Stage

if TYPE_CHECKING:
    from bot.sandbox.client import Person


def home(who: Person, words: str) -> dict[str, Any]:
    """The Home tab, once it says that."""
    return who.wait_for_home(words)


def buttons(view: dict[str, Any]) -> list[str]:
    """What its buttons say."""
    found: list[str] = []

    def look(part: Any) -> None:
        if isinstance(part, dict):
            if part.get("type") == "button":
                found.append(part["text"]["text"])
            for value in part.values():
                look(value)
        elif isinstance(part, list):
            for value in part:
                look(value)

    look(view["blocks"])
    return found


def choices(view: dict[str, Any]) -> list[str]:
    """The ids of all its buttons that do what a command does."""
    rows = [block["elements"] for block in view["blocks"] if block["type"] == "actions"]
    ids = [each["action_id"] for row in rows for each in row]
    return [each for each in ids if each in BUTTONS or each.startswith("home_menu:")]


def test_it_changes_while_one_looks(stage: Stage) -> None:
    """Ada looks, uploads in her DM, and sees the composition appear, and then its verdict, without opening it again."""
    stage.contest()
    stage.ada.open_home()
    first = home(stage.ada, "None yet. Up to 3.")
    assert [
        "Show me how it works",
        "Open the starter kit",
        "Hand in a composition",
        "See the leaderboard",
        "Read the rules",
    ] == buttons(first)
    stage.submit(stage.ada, melody(1), "Morning Tide.mid", channel=stage.ada.open_dm())
    view = home(stage.ada, "AI judge: ")
    assert "(1 of 3)" in said(view)
    assert "See my compositions" in buttons(view)


def test_an_organizer_has_all_in_one_place(stage: Stage) -> None:
    """Olive sees what there is and moves the contest on from there; the tab follows. A button opens what its command opens."""
    stage.contest()
    stage.submit(stage.ada, melody(1))
    stage.olive.open_home()
    view = home(stage.olive, "1 accepted, by 1 author")
    assert "2 judges" in said(view)
    for choice in choices(view):
        stage.olive.click(view, choice)
        window = stage.olive.wait_for_view(lambda window: "One moment" not in json.dumps(window))
        assert "went wrong" not in said(window), choice
        stage.close_all(stage.olive)
    stage.olive.click(view, "home_menu:find", f"find:{CHANNEL}")
    assert stage.fill_in(stage.olive, "find", {"words": "piece"})["ok"]
    stage.olive.wait_for_view("#spring-jam-ada-Piece")
    stage.close_all(stage.olive)
    stage.olive.click(view, "preview_phase")
    assert stage.fill_in(stage.olive, "advance_phase", {})["ok"]
    stage.close_all(stage.olive)
    assert "0 of 2 ratings" in said(home(stage.olive, "Still listening:"))


def test_of_many_contests_one_is_chosen(stage: Stage) -> None:
    """Four contests do not fit: the tab shows the newest, and the one that is chosen, also when it is opened again."""
    stage.contest()
    for number in range(3):
        channel = stage.slack.create_channel(f"jam-{number}", ["U0OLIVE", "U0KANTOR", "U0ADA"])
        assert stage.new_contest(name=f"Jam {number}", slug=f"jam-{number}", channel_id=channel)["ok"]
        stage.close_all(stage.olive)
    stage.olive.open_home()
    view = home(stage.olive, "*4 contests* concern you")
    assert ["Jam 2"] == _headers(view)
    with stage.database.store.read() as work:
        wanted = work.contests.by_slug("jam-0")
    assert wanted is not None
    stage.olive.click(view, "choose_contest", wanted.id)
    stage.olive.wait_for_home(lambda view: _headers(view) == ["Jam 0"])
    stage.olive.open_home()
    stage.olive.wait_for_home(lambda view: _headers(view) == ["Jam 0"])
    assert [] == [view for view in stage.olive.views() if "error" in json.dumps(view)]


def _headers(view: dict[str, Any]) -> list[str]:
    return [block["text"]["text"] for block in view["blocks"] if block["type"] == "header"][1:]
