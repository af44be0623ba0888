"""A whole contest in a real browser, on the demo as a person starts it: from the account to the final board."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from bot.sandbox.shapes import APP_TOKEN, BOT_TOKEN
from tests.makers.pages import FORM, Demo, Window, assert_seen, demo, seconds_of_sound, windows
from tests.makers.pieces import melody

if TYPE_CHECKING:
    from pathlib import Path


CHANNEL = "winter"
EVERY_MINUTE = "* * * * *"
ALARM_MS = 90_000
"""A slot comes each minute; its board a moment later."""


def takes_an_account(ada: Window) -> str:
    """The word gets a button, the button the terms, the terms the password; asked again, not the password."""
    ada.go_to_app()
    ada.say("account")
    ask = ada.message("You can have an account").get_by_role("button", name="Get my account")
    ask.click()
    window = ada.window("Your account")
    window.get_by_role("checkbox", name="I accept these terms").check()
    ada.press("Your account", "Show my account")
    password = window.locator("pre").inner_text()
    expect(window).to_contain_text("lab-01")
    ada.press("Your account", "I have copied it")
    ask.click()
    expect(window).to_contain_text("already")
    expect(window).to_contain_text("lab-01")
    assert password not in window.inner_text()
    ada.press("Your account", "Close")
    expect(window).to_be_hidden()
    assert password not in ada.main.inner_text()
    return password


def opens_a_contest(olive: Window) -> None:
    """A channel, people in it, a contest with a board each minute, a judge, and the doors are open."""
    olive.new_channel(CHANNEL, "@kantor @ada @ben @judy")
    olive.say("/kantor contest new")
    form = olive.window("New contest")
    form.get_by_label("Name", exact=True).fill("Winter Jam")
    schedule = form.get_by_label("Or on a schedule of your own")
    schedule.fill("each minute")
    olive.press("New contest", "Create draft")
    expect(form.get_by_role("alert").filter(has_text="five parts")).to_be_visible()
    schedule.fill(EVERY_MINUTE)
    olive.press("New contest", "Create draft")
    olive.press("Contest created", "Close")
    olive.say("/kantor judges add @judy")
    expect(olive.message("is now a judge of Winter Jam")).to_be_visible()
    olive.move_on("Open the contest", "until")
    expect(olive.message("Winter Jam is open!")).to_be_visible()


def hands_in(ada: Window, piece: Path) -> None:
    """An upload by the button: a receipt, a card with picture and sound, and a verdict for Ada's eyes."""
    ada.go(CHANNEL)
    ada.upload(piece)
    thread = ada.open_thread(piece.name)
    expect(thread).to_contain_text("Ode to Joy", ignore_case=True)
    card = thread.get_by_role("article").filter(has_text="8 bars")
    expect(card).to_contain_text("C major")
    assert_seen(card)
    assert seconds_of_sound(card, f"{piece.stem}.mp3") > 10
    assert "of 100" not in ada.main.inner_text()
    ada.go_to_app()
    verdict = ada.message(f"The AI judge gives {piece.stem} a score of")
    expect(verdict).to_contain_text(re.compile(r"\d\d?\.\d out of 100"))


def is_refused_and_tries_again(ben: Window) -> None:
    """Nine bars by drag and drop: he reads why. Eight are a composition."""
    ben.go(CHANNEL)
    ben.drop("too-long.mid", melody(seed=1, bars=9))
    expect(ben.open_thread("too-long.mid")).to_contain_text("9 bars")
    ben.drop("Evening Walk.mid", melody(seed=2, bars=8))
    expect(ben.open_thread("Evening Walk.mid")).to_contain_text(re.compile(r"Evening Walk by @Ben\s*8 bars\s+·"))


def practises(judy: Window) -> None:
    """The practice pieces come first: she hears them and tries the form, before there is anything to rate."""
    judy.go_to_app()
    button = judy.message("Two practice pieces for Winter Jam").get_by_role("button", name="Try the form")
    assert seconds_of_sound(judy.page.get_by_role("log"), "practice-maman.mp3") > 10
    button.click()
    judy.rate("5 - AWSome!", "4 - Now we're rocking", "3 - Groovin'", "Counts nowhere.")
    judy.press("Practice", "Save, then the next")
    judy.rate("3 - Groovin'", "2 - Faint, but forgettable", "4 - Now we're rocking", "Counts nowhere.")
    judy.press("Practice", "Done")
    judy.press("Practice, compared", "OK")
    expect(judy.message("is done. The form is the same for all pieces.")).to_be_visible()


def rates_next(judy: Window, before: str, score: str, *, last: bool) -> str:
    """Judy gets a piece without a name, looks, listens, rates it, and leaves the form that follows; its alias. Not the one before."""
    judy.go_to_app()
    button = judy.invitation(before).get_by_role("button", name="Rate ")
    alias = button.inner_text().removeprefix("Rate ")
    log = judy.page.get_by_role("log")
    assert seconds_of_sound(log, f"{alias.replace(' ', '-')}.mp3") > 1
    assert_seen(log)
    button.click()
    judy.rate(score, score, score, "A fine ending.")
    if last:
        judy.save_rating()
    else:
        judy.save_and_go_on()
        judy.press(FORM, "Listen first")
    return alias


