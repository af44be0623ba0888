"""What judges and organizers press and fill in around the ratings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.usecases.judging.behalf import EnterRating
from bot.usecases.judging.ratingforms import RatingValues
from handlers import payloads
from handlers.ids import Block
from handlers.judging import rating_parsing as ratings

if TYPE_CHECKING:
    from handlers.payloads import Payload


def enter_rating(body: Payload) -> EnterRating:
    """The scores that an organizer writes down for a judge."""
    known = payloads.facts(body)
    state = payloads.State.of(body)
    found = ratings.values(body)
    values = RatingValues(found.scores, found.comment)
    return EnterRating(
        body["user"]["id"],
        known["judge"],
        known["submission_id"],
        values,
        state.text(Block.REASON),
        round=known.get("round", ""),
    )
