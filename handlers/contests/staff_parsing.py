"""What organizers press and fill in about other people's compositions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TYPE_CHECKING

from bot.usecases.submissions.corrections import Correct
from bot.usecases.submissions.extensions import Extend
from handlers import payloads
from handlers.ids import Block
from handlers.payloads import State
from handlers.submissions.parsing import window_file

if TYPE_CHECKING:
    from handlers.payloads import Payload


@dataclass(frozen=True)
class Declined:
    """The window in which a late file is declined."""

    actor: str
    submission_id: str
    reason: str


def extend(body: Payload) -> Extend:
    """The submitted window of more time."""
    known, state = payloads.facts(body), State.of(body)
    return Extend(
        actor=body["user"]["id"],
        contest_id=known["contest_id"],
        user_id=state.text(Block.PERSON),
        until=datetime.combine(
            date.fromisoformat(state.text(Block.UNTIL_DATE)), time.fromisoformat(state.text(Block.UNTIL_TIME))
        ),
        reason=state.text(Block.REASON),
    )


def declined(body: Payload) -> Declined:
    """The submitted window."""
    about = payloads.facts(body)["submission_id"]
    return Declined(body["user"]["id"], about, State.of(body).text(Block.REASON))


@dataclass(frozen=True)
class Sought:
    """What ``/kantor find`` is to look for."""

    words: str
    people: tuple[str, ...]
    """User ids."""
    shown: str
    """As the person wrote it."""


def sought(typed: str) -> Sought:
    """The words behind ``find``; people who are mentioned are taken out of them."""
    people = payloads.mentioned(typed)
    words = payloads.without_mentions(typed)
    return Sought(words, people, words or "that person")


def correct(body: Payload) -> Correct:
    """The window in which an organizer replaces a file."""
    about = payloads.facts(body)["submission_id"]
    return Correct(body["user"]["id"], about, window_file(body), State.of(body).text(Block.REASON))
