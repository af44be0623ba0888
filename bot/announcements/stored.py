"""Messages as the outbox keeps them: plain JSON values, told apart by their kind."""

from __future__ import annotations

from typing import Any

from bot.announcements import (
    accounts,
    boards,
    calls,
    contests,
    feedback,
    intake,
    judging,
    onboarding,
    people,
    records,
    submissions,
    verdicts,
)
from bot.announcements.base import Message

_TOPICS = (
    accounts,
    boards,
    calls,
    contests,
    feedback,
    intake,
    judging,
    onboarding,
    people,
    records,
    submissions,
    verdicts,
)

KINDS: dict[str, type[Message]] = {
    found.model_fields["kind"].default: found
    for topic in _TOPICS
    for found in vars(topic).values()
    if isinstance(found, type) and issubclass(found, Message) and found is not Message
}
"""All messages that there are."""


def dump(message: Message) -> dict[str, Any]:
    """The message as plain JSON values."""
    return message.model_dump(mode="json")


def load(stored: Any) -> Message:
    """The message that ``dump`` stored. Raises KeyError for an unknown kind, pydantic.ValidationError for other fields."""
    return KINDS[stored["kind"]].model_validate(stored)
