"""The table of commands: nothing in it is left without a listener, and each row is whole."""

from __future__ import annotations

from collections import Counter

import pytest
from slack_bolt import App

from handlers.commands import BUTTONS, PAGES, Sub
from handlers.ids import Action, Callback, Search, Shortcut, Turn
from handlers.reception import Asked, Reception
from handlers.routes import Routes, on
from handlers.slack.newer import NewerBlocks
from handlers.views.blocks import TITLE_TEXT


def routes() -> Routes:
    """Of an app that nobody listens to yet."""
    app = App(token="xoxb-none", signing_secret="none", token_verification_enabled=False)
    return Routes(app, Reception(NewerBlocks(), lambda asked: asked.words))


class _Two:
    @on(Sub.BOARD, Action.RATE)
    def one(self, asked: Asked) -> str:
        return asked.words

    @on(Action.RATE)
    def another(self) -> None:
        """The same button."""


def test_what_nobody_listens_to_is_named() -> None:
    """The bot does not start without a listener for each name that leaves it."""
    with pytest.raises(LookupError) as caught:
        routes().take()
    said = str(caught.value)
    everything = [name for kind in (Sub, Action, Turn, Callback, Shortcut, Search) for name in kind]
    shown = [*BUTTONS, *PAGES, Action.HOME_MENU]
    expected = {f"{type(name).__name__}.{name.name}" for name in everything if not any(name is each for each in shown)}
    assert expected == set(said.partition(": ")[2].split(", "))


def test_what_two_listen_to_is_named() -> None:
    """One of them would never be asked."""
    with pytest.raises(LookupError, match=r"Action\.RATE\b") as caught:
        routes().take(_Two())
    assert "Sub.BOARD" not in str(caught.value).replace("Sub.BOARD_", "")


def test_each_row_is_whole() -> None:
    """Whatever opens a window has its title, which Slack takes; no two commands are the same words."""
    opening = [sub for sub in Sub if sub.row.button or sub.row.label or not sub.row.speaks]
    assert [] == [sub for sub in opening if not 0 < len(sub.row.window) <= TITLE_TEXT]
    words = Counter(words for sub in Sub for words in (sub.row.typed, *sub.row.also))
    assert [] == [each for each, times in words.items() if times > 1]
    assert [] == [sub for sub in Sub if not sub.row.does or (sub.row.button and not sub.row.label)]
