"""Takes the pictures of README.md and docs/tutorial.md from the real demo: ``python -m tests.makers.screenshots docs/images``."""

from __future__ import annotations

import io
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image
from playwright.sync_api import expect

from tests.makers.pages import FORM, Demo, Window, assert_seen, chromium, seconds_of_sound

if TYPE_CHECKING:
    from playwright.sync_api import Browser

CHANNEL = "composers"
COLOURS = 256
NOISE, FAINT, GROOVING, ROCKING, AWSOME = (
    "1 - Noise",
    "2 - Faint, but forgettable",
    "3 - Groovin'",
    "4 - Now we're rocking",
    "5 - AWSome!",
)


@dataclass(frozen=True)
class Album:
    """Where the pictures go, and what they are taken of."""

    folder: Path
    browser: Browser
    demo: Demo

    def window(self, person: str, height: int = 800) -> Window:
        """A window of somebody."""
        return Window.opened(self.browser, self.demo.base_url, f"U0{person.upper()}", height=height)

    def take(self, window: Window, name: str) -> None:
        """Save what the window shows, as a small PNG, with the mouse out of the way."""
        window.page.mouse.move(1, 799)
        picture = Image.open(io.BytesIO(window.page.screenshot(animations="disabled", caret="hide")))
        small = picture.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
        small.save(self.folder / f"{name}.png", optimize=True)


def account(album: Album, ada: Window) -> None:
    """Ada asks for an account; the password appears once."""
    ada.go_to_app()
    ada.say("account")
    ada.message("You can have an account").get_by_role("button", name="Get my account").click()
    ada.window("Your account").get_by_role("checkbox", name="I accept these terms").check()
    album.take(ada, "account")
    ada.press("Your account", "Show my account")
    ada.press("Your account", "I have copied it")
    expect(ada.window("Your account")).to_be_hidden()


def contest(album: Album, ada: Window) -> None:
    """The channel with Ada's upload, and its thread."""
    ada.go(CHANNEL)
    piece = album.demo.data / "examples" / "Ode to Joy.mid"
    ada.upload(piece)
    thread = ada.open_thread(piece.name)
    assert_seen(thread)
    seconds_of_sound(thread, f"{piece.stem}.mp3")
    album.take(ada, "contest")


def verdict(album: Album, ada: Window) -> None:
    """What the AI judge writes to Ada."""
    ada.go_to_app()
    ada.message("The AI judge gives").wait_for()
    album.take(ada, "verdict")


def phase(album: Album, olive: Window) -> None:
    """What the next phase brings, before Olive confirms it."""
    olive.go(CHANNEL)
    olive.say("/kantor phase next")
    olive.window("Next phase").wait_for()
    album.take(olive, "phase")
    olive.press("Next phase", "Begin the judging")
    olive.press("Done", "OK")


def rate_all(judge: Window, scores: tuple[tuple[str, str, str], ...], first: int = 0) -> None:
    """The judge rates the pieces as they come, each after hearing it."""
    for number, (originality, balance, emotional) in enumerate(scores, first + 1):
        judge.invitation(f"{number} of 3").get_by_role("button", name="Rate ").click()
        judge.rate(originality, balance, emotional)
        if number < 3:
            judge.save_and_go_on()
            judge.press(FORM, "Listen first")
            judge.no_window()
        else:
            judge.save_rating()


def rating(album: Album, judy: Window) -> None:
    """Judy rates her first piece."""
    judy.go_to_app()
    judy.skip_practice()
    invitation = judy.invitation("1 of 3")
    invitation.wait_for()
    assert_seen(judy.page.get_by_role("log"))
    invitation.get_by_role("button", name="Rate ").click()
    judy.rate(ROCKING, GROOVING, AWSOME, "The ending made me smile.")
    judy.window(FORM).get_by_role("radiogroup", name="Originality").scroll_into_view_if_needed()
    album.take(judy, "rating")
    judy.save_and_go_on()
    judy.press(FORM, "Listen first")
    judy.no_window()
    rate_all(judy, ((GROOVING, ROCKING, FAINT), (ROCKING, ROCKING, ROCKING)), first=1)


def board(album: Album, olive: Window) -> None:
    """How it ended."""
    jack = album.window("jack")
    jack.go_to_app()
    jack.skip_practice()
    rate_all(jack, ((ROCKING, AWSOME, ROCKING), (GROOVING, GROOVING, ROCKING), (GROOVING, FAINT, GROOVING)))
    olive.finish("Demo Jam", "the final board")
    olive.message("Final leaderboard").wait_for()
    album.take(olive, "board")


def take_all(folder: Path) -> None:
    """Play a contest, and take a picture at each station."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch, chromium() as browser:
        demo = Demo(Path(scratch) / "demo", Path(scratch) / "demo.log")
        try:
            demo.start()
            album = Album(folder, browser, demo)
            ada, olive, judy = album.window("ada"), album.window("olive"), album.window("judy", height=900)
            for station, window in ((account, ada), (contest, ada), (verdict, ada), (phase, olive), (rating, judy)):
                station(album, window)
            board(album, olive)
            demo.interrupt()
        finally:
            demo.kill()


if __name__ == "__main__":
    take_all(Path(sys.argv[1]))
