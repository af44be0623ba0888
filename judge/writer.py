"""Notes in, MIDI bytes out: for the pieces that Kantor brings along."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass

import mido

TICKS_PER_QUARTER = 480
_STEPS = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
_NOTE = re.compile(r"(?P<step>[A-GR])(?P<sharp>[#b]?)(?P<octave>\d?)(?::(?P<quarters>[\d.]+))?")


@dataclass(frozen=True)
class Score:
    """A short piece in plain text.

    Attributes:
        title: Its name.
        meter: Numerator and denominator.
        bpm: Quarter notes a minute.
        voices: One string a voice: notes as ``C#5:1.5`` (pitch, octave with C4 = 60, quarters; the length of the note before where it
            is left out; R is a rest), bar lines ``|`` for the reader's eye.
        program: General MIDI program, 0-127.
    """

    title: str
    meter: tuple[int, int]
    bpm: float
    voices: tuple[str, ...]
    program: int = 0


def parse_voice(text: str) -> list[tuple[int | None, float]]:
    """(MIDI pitch or None for a rest, quarters) for each note. Raises ValueError at what is no note."""
    notes: list[tuple[int | None, float]] = []
    quarters = 1.0
    for word in text.replace("|", " ").split():
        match = _NOTE.fullmatch(word)
        if match is None:
            raise ValueError(f"not a note: {word}")
        quarters = float(match["quarters"] or quarters)
        notes.append((_pitch(match), quarters))
    return notes


def _pitch(match: re.Match[str]) -> int | None:
    if match["step"] == "R":
        return None
    accidental = {"#": 1, "b": -1, "": 0}[match["sharp"]]
    return 12 * (int(match["octave"]) + 1) + _STEPS[match["step"]] + accidental


def write(score: Score) -> bytes:
    """A format 1 MIDI file: one track with the meter and tempo, one a voice."""
    file = mido.MidiFile(type=1, ticks_per_beat=TICKS_PER_QUARTER)
    head = mido.MidiTrack()
    head.append(mido.MetaMessage("track_name", name=score.title))
    head.append(mido.MetaMessage("time_signature", numerator=score.meter[0], denominator=score.meter[1]))
    head.append(mido.MetaMessage("set_tempo", tempo=mido.bpm2tempo(score.bpm)))
    file.tracks.append(head)
    for channel, voice in enumerate(score.voices):
        file.tracks.append(_track(voice, channel, score.program))
    stream = io.BytesIO()
    file.save(file=stream)
    return stream.getvalue()


def _track(voice: str, channel: int, program: int) -> mido.MidiTrack:
    track = mido.MidiTrack()
    track.append(mido.Message("program_change", channel=channel, program=program))
    rest = 0
    for pitch, quarters in parse_voice(voice):
        ticks = round(quarters * TICKS_PER_QUARTER)
        if pitch is None:
            rest += ticks
            continue
        track.append(mido.Message("note_on", channel=channel, note=pitch, velocity=84, time=rest))
        track.append(mido.Message("note_off", channel=channel, note=pitch, velocity=0, time=ticks))
        rest = 0
    return track
