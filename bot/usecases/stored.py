"""Messages as the outbox keeps them: plain JSON values, told apart by their kind."""

from __future__ import annotations

from typing import Any

from bot.usecases import messages
from bot.usecases.accounts import letters as accounts
from bot.usecases.awards import letters as awards
from bot.usecases.boards import letters as boards
from bot.usecases.contests import letters as contests
from bot.usecases.judging import letters as judging
from bot.usecases.messages import Message
from bot.usecases.people import letters as people
from bot.usecases.records import letters as records
from bot.usecases.submissions import letters as submissions
from bot.usecases.verdicts import letters as verdicts

_TOPICS = (accounts, awards, boards, contests, judging, messages, people, records, submissions, verdicts)

KINDS: dict[str, type[Message]] = {
    found.kind: found
    for topic in _TOPICS
    for found in vars(topic).values()
    if isinstance(found, type) and issubclass(found, Message) and found is not Message
}
"""All messages that there are."""


def load(stored: Any) -> Message:
    """The message that ``dump`` stored. Raises KeyError for an unknown kind, pydantic.ValidationError for other fields."""
    return KINDS[stored["kind"]].model_validate(stored)
