"""One Chromium for the browser tests of a file, started with the first of them."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING

from playwright.sync_api import sync_playwright

from tests.browser import LAUNCH_ARGS, find

if TYPE_CHECKING:
    from playwright.sync_api import Browser

_running: list[tuple[Browser, ExitStack]] = []


def shared_browser() -> Browser:
    """The browser; who has used it closes its windows."""
    if not _running:
        ending = ExitStack()
        playwright = ending.enter_context(sync_playwright())
        browser = playwright.chromium.launch(executable_path=find(), args=LAUNCH_ARGS)
        ending.callback(browser.close)
        _running.append((browser, ending))
    return _running[0][0]


def end_shared_browser() -> None:
    """Not later than with the file: while Playwright runs, no other test of this process can use asyncio in this thread."""
    while _running:
        _running.pop()[1].close()
