"""Listener of the verdicts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from handlers.ids import Action
from handlers.routes import on
from handlers.verdicts import views

if TYPE_CHECKING:
    from bot.usecases.verdicts.explanations import Explanations
    from handlers.payloads import Pressed
    from handlers.windows import Windows


@dataclass(frozen=True)
class VerdictListeners:
    """Tell why."""

    explanations: Explanations

    @on(Action.WHY_SCORE)
    def why(self, pressed: Pressed, windows: Windows) -> None:
        """The button "Why this score". The window opens first: the object store is asked after it."""
        window = windows.open(views.TITLE)
        window.show(lambda: views.why(self.explanations.why(pressed.user_id, pressed.value)))
