"""Listeners of the search, and of what organizers do about what they find."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from handlers.commands import Sub
from handlers.contests import staff_parsing as parsing
from handlers.ids import Action, Block, Callback
from handlers.routes import on, submitted
from handlers.submissions import search_views as views
from handlers.views import guide
from handlers.views.drawn import Drawn

if TYPE_CHECKING:
    from bot.usecases.submissions.corrections import Corrections
    from bot.usecases.submissions.search import Search
    from handlers.payloads import Pressed, Sent
    from handlers.reception import Asked, Screen
    from handlers.views.blocks import View
    from handlers.windows import Windows


@dataclass(frozen=True)
class SearchListeners:
    """Find, and replace a wrong file."""

    search: Search
    corrections: Corrections

    @on(Sub.FIND)
    def find(self, asked: Asked) -> Screen:
        """What the words find; without words a window asks for some."""
        wanted = parsing.sought(asked.words)
        if not wanted.words and not wanted.people:
            return views.asking()
        seen = self.search.find(asked.user_id, wanted.words, wanted.people)
        return Drawn(views.found_text(seen, wanted.shown), tuple(views.found(seen, wanted.shown)))

    @submitted(Callback.FIND)
    def find_by_window(self, sent: Sent) -> View:
        """The words of that window."""
        words = sent.text(Block.WORDS)
        seen = self.search.find(sent.user_id, words, ())
        return guide.window(views.FIND_TITLE, views.found(seen, words))

    @on(Action.CORRECT_FILE)
    def correct(self, pressed: Pressed, windows: Windows) -> None:
        """The button of a composition."""
        window = windows.open(views.CORRECT_TITLE)
        window.show(lambda: views.correct(self.corrections.form(pressed.user_id, pressed.value)))

    @submitted(Callback.CORRECT_FILE)
    def corrected(self, sent: Sent) -> View:
        """The submitted window."""
        done = self.corrections.correct(parsing.correct(sent))
        return views.corrected(done)
