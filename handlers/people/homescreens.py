"""Home tabs that somebody looks at: published when they are opened, and again when something has happened."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

import structlog
from slack_sdk.errors import SlackApiError

from bot.errors import KantorError
from handlers.people import home_views
from handlers.slack.errors import code, translated

if TYPE_CHECKING:
    from slack_sdk import WebClient

    from bot.ports import Clock
    from bot.usecases.people.home import People
    from bot.usecases.people.looks import Looks
    from handlers.views.blocks import View

_log = structlog.get_logger(__name__)

LOOKS = timedelta(minutes=10)
"""So long after somebody opened the Home tab, or used it, we take it that they see it. Slack does not say when they leave."""
MOST = 500
"""Screens that are remembered; Slack takes a hundred publications a minute."""
_ROUNDS = 3
"""So often a tab is shown again while something goes on happening: then the next happening shows it."""


@dataclass
class _Screen:
    """One person's Home tab."""

    used_at: timedelta
    chosen: str = ""
    hash: str = ""
    turn: threading.Lock = field(default_factory=threading.Lock)


@dataclass(frozen=True)
class HomeScreens:
    """Publishes Home tabs; safe to call from several threads.

    ``looks`` is where several bots on one database write down who looks; None: there is one bot, which knows by itself.
    """

    people: People
    client: WebClient
    clock: Clock
    looks: Looks | None = None
    _screens: OrderedDict[str, _Screen] = field(default_factory=OrderedDict, repr=False)
    _desk: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def open(self, user_id: str, chosen: str = "") -> None:
        """Somebody opened it, or chose another contest on it. May raise what Slack raises."""
        screen = self._screen(user_id)
        with screen.turn:
            screen.used_at = self.clock.elapsed()
            screen.chosen = self.looks.open(user_id, chosen) if self.looks else chosen or screen.chosen
            self._publish(user_id, screen)

    def refresh(self, user_id: str) -> None:
        """Something has happened to the person: show it to them, if they look. Never raises what Slack and the network do."""
        screen = self._seen(user_id)
        if screen is None:
            return
        try:
            with screen.turn, translated():
                self._publish(user_id, screen)
        except KantorError as error:
            _log.info("a Home tab was not refreshed", reason=str(error))

    def used(self, user_id: str) -> None:
        """Somebody did something, so their screen may be out of date, and is seen for a while longer."""
        screen = self._seen(user_id)
        if screen is not None:
            screen.used_at = self.clock.elapsed()
            if self.looks:
                self.looks.use(user_id, screen.chosen)
            self.refresh(user_id)

    def _seen(self, user_id: str) -> _Screen | None:
        """The screen of somebody who looks."""
        if self.looks is None:
            known = self._screens.get(user_id)
            return known if known is not None and self.clock.elapsed() - known.used_at <= LOOKS else None
        chosen = self.looks.chosen(user_id)
        if chosen is None:
            return None
        screen = self._screen(user_id)
        screen.chosen = chosen
        return screen

    def _screen(self, user_id: str) -> _Screen:
        with self._desk:
            screen = self._screens.pop(user_id, None) or _Screen(self.clock.elapsed())
            self._screens[user_id] = screen
            while len(self._screens) > MOST:
                self._screens.popitem(last=False)
        return screen

    def _publish(self, user_id: str, screen: _Screen) -> None:
        """One at a time for each person, so that what is shown last is what was asked last."""
        known = screen.hash
        if (known or not self.looks) and self._put(user_id, screen, self._draw(user_id, screen), known):
            return
        # Another process of ours may have been faster: what it showed may be older than what we know, or newer than what we drew.
        for _ in range(_ROUNDS):
            view = self._draw(user_id, screen)
            self._put(user_id, screen, view)
            if not self.looks or self._draw(user_id, screen) == view:
                return

    def _draw(self, user_id: str, screen: _Screen) -> View:
        return home_views.home(self.people.home(user_id, screen.chosen))

    def _put(self, user_id: str, screen: _Screen, view: View, known: str = "") -> bool:
        """False where the tab is not as the hash ``known`` says any more; without one it is shown in any case."""
        try:
            answer = self.client.views_publish(user_id=user_id, view=view, hash=known or None)
        except SlackApiError as error:
            if known and code(error) == "hash_conflict":
                return False
            raise
        screen.hash = str((answer.get("view") or {}).get("hash") or "")
        return True
