"""Listeners of the rules."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from handlers.commands import Sub
from handlers.letters import draw
from handlers.routes import on

if TYPE_CHECKING:
    from bot.usecases.people.rulebook import Rulebook
    from handlers.reception import Asked
    from handlers.views.drawn import Drawn


@dataclass(frozen=True)
class RuleListeners:
    """Tell the rules."""

    rulebook: Rulebook

    @on(Sub.RULES)
    def show(self, asked: Asked) -> Drawn:
        """What holds for whoever asks."""
        return draw(self.rulebook.rules(asked.user_id, asked.channel_id))
