"""Listeners of the judges."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from handlers import payloads
from handlers.views import ratings as views

if TYPE_CHECKING:
    from slack_bolt import Ack
    from slack_sdk import WebClient

    from bot.usecases.ratings import Ratings
    from handlers.payloads import Payload


@dataclass(frozen=True)
class RatingListeners:
    """Show the form, take the rating."""

    ratings: Ratings

    def form(self, body: Payload, client: WebClient) -> None:
        """The Rate button. The form asks the database only, so it opens with its facts."""
        pressed = payloads.pressed(body)
        form = self.ratings.form(pressed.user_id, pressed.value)
        client.views_open(trigger_id=pressed.trigger_id, view=views.rating(form))

    def rate(self, ack: Ack, body: Payload) -> None:
        """The submitted form: acknowledged after its commit, so that no acknowledged rating is ever lost."""
        ack(response_action="update", view=views.saved(self.ratings.rate(payloads.rate(body))))
