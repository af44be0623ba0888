"""Listeners of what changes a contest: ``/kantor contest edit`` and ``/kantor phase undo``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.rules.phases import Phase
from bot.usecases.contests.editable import Part
from handlers.commands import Sub
from handlers.contests import editing_views as views
from handlers.contests import parsing
from handlers.contests import views as contests
from handlers.ids import Action, Callback
from handlers.routes import on, submitted

if TYPE_CHECKING:
    from slack_bolt import Ack

    from bot.usecases.contests.editing import Editing
    from bot.usecases.contests.undoing import Undoing
    from handlers.payloads import Pressed, Sent
    from handlers.reception import Asked
    from handlers.views.blocks import View
    from handlers.windows import Windows


@dataclass(frozen=True)
class EditListeners:
    """A menu, a modal a part over it, and over that what it would bring."""

    editing: Editing

    @on(Sub.CONTEST_EDIT)
    def menu(self, asked: Asked) -> View:
        """What there is to change."""
        return views.menu(self.editing.menu(asked.user_id, asked.channel_id))

    @on(Action.EDIT_PART)
    def form(self, pressed: Pressed, windows: Windows) -> None:
        """The button of one part of the menu."""
        part, contest_id = pressed.pair
        window = windows.open(views.TITLES[Part(part)])
        window.show(lambda: views.form(self.editing.form(pressed.user_id, contest_id, Part(part))))

    @on(Callback.EDIT_CONTEST)
    def preview(self, ack: Ack, sent: Sent) -> None:
        """A filled-in part."""
        ack(response_action="push", view=views.preview(self.editing.prepare(parsing.edit(sent))))

    @submitted(Callback.APPLY_EDIT)
    def apply(self, sent: Sent) -> View:
        """The confirmed preview."""
        edited = self.editing.apply(sent.user_id, sent.facts["edit_id"])
        return views.edited(edited)


@dataclass(frozen=True)
class UndoListeners:
    """A phase that began by mistake."""

    undoing: Undoing

    @on(Sub.PHASE_UNDO)
    def preview(self, asked: Asked) -> View:
        """What taking it back would bring."""
        return contests.undo_preview(self.undoing.preview(asked.user_id, asked.channel_id))

    @submitted(Callback.UNDO_PHASE)
    def undo(self, sent: Sent) -> View:
        """The confirmed preview."""
        undone = self.undoing.undo(sent.user_id, sent.contest_id, Phase(sent.facts["expected"]))
        return contests.undone(undone)
