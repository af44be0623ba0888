"""What organizers fill in about a contest."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TYPE_CHECKING

from bot.usecases.contests.contests import NewContest
from bot.usecases.contests.editing import EditContest
from bot.usecases.contests.settings import Part
from bot.usecases.submissions.corrections import Correct
from bot.usecases.submissions.latefiles import Extend
from handlers import payloads
from handlers.contests.inputs import read
from handlers.ids import Block
from handlers.submissions.parsing import window_file

if TYPE_CHECKING:
    from handlers.payloads import Sent


def new_contest(sent: Sent) -> NewContest:
    """The modal of a new contest."""
    return NewContest(sent.user_id, read(sent.state))


def edit(sent: Sent) -> EditContest:
    """The filled-in modal of one part."""
    seen = dict(each.split("=", 1) for each in sent.facts["seen"].split())
    return EditContest(sent.user_id, sent.contest_id, Part(sent.facts["part"]), read(sent.state), seen)


def extend(sent: Sent) -> Extend:
    """The submitted window of more time."""
    return Extend(
        actor=sent.user_id,
        contest_id=sent.contest_id,
        user_id=sent.text(Block.PERSON),
        until=datetime.combine(
            date.fromisoformat(sent.text(Block.UNTIL_DATE)), time.fromisoformat(sent.text(Block.UNTIL_TIME))
        ),
        reason=sent.text(Block.REASON),
    )


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


def correct(sent: Sent) -> Correct:
    """The window in which an organizer replaces a file."""
    return Correct(sent.user_id, sent.facts["submission_id"], window_file(sent), sent.text(Block.REASON))
