"""Listeners of the starter kit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from handlers.commands import Sub
from handlers.ids import Action
from handlers.people import starter_views as views
from handlers.routes import on

if TYPE_CHECKING:
    from bot.usecases.people.starter import StarterKit
    from handlers.payloads import Pressed
    from handlers.reception import Asked
    from handlers.views.blocks import View
    from handlers.windows import Windows


@dataclass(frozen=True)
class StarterListeners:
    """Show how to come by a MIDI file, and send a melody to begin with."""

    kit: StarterKit

    @on(Sub.STARTER)
    def show(self, asked: Asked) -> View:  # noqa: ARG002 - the same for everybody
        """The kit."""
        return views.window((melody.key, melody.title) for melody in self.kit.offered())

    @on(Action.STARTER_MELODY)
    def send(self, pressed: Pressed, windows: Windows) -> None:
        """A melody was chosen: it goes to the person's direct messages."""
        melody = self.kit.send(pressed.user_id, pressed.value, pressed.wish)
        if pressed.in_modal:
            windows.here().show(lambda: views.sent(melody.title))
