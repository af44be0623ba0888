"""Listeners of the rating form."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from handlers.ids import Action, Callback
from handlers.judging import rating_parsing as parsing
from handlers.judging import rating_views as views
from handlers.routes import on, submitted

if TYPE_CHECKING:
    from bot.usecases.judging.ratings import Ratings
    from handlers.payloads import Pressed, Sent
    from handlers.views.blocks import View
    from handlers.windows import Windows


@dataclass(frozen=True)
class RatingListeners:
    """Show the form, keep what is begun, take the rating."""

    ratings: Ratings

    @on(Action.RATE)
    def form(self, pressed: Pressed, windows: Windows) -> None:
        """The Rate button. The form asks the database only, so it opens with its facts."""
        submission_id, round_ = pressed.pair
        windows.put(views.rating(self.ratings.form(pressed.user_id, submission_id, round_)))

    def keep(self, pressed: Pressed, sent: Sent) -> None:
        """Something was chosen or typed in the form."""
        self.ratings.keep_draft(parsing.draft(sent, pressed.wish))

    @submitted(Callback.RATE)
    def rate(self, sent: Sent) -> View | None:
        """The submitted form turns into the next one; it closes for those who hear each piece just before."""
        saved = self.ratings.rate(parsing.rate(sent))
        return None if saved.one_by_one and saved.following is None else views.saved(saved)
