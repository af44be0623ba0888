"""The starter kit: tunes that people get as MIDI files, to be changed and harmonized."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.errors import Refusal
from bot.ports import Enclosure
from bot.rules import storage
from bot.usecases.people.letters import StarterMelody, StarterReply
from judge.melodies import MELODIES
from judge.writer import write

if TYPE_CHECKING:
    from bot.ports import ObjectStore
    from bot.usecases.desk import Desk


@dataclass(frozen=True)
class OfferedMelody:
    """A tune to choose."""

    key: str
    title: str


OFFERED = tuple(OfferedMelody(melody.key, melody.title) for melody in MELODIES)


AT_ONCE = 3
"""Melodies that may wait to be sent to one person: Slack takes so many files a minute from us, for everybody together."""


@dataclass(frozen=True)
class StarterKit:
    """Send a melody."""

    desk: Desk
    objects: ObjectStore

    def offered(self) -> tuple[OfferedMelody, ...]:
        """The tunes that there are."""
        return OFFERED

    def send(self, user_id: str, key: str, wish: str) -> OfferedMelody:
        """Send the tune of that key to the person's direct messages, once a ``wish`` (the click's own id); what it was.

        Raises Refusal for an unknown key, Unavailable where the object store fails.
        """
        melody = next((each for each in MELODIES if each.key == key), None)
        if melody is None:
            raise Refusal("I do not have that melody any more. `/kantor starter` shows those that I have.")
        place = storage.starter(melody.key)
        self.objects.put(place, write(melody.score))
        letter = StarterMelody(title=melody.title, source=melody.source, idea=melody.idea)
        upload = Enclosure(
            place, f"{melody.key}.mid", melody.title, alt_text=f"The melody of {melody.title}, eight bars"
        )
        with self.desk.anyone(user_id) as work:
            if len(work.outbox.unsent(StarterMelody.kind, user_id)) >= AT_ONCE:
                raise Refusal(
                    "They are on their way to you: Slack takes a file only every few seconds. Please wait for them."
                )
            work.post(f"starter:{user_id}:{wish}", user_id, letter, uploads=[upload])
        return OfferedMelody(melody.key, melody.title)


def starter_reply() -> StarterReply:
    """The kit as an answer to plain words."""
    return StarterReply(melodies=tuple((melody.key, melody.title) for melody in OFFERED))
