"""What all messages share."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Part(BaseModel):
    """A piece of a message."""

    model_config = ConfigDict(frozen=True)


class Message(Part):
    """A message that must arrive."""

    kind: str
    """A word that no other kind of message has."""
