"""Finds a Chromium or Chrome for the browser tests, and gets one where there is none: ``python -m tests.browser``."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
PLACES = (
    Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"),
    Path("/Applications/Chromium.app/Contents/MacOS/Chromium"),
)
LAUNCH_ARGS = [
    "--no-sandbox",  # root in a container has no user namespaces
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def find() -> str | None:
    """Path of a browser that is there: one on the PATH, one in its usual place, or Playwright's own; None otherwise."""
    on_path = next((found for name in NAMES if (found := shutil.which(name))), None)
    in_place = next((str(place) for place in PLACES if place.exists()), None)
    return on_path or in_place or _playwrights_own()


def _playwrights_own() -> str | None:
    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() else None


def _try(*command: str) -> bool:
    if shutil.which(command[0]) is None:
        return False
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    return subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, check=False).returncode == 0


def get() -> str | None:
    """Installs a browser: Debian's package as root, Playwright's build otherwise. None where neither works."""
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        _try("apt-get", "update", "-qq")
        _try("apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium", "fonts-noto-color-emoji")
    if find() is None:
        _try(sys.executable, "-m", "playwright", "install", "chromium")
    return find()


if __name__ == "__main__":
    if find() is None and get() is None:
        sys.exit(
            "The browser tests need Chromium or Chrome, and none could be installed here. "
            "Install one (on Debian: apt-get install chromium) and run this again."
        )
