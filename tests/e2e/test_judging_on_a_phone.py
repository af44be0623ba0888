"""Judging on a phone: all that a rating takes is in sight of 360 x 640, and three taps and Save are enough."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from playwright.sync_api import expect

from bot.adapters.inspector import ProcessInspector
from tests.makers.pages import Window, chromium
from tests.makers.pieces import melody
from tests.makers.stage import Stage

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Locator

    from bot.sandbox.client import Person

WIDTH, HEIGHT = 360, 640
IN_A_ROW = 4
RATED_BEFORE = 4
CRITERIA = ("Originality", "Balance", "Emotional")


@dataclass
class Finger:
    """Taps, and counts them."""

    taps: int = 0

    def tap(self, target: Locator) -> None:
        """Once, where it is in sight already: a finger does not scroll."""
        box = target.bounding_box()
        assert box is not None
        assert (box["x"] >= 0, box["y"] >= 0) == (True, True), box
        assert (box["x"] + box["width"] <= WIDTH, box["y"] + box["height"] <= HEIGHT) == (True, True), box
        target.click()
        self.taps += 1


def rate_one(stage: Stage, judy: Person, number: int) -> None:
    """The piece of that number, as on any machine."""
    message = stage.invitation(judy, number)
    judy.click(message, "rate")
    form = judy.wait_for_view(lambda view: view["callback_id"] == "rate")
    judy.submit(form, {"originality": "4", "balance": "3", "emotional": "5"})
    judy.close(judy.wait_for_view(lambda view: "Saved" in json.dumps(view)))


def box(of: Locator) -> Any:
    """Where it stands; it is there."""
    found = of.bounding_box()
    assert found is not None
    return found


def test_four_pieces_in_a_row_take_three_taps_and_save_each(tmp_path: Path) -> None:
    """Nothing scrolls, "Saved" is in sight when the next form opens, and one form follows the other."""
    inspector = ProcessInspector(workers=1, sound_bank="")
    with Stage.raised(tmp_path, inspector) as stage, chromium() as browser:
        stage.contest()
        for number in range(RATED_BEFORE + IN_A_ROW):
            author = (stage.ada, stage.ben, stage.cleo)[number % 3]
            stage.submit(author, melody(number + 1), f"piece{number}.mid")
        stage.next_phase()
        judy = stage.judy
        for number in range(1, RATED_BEFORE + 1):
            rate_one(stage, judy, number)
        stage.invitation(judy, RATED_BEFORE + IN_A_ROW)
        window = Window.opened(browser, stage.server.base_url, judy.id, width=WIDTH, height=HEIGHT)
        window.go_to_app()
        window.main.get_by_role("button", name=re.compile("^Rate ")).last.click()
        finger = Finger()
        for place in range(IN_A_ROW):
            form = window.window(re.compile("^Rate "))
            if place:
                saved = form.get_by_text("Saved:")
                expect(saved).to_be_visible()
                assert 0 < box(saved)["y"] < HEIGHT
            for criterion in CRITERIA:
                group = form.get_by_role("radiogroup", name=criterion)
                finger.tap(group.get_by_role("radio", name=re.compile("^4 ")))
                assert box(group)["y"] + box(group)["height"] <= HEIGHT
            title = form.get_by_role("heading").first.inner_text()
            finger.tap(form.get_by_role("button", name=re.compile("^Save")))
            expect(window.page.get_by_role("heading", name=title, exact=True)).to_have_count(0)
        assert IN_A_ROW * (len(CRITERIA) + 1) == finger.taps
        expect(window.window("Thank you")).to_contain_text("That was the last one")
        assert [] == window.errors
    inspector.close()
