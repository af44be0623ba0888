"""What all messages share, and the one about trouble, whatever it was about."""

from __future__ import annotations

from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict, model_validator


class Part(BaseModel):
    """A piece of a message."""

    model_config = ConfigDict(frozen=True)


class InContest(Part):
    """What is told is about a contest."""

    contest_name: str


class Whose(Part):
    """A composition as people read of it: ``name`` (#contest-user-composition) says which it is, and nobody reads that."""

    name: str
    title: str = ""
    author: str = ""
    """User id."""

    @model_validator(mode="before")
    @classmethod
    def _of_a_name(cls, told: Any) -> Any:
        # Letters that were written before had the names alone.
        return {"name": told} if isinstance(told, str) else told


VEILED = {"name": "", "title": "", "author": ""}
"""What becomes of ``Whose`` for whoever may not know which composition it is."""


class Message(Part):
    """A message that must arrive. Each kind says what it is with its class: one without these words cannot be written."""

    kind: ClassVar[str]
    """A word that no other kind of message has."""
    in_words: ClassVar[str] = "a message"
    """For people, as in "... could not be delivered"."""
    alarms: ClassVar[bool] = True
    """Whether the organizers learn of it where it never arrives."""

    def __init_subclass__(cls, *, kind: str, in_words: str, alarms: bool = True) -> None:
        """Write down what the class says of itself."""
        super().__init_subclass__()
        cls.kind, cls.in_words, cls.alarms = kind, in_words, alarms


def dump(message: Message) -> dict[str, Any]:
    """The message as plain JSON values."""
    return {"kind": message.kind, **message.model_dump(mode="json")}


class TroubleAlarm(Message, InContest, kind="trouble_alarm", in_words="an alarm", alarms=False):
    """Something could not be done after several tries: told to the organizers."""

    what: str
    piece: Whose | None = None
    """With which ``what`` goes on: it could not be checked, for example."""
    reference: str = ""
    """Of the log; empty where there is nothing to look up in it."""