def is_blind(judy: Window) -> None:
    """Neither authors nor titles are in what the judge reads."""
    read = judy.main.inner_html().lower()
    assert "winter jam" in read
    assert [] == [word for word in ("u0ada", "u0ben", "ada<", "ben<", "ode-to-joy", "evening walk") if word in read]


def watches_the_boards(olive: Window) -> None:
    """The channel's board comes by the clock, one a minute at most; it names what was rated, and not the AI's scores."""
    board = olive.main.get_by_role("article").filter(has_text="Leaderboard · Winter Jam")
    rated = board.get_by_role("row", name=re.compile(r"[\w ]+ by \w+ 4\.00 4\.00 1$"))
    expect(rated.last).to_be_visible(timeout=ALARM_MS)
    minutes = board.get_by_role("time").evaluate_all("(times) => times.map((time) => time.dateTime.slice(0, 16))")
    assert len(set(minutes)) == len(minutes)
    assert "of 100" not in olive.main.inner_text()


def sees_how_it_ended(window: Window) -> None:
    """The people's board, and the AI judge's own beside it."""
    final = window.message("Final leaderboard · Winter Jam")
    for place, score in ((1, "4.00"), (2, "3.00")):
        row = re.compile(rf"{place}\. [\w ]+ by \w+ {re.escape(score)} {re.escape(score)} 1$")
        expect(final.get_by_role("row", name=row)).to_be_visible()
    expect(final).to_contain_text("The AI judge's own board")
    expect(final).to_contain_text(re.compile(r"Ode to Joy by Ada +· +\d+\.\d of 100", re.IGNORECASE))


def plays_the_contest(process: Demo, olive: Window, ada: Window, ben: Window, judy: Window) -> str:
    """From the account to the final board; the password that Ada was shown."""
    password = takes_an_account(ada)
    opens_a_contest(olive)
    practises(judy)
    hands_in(ada, process.data / "examples" / "Ode to Joy.mid")
    is_refused_and_tries_again(ben)
    olive.say("/kantor status")
    expect(olive.message("Only visible to you")).to_contain_text("2 accepted · 0 waiting · 1 not accepted")
    olive.move_on("Begin the judging", "2 compositions for 1 judge")
    first = rates_next(judy, "", "4 - Now we're rocking", last=False)
    watches_the_boards(olive)
    assert first != rates_next(judy, first, "3 - Groovin'", last=True)
    expect(judy.message("That was the last one")).to_be_visible()
    is_blind(judy)
    olive.finish("Winter Jam", "the final board")
    sees_how_it_ended(olive)
    return password


def stops_cleanly(process: Demo) -> None:
    """Ctrl-C: exit status 0, nobody left behind, no traceback, although people look at the page."""
    assert (0, []) == process.interrupt()
    assert "Traceback" not in process.output()


def goes_on(process: Demo, olive: Window, ada: Window) -> None:
    """A second start finds all as it was; Olive's page comes back by itself, Ada's by a reload."""
    expect(olive.page.get_by_text("Connection lost.")).to_be_visible()
    process.start()
    expect(olive.page.get_by_text("Connection lost.")).to_be_hidden()
    sees_how_it_ended(olive)
    ada.page.reload()
    ada.go_to_app("Home")
    home = ada.page.get_by_role("tabpanel", name="Home")
    expect(home).to_contain_text("Ode to Joy")
    ada.go(CHANNEL)
    sees_how_it_ended(ada)


def written(process: Demo) -> bytes:
    """All that the demo printed, and all that the bot and the workspace keep, messages too."""
    files = [path.read_bytes() for path in process.data.rglob("*") if path.is_file()]
    return b"".join([process.output().encode(), *files])


@pytest.mark.timeout(300)  # a board by the real clock takes up to a minute
def test_a_whole_contest_from_the_account_to_the_final_board(tmp_path: Path) -> None:
    """People play a contest on the page; it stops cleanly, goes on where it was, and no secret is written anywhere."""
    people = ("olive", "ada", "ben", "judy")
    with demo(tmp_path) as process, windows(process, tmp_path, *people) as (olive, ada, ben, judy):
        password = plays_the_contest(process, olive, ada, ben, judy)
        stops_cleanly(process)
        goes_on(process, olive, ada)
        stops_cleanly(process)
        kept = written(process)
        assert b"lab-01" in kept
        assert [] == [secret for secret in (password, BOT_TOKEN, APP_TOKEN) if secret.encode() in kept]
        assert [] == [error for window in (olive, ada, ben, judy) for error in window.errors]
