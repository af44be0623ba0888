"""A contest with a preliminary round and a final in a real browser, up to the feedback that its authors read."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.makers.pages import FORM, Window, demo, windows
from tests.makers.pieces import melody

if TYPE_CHECKING:
    from pathlib import Path

CHANNEL = "finals"
FORGETTABLE, GROOVING, ROCKING, AWSOME = (
    "2 - Faint, but forgettable",
    "3 - Groovin'",
    "4 - Now we're rocking",
    "5 - AWSome!",
)
PIECES = {"ada": ("Autumn Rain", 11), "ben": ("Evening Walk", 12), "cleo": ("Morning Tide", 13)}


def opens_a_contest_of_two_rounds(olive: Window) -> None:
    """A draft with a final, then a change of it that is shown before it happens: two go on, and judges begin at once."""
    olive.new_channel(CHANNEL, "@kantor @ada @ben @cleo @judy")
    olive.say("/kantor contest new")
    form = olive.window("New contest")
    form.get_by_label("Name", exact=True).fill("Finals")
    form.get_by_label("Rounds of judging").click()
    olive.page.get_by_role("option", name="Two: a preliminary round and a final").click()
    olive.press("New contest", "Create draft")
    olive.press("Contest created", "Close")
    olive.say("/kantor contest edit")
    olive.window("Edit contest").get_by_role("button", name="Change: Judging").click()
    part = olive.window("Judging")
    part.get_by_label("Compositions in the final").fill("2")
    part.get_by_role("radio", name="The first composition").check()
    olive.press("Judging", "Show what it changes")
    expect(olive.window("What this changes")).to_contain_text("2")
    olive.press("What this changes", "Change it")
    olive.press("Done", "OK")
    olive.say("/kantor judges add @judy")
    expect(olive.message("is now a judge of Finals")).to_be_visible()
    olive.move_on("Open the contest", "until")


def hands_in(window: Window, title: str, seed: int) -> None:
    """An upload in the channel; its card comes below it."""
    window.go(CHANNEL)
    window.drop(f"{title}.mid", melody(seed=seed, bars=8))
    expect(window.open_thread(f"{title}.mid")).to_contain_text("8 bars")


def rates_next(judy: Window, score: str) -> str:
    """Judy opens the form of her next piece, unless it is open already, and saves it; the alias."""
    form = judy.window(FORM)
    if not form.is_visible():
        judy.go_to_app()
        judy.invitation().get_by_role("button", name="Rate ").click()
    alias = judy.alias()
    judy.rate(score, score, score, f"A comment on {alias}.")
    if form.get_by_role("button", name="Save, then the next").is_visible():
        judy.save_and_go_on()
    else:
        judy.save_rating()
    return alias


@pytest.mark.timeout(300)
def test_a_contest_of_two_rounds_up_to_the_feedback(tmp_path: Path) -> None:
    """The best two go on, the final turns their order round, and each author reads what the judge wrote."""
    people = ("olive", "ada", "ben", "cleo", "judy")
    with demo(tmp_path) as process, windows(process, tmp_path, *people) as (olive, ada, ben, cleo, judy):
        opens_a_contest_of_two_rounds(olive)
        for window, (title, seed) in zip((ada, ben, cleo), PIECES.values(), strict=True):
            hands_in(window, title, seed)
        olive.move_on("Begin the judging", "3 compositions for 1 judge")
        scores = (AWSOME, ROCKING, FORGETTABLE)
        best, second, _ = (rates_next(judy, score) for score in scores)
        olive.move_on("Begin the final", "2 compositions")
        expect(olive.message("The final of Finals begins! 2 compositions go on")).to_be_visible()
        # In the final she turns the order round, whichever of the two she hears first.
        judy.go_to_app()
        # Both are there before she presses: a message that comes in moves the page under the pointer.
        waiting = judy.main.get_by_role("article").filter(has=judy.page.get_by_role("button", name="Rate "))
        expect(waiting).to_have_count(2)
        judy.invitation().get_by_role("button", name="Rate ").click()
        turned = (GROOVING, AWSOME) if judy.alias() == best else (AWSOME, GROOVING)
        finalists = [rates_next(judy, score) for score in turned]
        assert {best, second} == set(finalists)
        olive.finish("Finals", "the final board")
        final = olive.message("Final leaderboard · Finals")
        rows = final.get_by_role("row")
        expect(rows.nth(1)).to_contain_text(re.compile(r"1\..*Final\d\.\d\d5\.004\.00"))
        expect(rows.nth(2)).to_contain_text(re.compile(r"2\..*Final\d\.\d\d3\.005\.00"))
        expect(rows.nth(3)).to_contain_text(re.compile(r"3\..*Preliminary"))
        expect(final).to_contain_text("The AI judge's own board")
        olive.say("/kantor feedback")
        olive.press(re.compile("[Ff]eedback"), "To the preview")
        olive.press(re.compile("[Ff]eedback"), "Send the feedback")
        olive.press("Done", "OK")
        for window, (title, _) in zip((ada, ben, cleo), PIECES.values(), strict=True):
            window.go_to_app()
            card = window.message(f"What the judges say of {title}")
            expect(card).to_contain_text("The preliminary round")
            expect(card).to_contain_text("A comment on ")
        assert [] == [error for window in (olive, ada, ben, cleo, judy) for error in window.errors]
