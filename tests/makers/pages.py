"""The demo as a person starts it, and the windows in which demo people look at its page."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
from playwright.sync_api import Locator, Page, expect, sync_playwright

from tests.browser import LAUNCH_ARGS, find

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

PATIENCE_MS = 90_000
"""How long a click or a look waits; the machine may be busy with other tests."""
ROOT = Path(__file__).parents[2]
FORM = re.compile("^(Rate|Practice)")
"""The title of a rating form, which names its piece."""
CARRY = """(files) => {
    const carried = new DataTransfer();
    for (const {name, bytes} of files) carried.items.add(new File([Uint8Array.from(bytes)], name, {type: "audio/midi"}));
    return carried;
}"""
LOADED = """(sound) => new Promise((answer) => {
    const tell = () => answer(sound.duration);
    if (sound.readyState >= 1) tell();
    sound.addEventListener("loadedmetadata", tell);
    sound.addEventListener("error", () => answer(-1));
    sound.load();
})"""


class Demo:
    """``kantor demo`` in a process of its own, on a port of its own.

    Attributes:
        data: Folder that keeps the demo between two starts.
        base_url: Address of its page.
    """

    def __init__(self, data: Path, log: Path, port: int | None = None) -> None:
        self.data = data
        self._log = log
        self._port = port or free_port()
        self.base_url = f"http://127.0.0.1:{self._port}"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self, seconds: float = 90) -> None:
        """Start it, and wait until it says that it is open."""
        said_before = self.output()
        command = (sys.executable, "-m", "bot", "demo", "--port", str(self._port), "--data", str(self.data))
        with self._log.open("ab") as stream:
            self.process = subprocess.Popen(command, cwd=ROOT, env=os.environ, stdout=stream, stderr=stream)
        deadline = time.monotonic() + seconds
        while self.base_url not in self.output()[len(said_before) :]:
            assert self.process.poll() is None, self.output()
            assert time.monotonic() < deadline, self.output()
            time.sleep(0.05)

    def output(self) -> str:
        """All that it and its children have written."""
        return self._log.read_text(encoding="utf-8") if self._log.exists() else ""

    def interrupt(self, seconds: float = 30) -> tuple[int, list[psutil.Process]]:
        """Ctrl-C: its exit status, and the processes of it that are still there."""
        assert self.process is not None
        family = psutil.Process(self.process.pid).children(recursive=True)
        self.process.send_signal(signal.SIGINT)
        status = self.process.wait(seconds)
        _, alive = psutil.wait_procs(family, timeout=5)
        return status, alive

    def kill(self) -> None:
        """End what is left of it, whatever its state."""
        if self.process is None or self.process.poll() is not None:
            return
        for process in psutil.Process(self.process.pid).children(recursive=True):
            process.kill()
        self.process.kill()
        self.process.wait()


@contextmanager
def chromium() -> Iterator[Browser]:
    """The browser that is there; expectations wait as long as clicks do."""
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find(), args=LAUNCH_ARGS)
        try:
            yield browser
        finally:
            browser.close()


@dataclass(frozen=True)
class Window:
    """A browser window in which one person looks at the workspace.

    Attributes:
        page: The page.
        errors: What went wrong in the page's own code.
    """

    page: Page
    errors: list[str] = field(default_factory=list)

    @classmethod
    def opened(cls, browser: Browser, base_url: str, person: str, *, width: int = 1280, height: int = 800) -> Window:
        """A new window, with nothing in common with the others, for the person with that id."""
        page = browser.new_context(viewport={"width": width, "height": height}, locale="en-GB").new_page()
        page.set_default_timeout(PATIENCE_MS)
        window = cls(page)
        page.on("pageerror", lambda error: window.errors.append(str(error)))
        page.goto(f"{base_url}/?as={person}")
        page.get_by_role("button", name="Switch person").wait_for()
        return window

    @property
    def main(self) -> Locator:
        """The middle of the page."""
        return self.page.get_by_role("main")

    @property
    def thread(self) -> Locator:
        """The pane with a thread."""
        return self.page.get_by_role("complementary", name="Thread")

    def new_channel(self, name: str, people: str) -> None:
        """Create a channel, look at it, and invite people (``@kantor @ada``)."""
        self.page.get_by_role("button", name="Add a channel").click()
        self.page.get_by_role("menuitem", name="Create a channel").click()
        box = self.window("Create a channel").get_by_label("Name")
        box.fill(name)
        box.press("Enter")
        self.page.get_by_role("log", name=f"#{name}").wait_for()
        self.say(f"/invite {people}")
        members = len(people.split()) + 1
        expect(self.main.get_by_role("img", name=re.compile(f"^{members} members"))).to_be_visible()

    def go(self, channel: str) -> None:
        """Look at a channel."""
        self.no_window()
        self.page.get_by_role("navigation").get_by_role("link", name=re.compile(rf"^{channel}\b")).click()
        self.page.get_by_role("log", name=f"#{channel}").wait_for()

    def go_to_app(self, tab: str = "Messages") -> None:
        """Look at the app's Home or Messages."""
        self.no_window()
        self.page.get_by_role("navigation").get_by_role("link", name=re.compile(r"^Kantor\b")).click()
        self.page.get_by_role("tab", name=tab).click()

    def say(self, text: str) -> None:
        """Write into the message box, and send; below an open modal nobody can write, so the last one has to be gone."""
        self.no_window()
        box = self.main.get_by_role("textbox", name=re.compile("^Message "))
        box.fill(text)
        box.press("Enter")

    def upload(self, *files: Path) -> None:
        """Choose files by the button, and send them."""
        self.main.get_by_label("Attach files").set_input_files(files)
        self.main.get_by_role("button", name="Send").click()

    def drop(self, name: str, data: bytes) -> None:
        """Drag a file onto the channel, and send it."""
        carried = self.page.evaluate_handle(CARRY, [{"name": name, "bytes": list(data)}])
        self.main.dispatch_event("drop", {"dataTransfer": carried})
        self.main.get_by_role("button", name="Send").click()

    def message(self, text: str | re.Pattern[str]) -> Locator:
        """The newest message of the open place that says ``text``."""
        return self.main.get_by_role("article").filter(has_text=text).last

    def open_thread(self, filename: str) -> Locator:
        """The thread below the upload of that file, once it has an answer."""
        upload = self.main.get_by_role("article").filter(has=self.page.get_by_role("link", name=filename)).last
        upload.get_by_role("link", name=re.compile(r"\d repl")).click()
        return self.thread.get_by_role("log", name="Thread")

    def invitation(self, besides: str = "") -> Locator:
        """The oldest message with a piece that a judge has yet to rate, but for the piece of that name."""
        waiting = self.main.get_by_role("article").filter(has=self.page.get_by_role("button", name="Rate "))
        return (waiting.filter(has_not_text=besides) if besides else waiting).first

    def rate(self, originality: str, balance: str, emotional: str, comment: str = "") -> None:
        """Fill in the rating that is open, by the titles of the scale."""
        form = self.window(FORM)
        for criterion, score in (("Originality", originality), ("Balance", balance), ("Emotional", emotional)):
            form.get_by_role("radiogroup", name=criterion).get_by_role("radio", name=score).check()
        form.get_by_label("Comment").fill(comment)

    def alias(self) -> str:
        """Which piece the rating form is about."""
        lead = self.window(FORM).get_by_text("🎧").first.inner_text()
        return lead.replace("🎧", "").split("·")[0].strip()

    def skip_practice(self) -> None:
        """Begin without the practice piece."""
        self.main.get_by_role("button", name="Skip practice").last.click()
        expect(self.message("That is all there is to it")).to_be_visible()

    def save_rating(self) -> None:
        """Send the rating, and read the thanks."""
        self.press(FORM, "Save rating")
        self.press("Thank you", "OK")
        expect(self.window("Thank you")).to_be_hidden()

    def save_and_go_on(self) -> None:
        """Send the rating; the window turns into the form of the next piece, empty."""
        self.press(FORM, "Save, then the next")
        form = self.window(FORM)
        expect(form).to_contain_text("Saved")
        expect(form.get_by_role("radio", checked=True)).to_have_count(0)

    def move_on(self, button: str, preview: str) -> None:
        """Read what the next phase brings, and confirm it."""
        self.say("/kantor phase next")
        expect(self.window("Next phase")).to_contain_text(preview)
        self.press("Next phase", button)
        self.press("Done", "OK")
        expect(self.window("Done")).to_be_hidden()

    def finish(self, contest: str, preview: str) -> None:
        """Read what the end brings, press its button, and answer its question."""
        self.say("/kantor phase next")
        expect(self.window("Next phase")).to_contain_text(preview)
        self.press("Next phase", f"Finish {contest} for good ...")
        self.press(f"Finish {contest}?", "Finish the contest")
        self.press("Done", "OK")
        expect(self.window("Done")).to_be_hidden()

    def window(self, title: str | re.Pattern[str]) -> Locator:
        """The open modal of that title."""
        return self.page.get_by_role("dialog", name=title)

    def no_window(self) -> None:
        """Wait until no modal is open: closing one is a way to the server and back, and until then the page below is inert."""
        expect(self.page.get_by_role("dialog")).to_have_count(0)

    def press(self, title: str | re.Pattern[str], button: str) -> None:
        """Press a button of the modal of that title."""
        self.window(title).get_by_role("button", name=button, exact=True).click()


