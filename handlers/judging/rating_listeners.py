"""Listeners of the rating form."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from handlers.ids import Action, Callback
from handlers.judging import rating_parsing as parsing
from handlers.judging import rating_views as views
from handlers.routes import on

if TYPE_CHECKING:
    from slack_bolt import Ack

    from bot.usecases.judging.ratings import Ratings
    from handlers.payloads import Pressed, Sent
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

    @on(Callback.RATE)
    def rate(self, ack: Ack, sent: Sent) -> None:
        """The submitted form: acknowledged after its commit, so that no acknowledged rating is ever lost.

        The window turns into the next form, by the acknowledgement itself; it closes for those who hear each piece just before.
        """
        saved = self.ratings.rate(parsing.rate(sent))
        if saved.one_by_one and saved.following is None:
            ack()
        else:
            ack(response_action="update", view=views.saved(saved))
