"""Why the judge sends a file back, in words for the person who made it.

MidiRefusal     the file cannot be judged (``code`` for programs, ``sentence`` for people, ``facts`` for logs)
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class RefusalCode(StrEnum):
    """One word for each reason; stored, exported and compared, so a word never changes its meaning."""

    NOT_MIDI = "not_midi"
    DAMAGED = "damaged"
    UNSUPPORTED = "unsupported"
    TOO_LARGE = "too_large"
    TOO_LONG = "too_long"
    TOO_MANY_TRACKS = "too_many_tracks"
    NO_NOTES = "no_notes"


class MidiRefusal(Exception):
    """The file is not judged.

    Attributes:
        code: one of `RefusalCode`.
        sentence: one or two warm sentences: why, and what to do next.
        facts: the numbers behind it (bars, bytes, tracks ...), plain values for logs and tests.
    """

    def __init__(self, code: RefusalCode, sentence: str, facts: Mapping[str, str | int | float] | None = None) -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence
        self.facts: dict[str, str | int | float] = dict(facts or {})

    def __reduce__(self) -> tuple[type["MidiRefusal"], tuple[RefusalCode, str, dict[str, str | int | float]]]:
        """It crosses from a child process to its parent whole."""
        return (type(self), (self.code, self.sentence, self.facts))


@dataclass(frozen=True)
class Limits:
    """What a file may be. All limits are inclusive.

    Attributes:
        max_bytes: size of the file.
        max_tracks: track chunks.
        max_messages: MIDI messages of all tracks together (8 bars of four dense voices have about 1,000).
        max_bars: bars by the meter map; a pickup is not a bar.
    """

    max_bytes: int = 256_000
    max_tracks: int = 64
    max_messages: int = 20_000
    max_bars: int = 8


STANDARD = Limits()


def damaged(what: str, **facts: str | float) -> MidiRefusal:
    """The bytes contradict the MIDI standard; ``what`` names the culprit, and goes on after "This MIDI file is damaged: ".

    The same program writes the same bytes again, so the way out is another one.
    """
    sentence = (
        f"This MIDI file is damaged: {what}. Exporting it again the same way would write the same: open it in another program, "
        "such as MuseScore, export it from there as MIDI, and upload that."
    )
    return MidiRefusal(RefusalCode.DAMAGED, sentence, {"what": what, **facts})


def broken_off(what: str, **facts: str | float) -> MidiRefusal:
    """The file ends too early, which is mostly the way here's fault; ``what`` as for `damaged`."""
    sentence = (
        f"This MIDI file is damaged: {what}, so a part of it seems to have been lost on its way. Upload it once more; if that does "
        "not help, save it anew in your program and upload the new copy."
    )
    return MidiRefusal(RefusalCode.DAMAGED, sentence, {"what": what, **facts})