def assert_seen(where: Locator) -> None:
    """A picture there has arrived and has its size."""
    picture = where.get_by_role("button", name=re.compile("^Enlarge ")).get_by_role("img").last
    expect(picture).to_be_visible()
    picture.evaluate("(image) => image.decode()")
    assert picture.evaluate("(image) => image.naturalWidth") >= 600


def seconds_of_sound(where: Locator, name: str) -> float:
    """How long the newest sound of that name is, by the browser's own player; -1 where it cannot be played."""
    player = where.get_by_label(name, exact=True).last
    player.wait_for()
    return float(player.evaluate(LOADED))


@contextmanager
def demo(folder: Path) -> Iterator[Demo]:
    """The demo, with its data and its output in that folder."""
    process = Demo(folder / "demo", folder / "demo.log")
    process.start()
    try:
        yield process
    finally:
        process.kill()


@contextmanager
def windows(process: Demo, folder: Path, *people: str) -> Iterator[tuple[Window, ...]]:
    """A window for each person. Where the test fails, what they saw stays in the folder as pictures."""
    with chromium() as browser:
        opened = {who: Window.opened(browser, process.base_url, f"U0{who.upper()}") for who in people}
        try:
            yield tuple(opened.values())
        except BaseException:
            for who, window in opened.items():
                window.page.screenshot(path=folder / f"{who}.png")
            raise


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
